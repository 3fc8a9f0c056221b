use mobile_api_types::signature::{
    CONTENT_DIGEST, Presented, SIGNATURE, SIGNATURE_INPUT, SigningKey, Unsigned, sign, verify_bundle,
};

/// A terminal's signed request, also read as the header of a bundle: the first
/// three lines are the headers, the rest is the body. What is read is of the
/// agreed form; what holds is of a device, a time and a nonce that can be signed
/// again, and no signature of a request is one of a bundle.
pub fn signed_request(data: &[u8]) {
    let mut parts = data.splitn(4, |byte| *byte == b'\n');
    let mut line = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (digest, input, signature) = (line(), line(), line());
    let body = parts.next().unwrap_or_default();
    let Ok(key) = SigningKey::from_seed(&[7; 32]) else { return };
    assert!(verify_bundle(body, &signature, &key.public()).is_err(), "nobody signed this bundle");
    let Ok(presented) = read(&digest, &input, &signature) else { return };
    assert!((8..=64).contains(&presented.device().len()), "a device of another length");
    assert!(presented.created() >= 0, "before 1970");
    let request = Unsigned { method: "POST", path: "/api/v1/kiosk/heartbeat", query: None, body };
    if presented.verify(&request, &key.public()).is_ok() {
        let again = sign(&request, presented.device(), presented.created(), presented.nonce(), &key);
        let holds = again.is_ok_and(|again| {
            read(&again.content_digest, &again.signature_input, &again.signature)
                .is_ok_and(|read| read.nonce() == presented.nonce() && read.verify(&request, &key.public()).is_ok())
        });
        assert!(holds, "it cannot be signed again");
    }
}

fn read(digest: &str, input: &str, signature: &str) -> Result<Presented, impl Sized> {
    Presented::read(|name| match name {
        CONTENT_DIGEST => Some(digest),
        SIGNATURE_INPUT => Some(input),
        SIGNATURE => Some(signature),
        _ => None,
    })
}
