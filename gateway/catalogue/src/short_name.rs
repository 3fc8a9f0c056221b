//! Short names for small screens and SMS, derived from official names of up to
//! 569 characters.

use std::borrow::Cow;

use gateway_core::text::{nfc, truncate_graphemes};

/// Longest short name, in Unicode scalar values of NFC.
pub const SHORT_NAME_CHARS: usize = 40;

/// Phrases after which a name only tells where, by which rule or on which road
/// it is done. Cut first, because nothing is lost.
const ROADS: [&str; 18] = [
    " thực hiện tại ",
    " thực hiện ở ",
    " thực hiện bằng ",
    " bằng dịch vụ công ",
    " tại cấp ",
    " theo quy định ",
    " theo yêu cầu của ",
    " theo Luật ",
    " theo Nghị định ",
    " theo Thông tư ",
    " theo Quyết định ",
    " quy định tại ",
    " thuộc thẩm quyền ",
    " thuộc phạm vi ",
    " thuộc trách nhiệm ",
    " ban hành ",
    " cấp tỉnh, cấp xã",
    " tại Cục ",
];

/// Phrases after which a name only tells for whom or in which case. Cut where
/// what stands before still says something.
const CASES: [&str; 10] = [
    " đối với ",
    " trong trường hợp ",
    " trường hợp ",
    " trong các trường hợp ",
    " khi ",
    " cho người ",
    " để ",
    " do ",
    " nhằm ",
    " nếu ",
];

/// Room for the end of a name that is told from its twins by its end.
const END_CHARS: usize = 16;

/// Words that no name may end with: they promise something that was cut off.
const DANGLING: [&str; 25] = [
    "trong",
    "đối",
    "với",
    "của",
    "cho",
    "tại",
    "và",
    "theo",
    "hoặc",
    "các",
    "những",
    "khi",
    "có",
    "do",
    "để",
    "bằng",
    "về",
    "từ",
    "là",
    "bị",
    "được",
    "ở",
    "vào",
    "trường",
    "thuộc",
];

/// *Thủ tục* stays where the next words name no deed: *Thủ tục hải quan đối với …*.
const NO_DEED: [&str; 3] = [" hải quan", " điện tử", " đối với"];

/// The level that a name ends with, and its sign where a short name has room.
const LEVELS: [(&str, &str); 8] = [
    ("cấp trung ương", " (TW)"),
    ("cấp Trung ương", " (TW)"),
    ("cấp bộ", " (TW)"),
    ("cấp Bộ", " (TW)"),
    ("cấp tỉnh", " (tỉnh)"),
    ("cấp Tỉnh", " (tỉnh)"),
    ("cấp huyện", " (huyện)"),
    ("cấp xã", " (xã)"),
];

/// What must stand before a cut case, in characters: shorter heads (`Miễn
/// thuế`) would be the same for many procedures.
const SHORTEST_HEAD: usize = 24;

/// Short forms that people in public administration read without thinking,
/// most harmless first; each is used only while the name is still too long.
const SHORT_FORMS: [(&str, &str); 28] = [
    ("trách nhiệm hữu hạn", "TNHH"),
    ("một thành viên", "MTV"),
    ("Ủy ban nhân dân", "UBND"),
    ("Uỷ ban nhân dân", "UBND"),
    ("hợp tác xã", "HTX"),
    ("bảo hiểm xã hội", "BHXH"),
    ("bảo hiểm y tế", "BHYT"),
    ("bảo hiểm thất nghiệp", "BHTN"),
    ("Công an nhân dân", "CAND"),
    ("tổ chức tín dụng", "TCTD"),
    ("phòng cháy, chữa cháy", "PCCC"),
    ("phòng cháy và chữa cháy", "PCCC"),
    ("quyền sử dụng đất", "QSDĐ"),
    ("bảo vệ thực vật", "BVTV"),
    ("công nghệ thông tin", "CNTT"),
    ("giấy chứng nhận", "GCN"),
    ("chứng chỉ hành nghề", "CCHN"),
    ("giấy phép lái xe", "GPLX"),
    ("giấy phép", "GP"),
    ("doanh nghiệp", "DN"),
    ("thu nhập cá nhân", "TNCN"),
    ("giá trị gia tăng", "GTGT"),
    ("xuất khẩu, nhập khẩu", "XNK"),
    ("xuất nhập cảnh", "XNC"),
    ("sửa đổi, bổ sung", "sửa đổi"),
    ("ngân hàng thương mại", "NHTM"),
    ("đăng ký", "ĐK"),
    ("ngân hàng", "NH"),
];

