//! Owners: people and businesses, invented from the seed. Their IDs have the
//! shape of `domain/people.md`, their addresses lie in `example.vn`.

use gateway_core::text::fold;

use crate::dice::{Dice, Purpose};
use crate::words::Words;

/// Telephones that many owners share (a service desk's, a village head's).
const SHARED_PHONES: u32 = 50;

/// Who handed a dossier in.
#[derive(Clone, Default)]
pub(crate) struct Owner {
    pub(crate) name: String,
    pub(crate) business: bool,
    /// Twelve digits for a person, ten for a business; empty for a few.
    pub(crate) id: String,
    pub(crate) phone: String,
    /// Empty for many.
    pub(crate) email: String,
}

impl Owner {
    /// The owner of a number. `year` is the year of the clock at start.
    pub(crate) fn of(seed: u64, owner: u64, year: i16, words: &Words) -> Self {
        let mut dice = Dice::of(seed, Purpose::Owner, owner);
        let business = dice.percent(8);
        let (name, id) = if business { business_of(&mut dice, words) } else { person_of(&mut dice, year, words) };
        let phone = match dice.below(100) {
            0..2 => String::new(),
            2..6 => phone_of(&mut Dice::of(seed, Purpose::SharedPhone, u64::from(dice.below(SHARED_PHONES))), words),
            _ => phone_of(&mut dice, words),
        };
        let email = if dice.percent(55) { email_of(&mut dice, &name) } else { String::new() };
        Self { name, business, id, phone, email }
    }

    /// The second proof: the last four digits of a person's ID.
    pub(crate) fn last_four(&self) -> Option<&str> {
        if self.business {
            return None;
        }
        self.id.len().checked_sub(4).and_then(|from| self.id.get(from..))
    }
}

fn person_of(dice: &mut Dice, year: i16, words: &Words) -> (String, String) {
    let female = dice.percent(50);
    let (middle, given) =
        if female { (&words.female_middle, &words.female_given) } else { (&words.male_middle, &words.male_given) };
    let name = format!("{} {} {}", dice.word(&words.family_names), dice.word(middle), dice.word(given));
    let place = dice.word(&words.birth_places);
    let age = i16::try_from(dice.between(16, 86)).unwrap_or(40);
    let born = year - age;
    let random = dice.below(1_000_000);
    // A few hold no ID that the portal knows.
    if dice.percent(2) {
        return (name, String::new());
    }
    let century = 2 * (born / 100 - 19).clamp(0, 4) + i16::from(female);
    (name, format!("{place}{century}{:02}{random:06}", born.rem_euclid(100)))
}

fn business_of(dice: &mut Dice, words: &Words) -> (String, String) {
    let name = format!(
        "{} {} {}",
        dice.word(&words.business_forms),
        dice.word(&words.business_trades),
        dice.word(&words.business_names)
    );
    (name, format!("370{:07}", dice.below(10_000_000)))
}

fn phone_of(dice: &mut Dice, words: &Words) -> String {
    format!("{}{:07}", dice.word(&words.phone_prefixes), dice.below(10_000_000))
}

fn email_of(dice: &mut Dice, name: &str) -> String {
    format!("{}{}@example.vn", fold(name).replace(' ', "."), dice.between(1, 999))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn owners_have_ids_phones_and_names_of_the_right_shape() {
        let words = Words::read().unwrap();
        let mut businesses = 0;
        let mut phones: HashMap<String, u32> = HashMap::new();
        for number in 0..5_000 {
            let owner = Owner::of(1, number, 2026, &words);
            assert!(owner.name.split(' ').count() >= 3, "{}", owner.name);
            assert!(owner.id.bytes().all(|byte| byte.is_ascii_digit()));
            assert!(owner.phone.is_empty() || owner.phone.len() == 10);
            assert!(owner.email.is_empty() || (owner.email.ends_with("@example.vn") && owner.email.is_ascii()));
            if owner.business {
                businesses += 1;
                assert_eq!(owner.id.len(), 10);
                assert_eq!(owner.last_four(), None);
            } else if !owner.id.is_empty() {
                assert_eq!(owner.id.len(), 12);
                assert!(matches!(owner.id.as_bytes()[3], b'0'..=b'3'), "{}", owner.id);
                assert_eq!(owner.last_four().map(str::len), Some(4));
            }
            *phones.entry(owner.phone).or_default() += 1;
        }
        assert!((200..600).contains(&businesses));
        assert!(phones.iter().any(|(phone, owners)| !phone.is_empty() && *owners > 1), "some telephones are shared");
        assert!(phones.contains_key(""), "some owners left none");
    }

    #[test]
    fn a_persons_id_tells_century_and_sex() {
        let words = Words::read().unwrap();
        let owner =
            (0..).map(|number| Owner::of(3, number, 2026, &words)).find(|owner| owner.last_four().is_some()).unwrap();
        let year: i32 = owner.id[4..6].parse().unwrap();
        let century = i32::from(owner.id.as_bytes()[3] - b'0') / 2;
        assert!((1940..=2010).contains(&(1900 + century * 100 + year)));
    }
}
