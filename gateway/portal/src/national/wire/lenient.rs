//! Readers of untidy JSON. None of them fails on a value's kind: what cannot
//! be what it should be is missing, and whoever needs it says so by name.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A leaf: text, or a number in the place of one. Empty text, `null` and
/// anything with parts are missing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Leaf {
    #[default]
    Missing,
    /// Trimmed and not empty.
    Text(String),
    /// A whole number; a text of digits may have lost its leading zeros.
    Whole(String),
    /// A number with a fraction; it may have lost trailing zeros.
    Fraction(f64),
}

impl Leaf {
    /// The value as text; `None` where it is missing.
    pub(crate) fn text(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self {
            Self::Missing => None,
            Self::Text(text) | Self::Whole(text) => Some(text.as_str().into()),
            Self::Fraction(number) => Some(number.to_string().into()),
        }
    }

    /// [`Leaf::text`], owned.
    pub(crate) fn owned(&self) -> Option<String> {
        self.text().map(std::borrow::Cow::into_owned)
    }

    /// Digits that came as a number, padded with the zeros that a number
    /// loses.
    pub(crate) fn digits(&self, length: usize) -> Option<String> {
        match self {
            Self::Whole(digits) => Some(format!("{digits:0>length$}")),
            _ => self.owned(),
        }
    }
}

impl<'de> Deserialize<'de> for Leaf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LeafVisitor)
    }
}

struct LeafVisitor;