/// A name of at most 40 characters, never empty.
///
/// In this order, and only as far as needed: *Thủ tục* at the head, what stands
/// in brackets, where and by which rule it is done, known short forms, for whom
/// it is done; at last it is cut at the end of a word, with `…`. No grapheme is
/// ever cut.
///
/// ```
/// use gateway_catalogue::short_name;
/// assert_eq!(short_name("Thủ tục đăng ký khai sinh"), "Đăng ký khai sinh");
/// assert_eq!(short_name("Cấp hộ chiếu phổ thông ở trong nước (thực hiện tại cấp tỉnh)"), "Cấp hộ chiếu phổ thông ở trong nước");
/// ```
pub fn short_name(official: &str) -> String {
    let clean = nfc(official);
    let mut name = tidy(without_head(&clean.split_whitespace().collect::<Vec<_>>().join(" ")));
    if fits(&name) {
        return finish(&name, &clean);
    }
    let level = level_sign(&name);
    name = tidy(&without_brackets(&name));
    for road in ROADS {
        if fits(&name) {
            return finish(&with_level(name, level), &clean);
        }
        name = tidy(cut_before(&name, road, 8));
    }
    for (long, short) in SHORT_FORMS {
        if fits(&name) {
            return finish(&with_level(name, level), &clean);
        }
        name = with_short_form(name, long, short);
    }
    for case in CASES {
        if fits(&name) {
            return finish(&with_level(name, level), &clean);
        }
        name = tidy(cut_before(&name, case, SHORTEST_HEAD));
    }
    finish(&name, &clean)
}

/// Another short name for one that several procedures share: the beginning and
/// the end of the official name, because twins differ at the end (*Gia hạn thời
/// gian lưu hành… Campuchia*). `None` where nothing can be left out.
pub(crate) fn short_name_by_both_ends(official: &str) -> Option<String> {
    let clean = nfc(official);
    let mut name = tidy(&without_brackets(without_head(&clean.split_whitespace().collect::<Vec<_>>().join(" "))));
    for (long, short) in SHORT_FORMS {
        name = with_short_form(name, long, short);
    }
    if fits(&name) {
        return None;
    }
    let words: Vec<&str> = name.split(' ').collect();
    let chars = |text: &str| text.chars().count();
    let mut end = words.len();
    let mut room = END_CHARS;
    while let Some(word) = end.checked_sub(1).and_then(|at| words.get(at)) {
        let Some(left) = room.checked_sub(chars(word) + 1) else { break };
        room = left;
        end -= 1;
    }
    while words.get(end).is_some_and(|word| DANGLING.contains(word)) {
        end += 1;
    }
    let tail = words.get(end..).unwrap_or_default().join(" ");
    // `… ` between the two.
    let mut room = SHORT_NAME_CHARS.checked_sub(chars(&tail) + 2)?;
    let mut begin = 0;
    while let Some(word) = words.get(begin).filter(|_| begin < end) {
        let Some(left) = room.checked_sub(chars(word) + usize::from(begin > 0)) else { break };
        room = left;
        begin += 1;
    }
    let head = words.get(..begin).unwrap_or_default().join(" ");
    let head = without_dangling(&head).trim_end_matches([',', ';', ':']);
    (!head.is_empty() && !tail.is_empty()).then(|| capitalised(&format!("{head}… {tail}")))
}

