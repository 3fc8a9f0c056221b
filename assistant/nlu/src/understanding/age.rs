//! Procedures for people of an age (*cho người dưới 14 tuổi*).

use gateway_core::text::fold;

/// What an age that fits adds, and what one that does not takes away.
const FITS: f32 = 0.4;
const DOES_NOT: f32 = 1.0;

/// How a procedure of that name suits somebody of that age: nothing where the name
/// speaks of no age.
pub(super) fn suits(name: &str, age: u8) -> f32 {
    let folded = fold(name);
    let words: Vec<&str> = folded.split(' ').collect();
    let limit = words.windows(3).enumerate().find_map(|(at, three)| match three {
        ["duoi", years, "tuoi"] => Some((at, years.parse::<u8>().ok()?, true)),
        ["du", years, "tuoi"] | ["tren", years, "tuoi"] => Some((at, years.parse::<u8>().ok()?, false)),
        _ => None,
    });
    match limit {
        Some((_, years, below)) if (age < years) == below => FITS,
        Some(_) => -DOES_NOT,
        None => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_childs_card_is_not_that_of_an_adult() {
        let (child, adult) =
            ("Cấp thẻ căn cước cho người dưới 14 tuổi", "Cấp thẻ căn cước cho người từ đủ 14 tuổi trở lên");
        assert!(suits(child, 8) > 0.0 && suits(adult, 8) < 0.0);
        assert!(suits(child, 14) < 0.0 && suits(adult, 14) > 0.0);
        assert_eq!(suits("Đăng ký khai sinh", 3).to_bits(), 0.0_f32.to_bits());
    }
}