/// Whole numbers up to here are exact in an `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl<'de> Visitor<'de> for LeafVisitor {
    type Value = Leaf;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Leaf, E> {
        let text = text.trim();
        Ok(if text.is_empty() { Leaf::Missing } else { Leaf::Text(text.to_owned()) })
    }

    fn visit_bool<E>(self, value: bool) -> Result<Leaf, E> {
        Ok(Leaf::Text(value.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Leaf, E> {
        Ok(Leaf::Whole(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Leaf, E> {
        Ok(Leaf::Whole(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Leaf, E> {
        Ok(if number.fract() == 0.0 && number.abs() < EXACT {
            Leaf::Whole(format!("{number:.0}"))
        } else {
            Leaf::Fraction(number)
        })
    }

    fn visit_unit<E>(self) -> Result<Leaf, E> {
        Ok(Leaf::Missing)
    }

    fn visit_none<E>(self) -> Result<Leaf, E> {
        Ok(Leaf::Missing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Leaf, A::Error> {
        while parts.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Leaf::Missing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut parts: A) -> Result<Leaf, A::Error> {
        while parts.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Leaf::Missing)
    }
}

/// A list of objects. `null` and an empty text are an empty list, a lone
/// object a list of one; elements that are no objects are left out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct List<T> {
    pub(crate) items: Vec<T>,
    /// What stood there was neither a list nor one of its stand-ins, or the
    /// list held something else than objects.
    pub(crate) odd: bool,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), odd: false }
    }
}

impl<T> List<T> {
    const fn odd() -> Self {
        Self { items: Vec::new(), odd: true }
    }
}

impl<'de, T: Element<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Element<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<List<T>, A::Error> {
        let mut list = List::default();
        while let Some(element) = parts.next_element::<Maybe<T>>()? {
            match element {
                Maybe::Item(item) => list.items.push(item),
                Maybe::Nothing => {}
                Maybe::Odd => list.odd = true,
            }
        }
        Ok(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, parts: A) -> Result<List<T>, A::Error> {
        let item = T::deserialize(MapAccessDeserializer::new(parts))?;
        Ok(List { items: vec![item], odd: false })
    }

    fn visit_str<E>(self, text: &str) -> Result<List<T>, E> {
        Ok(if text.trim().is_empty() { List::default() } else { List::odd() })
    }

    fn visit_unit<E>(self) -> Result<List<T>, E> {
        Ok(List::default())
    }

    fn visit_none<E>(self) -> Result<List<T>, E> {
        Ok(List::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<List<T>, E> {
        Ok(List::odd())
    }

    fn visit_u64<E>(self, _: u64) -> Result<List<T>, E> {
        Ok(List::odd())
    }

    fn visit_i64<E>(self, _: i64) -> Result<List<T>, E> {
        Ok(List::odd())
    }

    fn visit_f64<E>(self, _: f64) -> Result<List<T>, E> {
        Ok(List::odd())
    }
}

/// What a list holds: read from an object, and perhaps from a bare text.
pub(crate) trait Element<'de>: Deserialize<'de> {
    /// The element that a bare text stands for.
    fn of_text(_: &str) -> Option<Self> {
        None
    }
}

/// Nothing is kept of the elements; for answers that are only counted.
impl Element<'_> for IgnoredAny {}

enum Maybe<T> {
    Item(T),
    /// `null` or an empty text.
    Nothing,
    Odd,
}

impl<'de, T: Element<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MaybeVisitor(PhantomData))
    }
}

struct MaybeVisitor<T>(PhantomData<T>);

impl<'de, T: Element<'de>> Visitor<'de> for MaybeVisitor<T> {
    type Value = Maybe<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, parts: A) -> Result<Maybe<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(parts)).map(Maybe::Item)
    }

    fn visit_str<E>(self, text: &str) -> Result<Maybe<T>, E> {
        let text = text.trim();
        Ok(if text.is_empty() { Maybe::Nothing } else { T::of_text(text).map_or(Maybe::Odd, Maybe::Item) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Maybe<T>, A::Error> {
        while parts.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Maybe::Odd)
    }

    fn visit_unit<E>(self) -> Result<Maybe<T>, E> {
        Ok(Maybe::Nothing)
    }

    fn visit_none<E>(self) -> Result<Maybe<T>, E> {
        Ok(Maybe::Nothing)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Maybe<T>, E> {
        Ok(Maybe::Odd)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Maybe<T>, E> {
        Ok(Maybe::Odd)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Maybe<T>, E> {
        Ok(Maybe::Odd)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Maybe<T>, E> {
        Ok(Maybe::Odd)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Line {
        name: Leaf,
    }

    impl Element<'_> for Line {
        fn of_text(text: &str) -> Option<Self> {
            Some(Self { name: Leaf::Text(text.into()) })
        }
    }

    fn leaf(json: &str) -> Leaf {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_leaf_is_text_or_a_number_or_missing() {
        assert_eq!(leaf(r#""  a ""#), Leaf::Text("a".into()));
        assert_eq!(leaf("4"), Leaf::Whole("4".into()));
        assert_eq!(leaf("-1"), Leaf::Whole("-1".into()));
        assert_eq!(leaf("20000.0"), Leaf::Whole("20000".into()));
        assert_eq!(leaf("1.001193"), Leaf::Fraction(1.001_193));
        for missing in [r#""""#, r#""  ""#, "null", "[1]", r#"{"a":1}"#] {
            assert_eq!(leaf(missing), Leaf::Missing, "{missing}");
        }
        assert_eq!(leaf("1e300").text().unwrap().len(), 301);
    }

    #[test]
    fn digits_that_came_as_a_number_get_their_zeros_back() {
        assert_eq!(leaf("74190001234").digits(12).unwrap(), "074190001234");
        assert_eq!(leaf(r#""74190001234""#).digits(12).unwrap(), "74190001234");
    }

    #[test]
    fn a_list_is_read_whatever_stands_there() {
        let list = |json: &str| serde_json::from_str::<List<Line>>(json).unwrap();
        assert_eq!(list("null"), List::default());
        assert_eq!(list(r#""""#), List::default());
        assert_eq!(list("[]"), List::default());
        assert_eq!(list(r#"{"name":"x"}"#).items.len(), 1);
        assert_eq!(list(r#"[{"name":"x"},null,[],3,"y",""]"#).items.len(), 2);
        assert!(!list("[null,{}]").odd);
        for odd in ["3", "true", r#""lỗi""#, "1.5", "[3]", "[[]]"] {
            assert!(list(odd).odd, "{odd}");
        }
    }
}
