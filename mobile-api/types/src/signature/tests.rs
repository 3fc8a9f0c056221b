use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::key::SIGNATURE_BYTES;
use super::{
    BundleReading, CONTENT_DIGEST, Nonce, Presented, PublicKey, SIGNATURE, SIGNATURE_INPUT, SignatureHeaders,
    SignatureProblem, SigningKey, Unsigned, content_digest, sign, sign_bundle, verify_bundle,
};

/// `test-key-ed25519` of RFC 9421 §B.1.4.
const RFC_SEED: &str = "n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=";
const RFC_PUBLIC: &str = "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs";
const CREATED: i64 = 1_795_766_400;
const DEVICE: &str = "k-0123456789abcdef";

fn key() -> SigningKey {
    let seed = STANDARD.decode(RFC_SEED).unwrap();
    SigningKey::from_seed(&seed.try_into().unwrap()).unwrap()
}

fn request(body: &[u8]) -> Unsigned<'_> {
    Unsigned { method: "POST", path: "/api/v1/kiosk/heartbeat", query: None, body }
}

fn signed(request: &Unsigned<'_>) -> SignatureHeaders {
    sign(request, DEVICE, CREATED, Nonce([7; 16]), &key()).unwrap()
}

fn read(headers: &SignatureHeaders) -> Result<Presented, SignatureProblem> {
    let values: HashMap<_, _> = headers.pairs().into_iter().collect();
    Presented::read(|name| values.get(name).copied())
}

#[test]
fn the_vector_of_rfc_9421_b_2_6() {
    let base = "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n\"@path\": /foo\n\
        \"@authority\": example.com\n\"content-type\": application/json\n\"content-length\": 18\n\
        \"@signature-params\": (\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \
        \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"";
    let wanted = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";
    assert_eq!(STANDARD.encode(key().sign(base.as_bytes())), wanted);
    let signature: [u8; SIGNATURE_BYTES] = STANDARD.decode(wanted).unwrap().try_into().unwrap();
    assert_eq!(PublicKey::parse(RFC_PUBLIC).unwrap().verify(base.as_bytes(), &signature), Ok(()));
    assert_eq!(key().public().to_string(), RFC_PUBLIC);
}