/// A given short name, cut to size where somebody wrote a longer one.
pub(crate) fn given_or_derived(given: Option<&str>, official: &str) -> String {
    match given.map(nfc).map(|given| given.trim().to_owned()) {
        Some(given) if !given.is_empty() => truncate_graphemes(&given, SHORT_NAME_CHARS).into_owned(),
        _ => short_name(official),
    }
}

fn fits(name: &str) -> bool {
    name.chars().count() <= SHORT_NAME_CHARS
}

/// Cuts to size; falls back to the official name's own beginning, and to a dash
/// where even that holds nothing.
fn finish(name: &str, official: &str) -> String {
    let name = if name.chars().any(char::is_alphanumeric) { name } else { official.trim() };
    let cut = truncate_graphemes(name, SHORT_NAME_CHARS);
    let cut = match cut.strip_suffix('…') {
        Some(body) => format!("{}…", without_dangling(body)),
        None => without_dangling(&cut).to_owned(),
    };
    let cut = cut.trim();
    if cut.is_empty() { "–".to_owned() } else { capitalised(cut) }
}

/// Without words at the end that lead nowhere; never without all words.
fn without_dangling(name: &str) -> &str {
    let mut kept = name.trim_end();
    while let Some((before, last)) = kept.rsplit_once(' ') {
        if !DANGLING.contains(&last) || !before.contains(' ') {
            break;
        }
        kept = before.trim_end_matches([' ', ',', ';']);
    }
    kept
}

/// The sign of the one level that a name mentions.
fn level_sign(name: &str) -> Option<&'static str> {
    let mut signs = LEVELS.iter().filter(|(level, _)| name.contains(level)).map(|(_, sign)| *sign);
    let first = signs.next()?;
    signs.all(|sign| sign == first).then_some(first)
}

/// With the level, so that twins at several levels differ, where there is room.
fn with_level(name: String, level: Option<&'static str>) -> String {
    match level {
        Some(sign) if name.chars().count() + sign.chars().count() <= SHORT_NAME_CHARS => format!("{name}{sign}"),
        _ => name,
    }
}

fn without_head(name: &str) -> &str {
    let mut rest = name;
    for head in ["thủ tục hành chính", "thủ tục"] {
        let lower: usize = rest.chars().take(head.chars().count()).map(char::len_utf8).sum();
        let (start, tail) = rest.split_at(lower);
        let names_deed = !NO_DEED.iter().any(|words| tail.starts_with(words));
        if start.to_lowercase() == head && tail.starts_with([' ', ':']) && names_deed {
            rest = tail.trim_start_matches([' ', ':', '-']);
            break;
        }
    }
    if rest.is_empty() { name } else { rest }
}

/// Without what stands in round brackets, however nested; an open bracket that
/// never closes ends the name.
fn without_brackets(name: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    if kept.chars().any(char::is_alphanumeric) { kept } else { name.to_owned() }
}

/// What stands before a phrase, where it stands after the first `least` characters.
fn cut_before<'a>(name: &'a str, phrase: &str, least: usize) -> &'a str {
    name.match_indices(phrase)
        .map(|(at, _)| at)
        .find_map(|at| name.get(..at).filter(|head| head.chars().count() >= least))
        .unwrap_or(name)
}

