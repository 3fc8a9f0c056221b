/// The known key that is nearest to a mistyped one: by its whole path, or by
/// its last word where that alone is near (a key in the wrong section).
pub(super) fn nearest<'a>(mistyped: &str, known: &'a [String]) -> Option<&'a str> {
    let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    let wanted = last(mistyped);
    known
        .iter()
        .map(|key| {
            let whole = strsim::jaro_winkler(mistyped, key);
            let word = strsim::jaro_winkler(&wanted, &last(key)) * 0.98;
            (key, whole.max(word))
        })
        .filter(|(_, score)| *score > 0.82)
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(key, _)| key.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_slip_and_leaves_nonsense_alone() {
        let known = ["portal.base_url".to_owned(), "listen.public".to_owned()];
        assert_eq!(nearest("portal.base_ulr", &known), Some("portal.base_url"));
        assert_eq!(nearest("server.base_url", &known), Some("portal.base_url"));
        assert_eq!(nearest("zzz.qqq", &known), None);
    }
}
