//! The fields of a webhook, strictly read: what is ambiguous is refused.

use std::borrow::Cow;

use compact_str::CompactString;
use percent_encoding::percent_decode;
use serde_json::Value;

use super::webhook::Refused;

/// More fields than any provider sends.
const MOST_PAIRS: usize = 128;

/// The longest sender, receiver or state: an address of 3GPP has at most 20
/// digits, a name 11 letters.
const LONGEST_WORD: usize = 40;

/// The longest id of a message, in bytes.
const LONGEST_ID: usize = 128;

/// The fields of a query, a form or a JSON document.
#[derive(Debug)]
pub(super) enum Fields {
    /// `name=value` in the order in which they came.
    Pairs(Vec<(String, String)>),
    /// A document.
    Json(Value),
}

impl Fields {
    /// A query string or a form (`application/x-www-form-urlencoded`). Not the
    /// usual crate, which replaces what is no UTF-8: a signature would be
    /// computed over other letters than those that came.
    pub(super) fn form(bytes: &[u8]) -> Result<Self, Refused> {
        let pieces: Vec<&[u8]> = bytes.split(|&byte| byte == b'&').filter(|piece| !piece.is_empty()).collect();
        if pieces.len() > MOST_PAIRS {
            return Err(Refused::NotA("form of so few fields"));
        }
        let pairs = pieces.into_iter().map(|piece| {
            let (name, value) = match piece.iter().position(|&byte| byte == b'=') {
                Some(at) => piece.split_at(at),
                None => (piece, &b"="[..]),
            };
            Ok((decoded(name)?, decoded(value.strip_prefix(b"=").unwrap_or(value))?))
        });
        Ok(Self::Pairs(pairs.collect::<Result<_, Refused>>()?))
    }

    /// A JSON document.
    pub(super) fn json(bytes: &[u8]) -> Result<Self, Refused> {
        serde_json::from_slice(bytes).map(Self::Json).map_err(|_| Refused::NotA("JSON document"))
    }

    /// A field by its name, or in JSON by a pointer (RFC 6901) where the name
    /// begins with `/`. A field that stands twice is refused: two readers may
    /// take different ones.
    pub(super) fn get(&self, name: &str) -> Result<Option<Cow<'_, str>>, Refused> {
        match self {
            Self::Pairs(pairs) => {
                let mut named = pairs.iter().filter(|(key, _)| key == name);
                let first = named.next();
                if named.next().is_some() {
                    return Err(Refused::Twice(name.into()));
                }
                Ok(first.map(|(_, value)| Cow::Borrowed(value.as_str())))
            }
            Self::Json(document) => {
                let value = if name.starts_with('/') { document.pointer(name) } else { document.get(name) };
                match value {
                    None | Some(Value::Null) => Ok(None),
                    Some(value) => scalar(value).map(Some).ok_or_else(|| Refused::Malformed(name.into())),
                }
            }
        }
    }

    /// A field that must be there; it may be empty.
    pub(super) fn need(&self, name: &str) -> Result<Cow<'_, str>, Refused> {
        self.get(name)?.ok_or_else(|| Refused::Missing(name.into()))
    }

    /// An address of a phone or a service, or a state: a short word.
    pub(super) fn word(&self, name: &str) -> Result<CompactString, Refused> {
        let value = self.need(name)?;
        let word = value.trim();
        if word.is_empty() {
            return Err(Refused::Missing(name.into()));
        }
        let fits = word.len() <= LONGEST_WORD && !word.chars().any(char::is_control);
        if fits { Ok(word.into()) } else { Err(Refused::Malformed(name.into())) }
    }

    /// The same where it may be missing.
    pub(super) fn word_or_empty(&self, name: &str) -> Result<CompactString, Refused> {
        match self.get(name)? {
            Some(value) if !value.trim().is_empty() => self.word(name),
            _ => Ok(CompactString::default()),
        }
    }

    /// The id of a message: printable ASCII without spaces.
    pub(super) fn id(&self, name: &str) -> Result<CompactString, Refused> {
        let value = self.need(name)?;
        if value.is_empty() {
            return Err(Refused::Missing(name.into()));
        }
        let fits = value.len() <= LONGEST_ID && value.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(value.as_ref().into()) } else { Err(Refused::Malformed(name.into())) }
    }

    /// What a citizen wrote. An empty message is one too.
    pub(super) fn text(&self, name: &str, most: usize) -> Result<String, Refused> {
        let value = self.need(name)?;
        if value.chars().nth(most).is_some() {
            return Err(Refused::TooLong { field: name.into(), most });
        }
        Ok(value.into_owned())
    }
}

fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn decoded(bytes: &[u8]) -> Result<String, Refused> {
    let spaced: Vec<u8> = bytes.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    String::from_utf8(percent_decode(&spaced).collect()).map_err(|_| Refused::NotA("UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let fields = Fields::form("a=1+2%2B3&&b&c=&ti%E1%BA%BFng=Vi%E1%BB%87t=Nam".as_bytes()).unwrap();
        assert_eq!(fields.need("a").unwrap(), "1 2+3");
        assert_eq!(fields.need("b").unwrap(), "");
        assert_eq!(fields.need("c").unwrap(), "");
        assert_eq!(fields.need("tiếng").unwrap(), "Việt=Nam");
        assert_eq!(fields.need("d"), Err(Refused::Missing("d".into())));
    }

    #[test]
    fn what_two_readers_would_read_differently_is_refused() {
        assert_eq!(Fields::form(b"a=1&a=2").unwrap().get("a"), Err(Refused::Twice("a".into())));
        assert!(matches!(Fields::form(b"a=%FF"), Err(Refused::NotA(_))));
        assert!(matches!(Fields::form(&b"a&".repeat(200)), Err(Refused::NotA(_))));
    }

    #[test]
    fn json_is_read_by_name_or_pointer() {
        let fields = Fields::json(br#"{"a":{"b":["x",7]},"c":true,"n":null,"o":{}}"#).unwrap();
        assert_eq!(fields.need("/a/b/0").unwrap(), "x");
        assert_eq!(fields.need("/a/b/1").unwrap(), "7");
        assert_eq!(fields.need("c").unwrap(), "true");
        assert_eq!(fields.get("n"), Ok(None));
        assert_eq!(fields.get("o"), Err(Refused::Malformed("o".into())));
        assert!(matches!(Fields::json(b"{"), Err(Refused::NotA(_))));
    }

    #[test]
    fn words_and_ids_are_short_and_plain() {
        let long = "9".repeat(200);
        let form = format!("from=+84901&id={long}&tab=a%09b&space=a+b&none=+");
        let fields = Fields::form(form.as_bytes()).unwrap();
        // A plus sign that nobody encoded.
        assert_eq!(fields.word("from").unwrap(), "84901");
        assert_eq!(fields.id("id"), Err(Refused::Malformed("id".into())));
        assert_eq!(fields.word("tab"), Err(Refused::Malformed("tab".into())));
        assert_eq!(fields.id("space"), Err(Refused::Malformed("space".into())));
        assert_eq!(fields.word("none"), Err(Refused::Missing("none".into())));
        assert_eq!(fields.word_or_empty("none").unwrap(), "");
    }

    #[test]
    fn a_text_is_counted_in_characters() {
        let fields = Fields::form("t=ếếế".as_bytes()).unwrap();
        assert_eq!(fields.text("t", 3).unwrap(), "ếếế");
        assert_eq!(fields.text("t", 2), Err(Refused::TooLong { field: "t".into(), most: 2 }));
    }

    proptest! {
        #[test]
        fn what_was_encoded_reads_back(pairs in prop::collection::vec((any::<String>(), any::<String>()), 0..20)) {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(&pairs);
            let Fields::Pairs(read) = Fields::form(form.finish().as_bytes()).unwrap() else { panic!("pairs") };
            let pairs: Vec<_> = pairs.into_iter().collect();
            prop_assert_eq!(read, pairs);
        }

        #[test]
        fn nothing_makes_it_stumble(bytes in any::<Vec<u8>>()) {
            let _ = Fields::form(&bytes).map(|fields| fields.word("a").is_ok());
            let _ = Fields::json(&bytes).map(|fields| fields.word("/a/0").is_ok());
        }
    }
}
