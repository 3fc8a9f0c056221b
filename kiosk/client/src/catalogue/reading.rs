//! A bundle's JSON, read from its beginning to its end, one procedure after
//! another.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};
use std::marker::PhantomData;
use std::ops::Range;

use jiff::Timestamp;
use mobile_api_types::FieldView;
use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What stands beside the procedures.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) made_at: Timestamp,
    pub(super) fields: Vec<FieldView<'static>>,
}

/// What stands beside the procedures, which are looked through and not kept.
/// Nothing where the bundle cannot be read or is of another language.
pub(super) fn head(bytes: impl Read, language: &str) -> Option<Head> {
    each(bytes, language, |_: IgnoredAny, _| {})
}

/// Takes the procedures one by one, each with its place among the bytes.
pub(super) fn each<T: DeserializeOwned>(
    bytes: impl Read,
    language: &str,
    take: impl FnMut(T, Range<u64>),
) -> Option<Head> {
    let at = Cell::new(0);
    let mut reader = serde_json::Deserializer::from_reader(Counted { bytes, at: &at });
    let bundle = Bundle { at: &at, language, take, each: PhantomData }.deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(bundle)
}

/// Serde's reader takes byte by byte, and none before it needs it: between two
/// values it stands between them.
struct Counted<'a, R> {
    bytes: R,
    at: &'a Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(room)?;
        self.at.set(self.at.get() + u64::try_from(read).unwrap_or_default());
        Ok(read)
    }
}

struct Bundle<'a, T, F> {
    at: &'a Cell<u64>,
    language: &'a str,
    take: F,
    each: PhantomData<T>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Name {
    MadeAt,
    Language,
    Procedures,
    Fields,
    #[serde(other)]
    New,
}

impl<'de, T: DeserializeOwned, F: FnMut(T, Range<u64>)> DeserializeSeed<'de> for Bundle<'_, T, F> {
    type Value = Head;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Head, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de, T: DeserializeOwned, F: FnMut(T, Range<u64>)> Visitor<'de> for Bundle<'_, T, F> {
    type Value = Head;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a catalogue bundle")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<Head, M::Error> {
        let (mut made_at, mut fields, mut procedures, mut language) = (None, None, false, false);
        while let Some(name) = map.next_key()? {
            match name {
                Name::MadeAt => made_at = Some(map.next_value()?),
                Name::Fields => fields = Some(map.next_value()?),
                Name::Procedures => {
                    map.next_value_seed(Procedures { at: self.at, take: &mut self.take, each: PhantomData })?;
                    procedures = true;
                }
                Name::Language => language = map.next_value::<String>()? == self.language,
                Name::New => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match (made_at, fields) {
            (Some(made_at), Some(fields)) if procedures && language => Ok(Head { made_at, fields }),
            _ => Err(M::Error::custom("not a whole bundle of this language")),
        }
    }
}

struct Procedures<'a, T, F> {
    at: &'a Cell<u64>,
    take: &'a mut F,
    each: PhantomData<T>,
}

impl<'de, T: DeserializeOwned, F: FnMut(T, Range<u64>)> DeserializeSeed<'de> for Procedures<'_, T, F> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeOwned, F: FnMut(T, Range<u64>)> Visitor<'de> for Procedures<'_, T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of procedures")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<(), S::Error> {
        loop {
            let before = self.at.get();
            let Some(procedure) = list.next_element()? else { return Ok(()) };
            (self.take)(procedure, before..self.at.get());
        }
    }
}

/// A procedure from its place, which may begin with what stands between two.
pub(super) fn one<T: DeserializeOwned>(part: &[u8]) -> Option<T> {
    let between = part.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b',').count();
    serde_json::from_slice(part.get(between..)?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn read(json: &str) -> (Option<Head>, Vec<(Value, Range<u64>)>) {
        let mut seen = Vec::new();
        let head = each(json.as_bytes(), "vi", |value, place| seen.push((value, place)));
        (head, seen)
    }

    #[test]
    fn a_bundle_in_any_order_with_what_is_new_to_this_terminal() {
        let (head, seen) = read(
            r#"{"new":[{"a":"]"}],"procedures" : [ {"code":"1"} ,{"code":"ữ\"}]"} ] ,
            "fields":[{"name":"Hộ tịch","procedures":2}],"language":"vi","made_at":"2026-11-27T00:00:00Z"}"#,
        );
        let head = head.unwrap();
        assert_eq!((head.made_at.as_second(), head.fields.len()), (1_795_737_600, 1));
        assert_eq!(seen[1].0["code"], "ữ\"}]");
    }

    #[test]
    fn what_is_no_whole_bundle_of_the_language() {
        for json in [
            "",
            "[]",
            "{}",
            r#"{"made_at":"2026-11-27T00:00:00Z","language":"vi","procedures":[{"#,
            r#"{"made_at":"2026-11-27T00:00:00Z","language":"en","procedures":[],"fields":[]}"#,
            r#"{"made_at":"yesterday","language":"vi","procedures":[],"fields":[]}"#,
            r#"{"made_at":"2026-11-27T00:00:00Z","language":"vi","procedures":{},"fields":[]}"#,
            r#"{"made_at":"2026-11-27T00:00:00Z","language":"vi","procedures":[],"fields":[]} {"#,
        ] {
            assert!(read(json).0.is_none(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn every_procedure_is_found_again_at_its_place(
            codes in prop::collection::vec("[0-9.\\]\\[{},\"\\\\ữ\n]{0,9}", 0..9),
            blanks in prop::collection::vec("[ \n\t]{0,3}", 18),
        ) {
            let mut list = String::new();
            for (at, code) in codes.iter().enumerate() {
                let comma = if at == 0 { "" } else { "," };
                let (before, after) = (&blanks[2 * at], &blanks[2 * at + 1]);
                let procedure = serde_json::json!({ "code": code });
                list += &format!("{comma}{before}{procedure}{after}");
            }
            let json =
                format!(r#"{{"made_at":"2026-11-27T00:00:00Z","language":"vi","procedures":[{list}],"fields":[]}}"#);
            let (head, seen) = read(&json);
            prop_assert!(head.is_some());
            prop_assert_eq!(seen.len(), codes.len());
            for ((value, place), code) in seen.iter().zip(&codes) {
                let [start, end] = [place.start, place.end].map(|at| usize::try_from(at).unwrap());
                let part = &json.as_bytes()[start..end];
                let again: Option<Value> = one(part);
                prop_assert_eq!(again.as_ref(), Some(value));
                prop_assert_eq!(&value["code"], code);
            }
        }
    }
}
