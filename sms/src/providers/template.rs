//! Texts with holes, filled so that nothing in a hole can get out of it.
//!
//! The structure is fixed before the first message: a JSON body is a tree whose
//! strings have holes, a form or a query is a list of pairs whose values have.
//! The encoder then writes structure and values, so that a quote, an ampersand
//! or a brace in a citizen's message is never more than a letter.

use serde_json::{Map, Value};

/// What is wrong with a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TemplateError {
    /// A brace without its other half; a brace itself is written twice.
    Brace,
    /// A hole of a name that means nothing here.
    UnknownHole,
}

impl TemplateError {
    pub(super) const fn problem(self) -> &'static str {
        match self {
            Self::Brace => "holds a brace without its other half (write {{ for a brace)",
            Self::UnknownHole => "holds a placeholder that means nothing here",
        }
    }
}

/// A text with holes: `Xin chào {text}`; `{{` and `}}` are braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Letters(String),
    Hole(String),
}

impl Template {
    /// Reads a template; `known` says which holes mean something.
    pub(super) fn parse(text: &str, known: impl Fn(&str) -> bool) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut letters = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            letters.push_str(before);
            if let Some(after) = from.strip_prefix("{{") {
                letters.push('{');
                rest = after;
            } else if let Some(after) = from.strip_prefix("}}") {
                letters.push('}');
                rest = after;
            } else {
                let (hole, after) =
                    from.strip_prefix('{').and_then(|from| from.split_once('}')).ok_or(TemplateError::Brace)?;
                if !known(hole) {
                    return Err(TemplateError::UnknownHole);
                }
                pieces.push(Piece::Letters(std::mem::take(&mut letters)));
                pieces.push(Piece::Hole(hole.to_owned()));
                rest = after;
            }
        }
        letters.push_str(rest);
        pieces.push(Piece::Letters(letters));
        pieces.retain(|piece| *piece != Piece::Letters(String::new()));
        Ok(Self { pieces })
    }

    /// The text with its holes filled, once: what is filled in has no holes.
    pub(super) fn fill(&self, value: &impl Fn(&str) -> String) -> String {
        self.pieces.iter().fold(String::new(), |mut text, piece| {
            match piece {
                Piece::Letters(letters) => text.push_str(letters),
                Piece::Hole(hole) => text.push_str(&value(hole)),
            }
            text
        })
    }
}

/// A JSON document whose strings have holes. Names of members have none.
#[derive(Debug, Clone)]
pub(super) enum JsonTemplate {
    Fixed(Value),
    Text(Template),
    List(Vec<JsonTemplate>),
    Members(Vec<(String, JsonTemplate)>),
}

impl JsonTemplate {
    /// Reads a document of the configuration.
    pub(super) fn parse(value: &Value, known: &impl Fn(&str) -> bool) -> Result<Self, TemplateError> {
        Ok(match value {
            Value::String(text) => Self::Text(Template::parse(text, known)?),
            Value::Array(items) => {
                Self::List(items.iter().map(|item| Self::parse(item, known)).collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| Ok((name.clone(), Self::parse(value, known)?)));
                Self::Members(members.collect::<Result<_, _>>()?)
            }
            fixed => Self::Fixed(fixed.clone()),
        })
    }

    /// The document with the holes of its strings filled.
    pub(super) fn fill(&self, value: &impl Fn(&str) -> String) -> Value {
        match self {
            Self::Fixed(fixed) => fixed.clone(),
            Self::Text(template) => Value::String(template.fill(value)),
            Self::List(items) => Value::Array(items.iter().map(|item| item.fill(value)).collect()),
            Self::Members(members) => Value::Object(
                members.iter().map(|(name, item)| (name.clone(), item.fill(value))).collect::<Map<_, _>>(),
            ),
        }
    }
}

/// Text within XML: what has a meaning there becomes a reference, what XML 1.0
/// cannot hold (§2.2) is left out.
pub(super) fn xml_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' | '\n' => escaped.push(letter),
            '\r' => escaped.push_str("&#13;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            letter if u32::from(letter) < 0x20 => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
    use serde_json::json;

    use super::*;

    fn known(hole: &str) -> bool {
        matches!(hole, "to" | "text")
    }

    #[test]
    fn holes_and_braces() {
        let fill = |text| Template::parse(text, known).map(|template| template.fill(&|hole| format!("<{hole}>")));
        assert_eq!(fill("gửi {to}: {text}{text}").as_deref(), Ok("gửi <to>: <text><text>"));
        assert_eq!(fill("{{to}} }}{{ {to}").as_deref(), Ok("{to} }{ <to>"));
        assert_eq!(fill("").as_deref(), Ok(""));
        assert_eq!(fill("{to"), Err(TemplateError::Brace));
        assert_eq!(fill("to}"), Err(TemplateError::Brace));
        assert_eq!(fill("{from}"), Err(TemplateError::UnknownHole));
        assert_eq!(fill("{}"), Err(TemplateError::UnknownHole));
    }

    #[test]
    fn what_is_filled_in_has_no_holes() {
        let template = Template::parse("{text}", known).unwrap();
        assert_eq!(template.fill(&|_| "{to}{{".to_owned()), "{to}{{");
    }

    #[test]
    fn xml_stays_xml() {
        assert_eq!(xml_escaped("a<b>&\"'\u{0}\u{b}\r\n"), "a&lt;b&gt;&amp;&quot;&apos;&#13;\n");
    }

    proptest! {
        #[test]
        fn no_message_gets_out_of_its_string(text in any::<String>(), to in any::<String>()) {
            let body = json!({ "to": ["{to}"], "sms": { "content": "Kính gửi {to}: {text}", "type": 2 } });
            let filled = JsonTemplate::parse(&body, &known).unwrap().fill(&|hole| match hole {
                "to" => to.clone(),
                _ => text.clone(),
            });
            let sent = serde_json::to_vec(&filled).unwrap();
            let read: Value = serde_json::from_slice(&sent).unwrap();
            let expected = json!({ "to": [to], "sms": { "content": format!("Kính gửi {to}: {text}"), "type": 2 } });
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn no_message_opens_a_tag(text in any::<String>()) {
            let escaped = xml_escaped(&text);
            prop_assert!(!escaped.contains(['<', '>', '"', '\'', '\r', '\0']));
            prop_assert_eq!(escaped.matches('&').count(), text.matches(['&', '<', '>', '"', '\'', '\r']).count());
        }

        #[test]
        fn any_template_is_read_or_refused(text in any::<String>()) {
            if let Ok(template) = Template::parse(&text, |_| true) {
                template.fill(&|_| String::new());
            }
        }
    }
}
