//! Tidy answers made untidy, as `domain/portal.md` has seen them: numbers as
//! text and text as numbers, `null` for what is empty, `data` for `result`,
//! fields that nobody announced. What is said stays the same.

use serde_json::{Map, Number, Value, json};

use crate::dice::Dice;

/// Fields whose digits are no number to anybody: turned into one they would
/// name something else.
const KEPT: [&str; 5] = ["MaHoSo", "MATTHC", "MaTTHC", "session", "DuongDanTepTinKetQua"];
/// Numbers above it do not survive a reader that holds them as doubles.
const LARGEST: u64 = 1 << 53;

/// The code of an ended session in a tidy answer, and another one seen beside words.
const NO_SESSION: i64 = 401;
const NO_SESSION_IN_WORDS: &str = "-2";

/// Makes one answer untidy. `expired` are the words that tell of an ended session.
pub(crate) fn untidy(answer: Value, expired: &str, dice: &mut Dice) -> Value {
    let Value::Object(mut answer) = answer else { return answer };
    if answer.get("error_code").and_then(Value::as_i64) == Some(NO_SESSION) && dice.percent(50) {
        return json!({ "error_code": NO_SESSION_IN_WORDS, "error_message": expired, "result": null });
    }
    if let Some(code) = answer.get_mut("error_code") {
        *code = match (code.as_i64(), dice.below(3)) {
            (Some(0), 1) => json!("0"),
            (Some(0), 2) => json!("00"),
            (Some(other), 1 | 2) => json!(other.to_string()),
            _ => code.take(),
        };
    }
    if let Some(result) = answer.remove("result") {
        let key = if dice.percent(50) { "data" } else { "result" };
        answer.insert(key.to_owned(), rewritten(result, dice));
    }
    answer.insert("extra".to_owned(), Value::Null);
    Value::Object(answer)
}

fn rewritten(value: Value, dice: &mut Dice) -> Value {
    match value {
        Value::Array(items) if items.is_empty() => {
            if dice.percent(50) {
                Value::Null
            } else {
                json!([])
            }
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| rewritten(item, dice)).collect()),
        Value::Object(fields) => Value::Object(object(fields, dice)),
        Value::String(text) if text.is_empty() => {
            if dice.percent(50) {
                Value::Null
            } else {
                json!("")
            }
        }
        Value::String(text) => match text.parse::<u64>() {
            Ok(number) if number < LARGEST && dice.percent(50) => Value::Number(Number::from(number)),
            _ => Value::String(text),
        },
        other => other,
    }
}

fn object(fields: Map<String, Value>, dice: &mut Dice) -> Map<String, Value> {
    let is_dossier = fields.contains_key("MaHoSo");
    let mut changed: Map<String, Value> = fields
        .into_iter()
        .map(|(name, value)| {
            let value = if KEPT.contains(&name.as_str()) { value } else { rewritten(value, dice) };
            (name, value)
        })
        .collect();
    if is_dossier {
        changed.insert("PhienBan".to_owned(), json!(3));
        changed.insert("NguonDuLieu".to_owned(), json!({ "he_thong": ["mot cua"] }));
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Purpose;

    #[test]
    fn an_untidy_answer_says_the_same() {
        let tidy = json!({ "error_code": 0, "result": [{
            "MaHoSo": "000.00.17.H09-261020-0012", "MaTTHC": "1.001190", "TrangThaiHoSo": "9",
            "Email": "", "DanhSachLePhi": [], "ChuHoSo": "Lê Lan",
        }] });
        let mut keys_seen = [false; 2];
        let mut number_seen = false;
        let mut null_seen = false;
        for call in 0..50 {
            let mut dice = Dice::of(1, Purpose::Untidy, call);
            let answer = untidy(tidy.clone(), "", &mut dice);
            let (place, list) = match (answer.get("result"), answer.get("data")) {
                (Some(list), None) => (0, list),
                (None, Some(list)) => (1, list),
                other => panic!("{other:?}"),
            };
            keys_seen[place] = true;
            let dossier = &list[0];
            assert_eq!(dossier["MaHoSo"], "000.00.17.H09-261020-0012");
            assert_eq!(dossier["MaTTHC"], "1.001190");
            assert_eq!(dossier["ChuHoSo"], "Lê Lan");
            assert!(dossier["TrangThaiHoSo"] == "9" || dossier["TrangThaiHoSo"] == 9);
            number_seen |= dossier["TrangThaiHoSo"].is_number();
            null_seen |= dossier["DanhSachLePhi"].is_null();
        }
        assert!(keys_seen == [true, true] && number_seen && null_seen);
    }
}