#[test]
fn the_digests_of_rfc_9421_and_of_nothing() {
    assert_eq!(content_digest(br#"{"hello": "world"}"#), "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
    assert_eq!(content_digest(b""), "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
}

#[test]
fn what_goes_over_the_wire() {
    let headers = signed(&request(b"{}"));
    assert_eq!(
        headers.signature_input,
        "sig=(\"@method\" \"@path\" \"@query\" \"content-digest\");created=1795766400;\
         nonce=\"BwcHBwcHBwcHBwcHBwcHBw\";keyid=\"k-0123456789abcdef\";alg=\"ed25519\";tag=\"dakenh-kiosk\""
    );
    assert!(headers.signature.starts_with("sig=:") && headers.signature.ends_with("==:"));
    assert_eq!(headers.content_digest, content_digest(b"{}"));
}

/// The same signed by OpenSSL 3 with the seed of thirty-two sevens, over a base
/// that was written by hand.
#[test]
fn another_implementation_signs_the_same() {
    let key = SigningKey::from_seed(&[7; 32]).unwrap();
    let headers = sign(&request(br#"{"version":"0.1.0"}"#), DEVICE, CREATED, Nonce([7; 16]), &key).unwrap();
    let wanted = "sig=:LvxH6kvISHbvvAr5YWvQHuYv5Novi59Vfsvh+SDKZeyGtWkmRz2SP2K2nWtqMjIIDJX+TA9WepapIAKRLSgKBw==:";
    assert_eq!(headers.signature, wanted);
}

#[test]
fn what_was_signed_holds_and_says_who_and_when() {
    let headers = signed(&request(b"{}"));
    let presented = read(&headers).unwrap();
    assert_eq!((presented.device(), presented.created(), presented.nonce()), (DEVICE, CREATED, Nonce([7; 16])));
    assert_eq!(presented.verify(&request(b"{}"), &key().public()), Ok(()));
    let other = SigningKey::from_seed(&[9; 32]).unwrap().public();
    assert_eq!(presented.verify(&request(b"{}"), &other), Err(SignatureProblem::Invalid));
}

#[test]
fn another_request_is_not_the_one_that_was_signed() {
    let presented = read(&signed(&Unsigned { query: Some("site=a"), ..request(b"{}") })).unwrap();
    let public = key().public();
    let signed = Unsigned { query: Some("site=a"), ..request(b"{}") };
    assert_eq!(presented.verify(&signed, &public), Ok(()));
    for other in [
        Unsigned { method: "PUT", ..signed },
        Unsigned { path: "/api/v1/kiosk/heartbeat/", ..signed },
        Unsigned { query: Some("site=b"), ..signed },
        Unsigned { query: None, ..signed },
    ] {
        assert_eq!(presented.verify(&other, &public), Err(SignatureProblem::Invalid), "{other:?}");
    }
    assert_eq!(presented.verify(&Unsigned { body: b"{ }", ..signed }, &public), Err(SignatureProblem::WrongDigest));
}

#[test]
fn an_empty_query_is_signed_as_none_is() {
    // RFC 9421 §2.2.7 gives both the one value `?`.
    let presented = read(&signed(&request(b""))).unwrap();
    assert_eq!(presented.verify(&Unsigned { query: Some(""), ..request(b"") }, &key().public()), Ok(()));
}

#[test]
fn the_window_is_two_minutes_to_either_side() {
    let presented = read(&signed(&request(b""))).unwrap();
    for (now, wanted) in [
        (CREATED - 121, Err(SignatureProblem::Stale)),
        (CREATED - 120, Ok(())),
        (CREATED + 120, Ok(())),
        (CREATED + 121, Err(SignatureProblem::Stale)),
        (i64::MIN, Err(SignatureProblem::Stale)),
        (i64::MAX, Err(SignatureProblem::Stale)),
    ] {
        assert_eq!(presented.is_timely(now), wanted, "{now}");
    }
}

#[test]
fn what_is_not_of_the_agreed_form_is_refused_by_name() {
    let good = signed(&request(b"{}"));
    let input = |change: fn(String) -> String| SignatureHeaders {
        signature_input: change(good.signature_input.clone()),
        ..good.clone()
    };
    let malformed = Err(SignatureProblem::Malformed(SIGNATURE_INPUT));
    for (headers, wanted) in [
        (input(|_| String::new()), malformed),
        (input(|_| "sig=1".into()), malformed),
        (input(|text| text.replace("sig=", "other=")), malformed),
        (input(|text| text.replace(";tag=\"dakenh-kiosk\"", "")), malformed),
        (input(|text| text.replace("dakenh-kiosk", "another")), malformed),
        (input(|text| text.replace("ed25519", "rsa-pss-sha512")), malformed),
        (input(|text| format!("{text};expires=1")), malformed),
        (input(|text| text.replace("created=17", "created=-17")), malformed),
        (input(|text| text.replace("created=1795766400", "created=\"now\"")), malformed),
        (input(|text| text.replace("nonce=\"Bw", "nonce=\"")), malformed),
        (input(|text| text.replace("k-0123456789abcdef", "short")), malformed),
        (input(|text| text.replace("k-0123456789abcdef", "k 0123456789 abcdef")), malformed),
        (input(|text| text + &" ".repeat(2) + &"x".repeat(1_024)), malformed),
        (input(|text| text.replace(" \"content-digest\"", "")), Err(SignatureProblem::NotCovered)),
        (input(|text| text.replace("\"@query\"", "\"@query\";req")), Err(SignatureProblem::NotCovered)),
        (
            input(|text| text.replace("\"@method\" \"@path\"", "\"@path\" \"@method\"")),
            Err(SignatureProblem::NotCovered),
        ),
        (
            SignatureHeaders { signature: "sig=:AAAA:".into(), ..good.clone() },
            Err(SignatureProblem::Malformed(SIGNATURE)),
        ),
        (SignatureHeaders { signature: "sig=()".into(), ..good.clone() }, Err(SignatureProblem::Malformed(SIGNATURE))),
    ] {
        assert_eq!(read(&headers).map(|_| ()), wanted, "{headers:?}");
    }
    for lost in [CONTENT_DIGEST, SIGNATURE_INPUT, SIGNATURE] {
        let pairs = good.pairs();
        let outcome = Presented::read(|name| pairs.iter().find(|(of, _)| *of == name && name != lost).map(|p| p.1));
        assert_eq!(outcome.map(|_| ()), Err(SignatureProblem::Missing(lost)));
    }
    let digest = SignatureHeaders { content_digest: "sha-512=:AAAA:".into(), ..good };
    let outcome = read(&digest).unwrap().verify(&request(b"{}"), &key().public());
    assert_eq!(outcome, Err(SignatureProblem::Malformed(CONTENT_DIGEST)));
}

#[test]
fn parameters_in_another_order_and_a_label_beside_ours_are_read() {
    let params = format!(
        "(\"@method\" \"@path\" \"@query\" \"content-digest\");tag=\"dakenh-kiosk\";keyid=\"{DEVICE}\";\
         alg=\"ed25519\";created={CREATED};nonce=\"BwcHBwcHBwcHBwcHBwcHBw\""
    );
    let digest = content_digest(b"");
    let base = format!(
        "\"@method\": GET\n\"@path\": /a\n\"@query\": ?b=1\n\"content-digest\": {digest}\n\"@signature-params\": {params}"
    );
    let headers = SignatureHeaders {
        content_digest: digest,
        signature_input: format!("proxy=(\"@authority\");created=1, sig={params}"),
        signature: format!("proxy=:AAAA:, sig=:{}:", STANDARD.encode(key().sign(base.as_bytes()))),
    };
    let request = Unsigned { method: "GET", path: "/a", query: Some("b=1"), body: b"" };
    assert_eq!(read(&headers).unwrap().verify(&request, &key().public()), Ok(()));
}

#[test]
fn a_device_that_would_need_escaping_signs_nothing() {
    for device in ["", "short", "k\"0123456789", "thiết bị một hai", &"x".repeat(65)] {
        assert!(sign(&request(b""), device, CREATED, Nonce([0; 16]), &key()).is_err(), "{device}");
    }
}

#[test]
fn a_key_is_43_characters_of_base64url() {
    for text in ["", "JrQLj5P", &format!("{RFC_PUBLIC}="), &RFC_PUBLIC.replace('_', "/"), "ữ"] {
        assert_eq!(PublicKey::parse(text), Err(SignatureProblem::NotAKey), "{text}");
    }
}

#[test]
fn neither_seed_nor_body_is_printed() {
    let shown = format!("{:?} {:?}", key(), request(b"Nguyen Van A"));
    assert!(!shown.contains("Nguyen") && !shown.contains(RFC_SEED) && shown.contains(RFC_PUBLIC), "{shown}");
}

#[test]
fn a_bundle_is_its_gateways_and_no_request() {
    let header = sign_bundle(b"bundle", &key());
    let public = key().public();
    assert_eq!(verify_bundle(b"bundle", &header, &public), Ok(()));
    let mut in_pieces = BundleReading::default();
    for piece in [&b"bun"[..], b"", b"dle"] {
        in_pieces.update(piece);
    }
    assert_eq!(in_pieces.verify(&header, &public), Ok(()));
    assert_eq!(verify_bundle(b"bundlf", &header, &public), Err(SignatureProblem::Invalid));
    let other = SigningKey::from_seed(&[9; 32]).unwrap().public();
    assert_eq!(verify_bundle(b"bundle", &header, &other), Err(SignatureProblem::Invalid));
    let bare = format!(":{}:", STANDARD.encode(key().sign(b"bundle")));
    assert_eq!(verify_bundle(b"bundle", &bare, &public), Err(SignatureProblem::Invalid), "another kind of signature");
    for garbage in ["", "x", ":AAAA:", &":".repeat(2_000)] {
        assert!(matches!(verify_bundle(b"bundle", garbage, &public), Err(SignatureProblem::Malformed(_))));
    }
}

fn queries() -> impl Strategy<Value = Option<String>> {
    prop_oneof![Just(None), "[a-z]{1,4}=[0-9A-Za-z%]{0,8}".prop_map(Some)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_signed_holds_until_a_byte_is_flipped(
        path in "/[a-z0-9/%.-]{0,40}",
        query in queries(),
        body in proptest::collection::vec(any::<u8>(), 0..200),
        seed in any::<[u8; 32]>(),
        nonce in any::<[u8; 16]>(),
        created in 0_i64..4_000_000_000,
        place in any::<proptest::sample::Index>(),
        bit in 0_u8..7,
    ) {
        let key = SigningKey::from_seed(&seed).unwrap();
        let request = Unsigned { method: "POST", path: &path, query: query.as_deref(), body: &body };
        let headers = sign(&request, DEVICE, created, Nonce(nonce), &key).unwrap();
        let presented = read(&headers).unwrap();
        prop_assert_eq!(presented.verify(&request, &key.public()), Ok(()));
        prop_assert_eq!(presented.nonce(), Nonce(nonce));

        // One bit of one byte of the body.
        if !body.is_empty() {
            let mut other = body.clone();
            other[place.index(body.len())] ^= 1 << bit;
            let outcome = presented.verify(&Unsigned { body: &other, ..request }, &key.public());
            prop_assert_eq!(outcome, Err(SignatureProblem::WrongDigest));
        }
        // One bit of one byte of any header: it fails, or (bits of base64 that
        // carry nothing, the label of neither) it is the very same signature.
        for (which, (_, value)) in headers.pairs().into_iter().enumerate() {
            let mut bytes = value.as_bytes().to_vec();
            bytes[place.index(value.len())] ^= 1 << bit;
            let Ok(flipped) = String::from_utf8(bytes) else { continue };
            let mut other = headers.clone();
            match which {
                0 => other.content_digest = flipped,
                1 => other.signature_input = flipped,
                _ => other.signature = flipped,
            }
            if let Ok(again) = read(&other) && again.verify(&request, &key.public()).is_ok() {
                prop_assert_eq!(which, 2, "what is signed was changed");
                prop_assert_eq!(again.device(), DEVICE);
                prop_assert_eq!((again.nonce(), again.created()), (Nonce(nonce), created));
            }
        }
    }

    #[test]
    fn garbage_is_refused_and_nothing_panics(input in ".{0,200}", signature in ".{0,200}", digest in ".{0,100}") {
        let headers = SignatureHeaders { content_digest: digest, signature_input: input, signature };
        if let Ok(presented) = read(&headers) {
            prop_assert!(presented.verify(&request(b""), &key().public()).is_err());
        }
    }
}