/// Replaces whole words only, whatever the case of their first letter.
fn with_short_form(name: String, long: &str, short: &str) -> String {
    // Most names hold most of them not at all, whatever their first letter.
    let first = long.chars().next().map_or(0, char::len_utf8);
    if !long.get(first..).is_some_and(|rest| name.contains(rest)) {
        return name;
    }
    let mut out = String::with_capacity(name.len());
    let mut rest = name.as_str();
    let upper = capitalised(long);
    loop {
        let place = [long, upper.as_str()].iter().filter_map(|form| rest.find(form)).min();
        let Some(at) = place else { break };
        let (before, from) = rest.split_at(at);
        let after = from.get(long.len()..).or_else(|| from.get(upper.len()..)).unwrap_or_default();
        let whole = !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        out.push_str(before);
        if whole {
            out.push_str(short);
        } else {
            out.push_str(from.get(..from.len() - after.len()).unwrap_or_default());
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => {
            let upper: Cow<'_, str> = first.to_uppercase().collect::<String>().into();
            // `ß` becomes two letters: such a word stays as it is.
            if upper.chars().count() == 1 { format!("{upper}{}", chars.as_str()) } else { text.to_owned() }
        }
        None => String::new(),
    }
}

fn tidy(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",").replace(" .", ".");
    name.trim_matches([' ', ',', ';', '.', ':', '-', '–']).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    #[test]
    fn official_names_become_names_for_a_small_screen() {
        for (official, short) in [
            ("Thủ tục đăng ký khai sinh", "Đăng ký khai sinh"),
            ("Thủ tục hành chính: cấp mã ngân hàng", "Cấp mã ngân hàng"),
            ("Cấp lại thẻ căn cước (thực hiện tại cấp trung ương)", "Cấp lại thẻ căn cước (TW)"),
            ("Huỷ tài khoản điện tử trong trường hợp cơ quan có đề nghị", "Huỷ tài khoản điện tử"),
            ("Thủ tục hải quan đối với tàu hỏa xuất cảnh, nhập cảnh", "Thủ tục hải quan đối với tàu hỏa xuất…"),
            ("Đăng ký thành lập công ty trách nhiệm hữu hạn một thành viên", "Đăng ký thành lập công ty TNHH MTV"),
            ("Xóa đăng ký", "Xóa đăng ký"),
        ] {
            assert_eq!(short_name(official), short);
        }
    }

    #[test]
    fn a_name_of_nothing_is_still_a_name() {
        for empty in ["", "   ", "()", "Thủ tục", "…", "\u{200b}"] {
            assert!(!short_name(empty).is_empty(), "{empty:?}");
        }
        assert_eq!(short_name("Thủ tục"), "Thủ tục");
    }

    #[test]
    fn a_name_written_by_hand_wins_and_still_fits() {
        assert_eq!(given_or_derived(Some("Sang tên xe"), "Cấp chứng nhận đăng ký xe"), "Sang tên xe");
        assert_eq!(given_or_derived(Some("  "), "Thủ tục tách hộ"), "Tách hộ");
        assert!(given_or_derived(Some(&"rất dài ".repeat(30)), "x").chars().count() <= SHORT_NAME_CHARS);
    }

    #[test]
    fn twins_are_told_apart_by_their_ends() {
        let short = |name: &str| short_name_by_both_ends(name).unwrap_or_default();
        assert_eq!(
            short("Gia hạn thời gian lưu hành tại Việt Nam cho phương tiện của Campuchia"),
            "Gia hạn thời gian lưu hành… Campuchia"
        );
        assert_eq!(short_name_by_both_ends("Tách hộ"), None);
    }

    proptest! {
        #[test]
        fn both_ends_fit(name in "\\PC{0,700}") {
            if let Some(short) = short_name_by_both_ends(&name) {
                prop_assert!((1..=SHORT_NAME_CHARS).contains(&short.chars().count()));
            }
        }

        #[test]
        fn any_name_fits_and_is_whole(name in "\\PC{0,700}") {
            let short = short_name(&name);
            prop_assert!(!short.is_empty());
            prop_assert!(short.chars().count() <= SHORT_NAME_CHARS);
        }

        #[test]
        fn vietnamese_names_stay_words(words in proptest::collection::vec("[đĐa-zăâêôơưắằệộ]{1,9}", 1..60)) {
            let name = nfc(&words.join(" ")).into_owned();
            let short = short_name(&name);
            prop_assert!(short.chars().count() <= SHORT_NAME_CHARS);
            let body = short.trim_end_matches('…');
            let last = body.graphemes(true).next_back().unwrap_or_default();
            prop_assert!(name.to_lowercase().contains(&last.to_lowercase()));
        }
    }
}
