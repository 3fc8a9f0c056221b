//! What a bench shows of itself: that what it measured was done.

/// A statement that must hold for the figures to mean anything.
#[derive(Debug, Clone)]
pub(crate) struct Proof {
    pub(crate) what: String,
    pub(crate) holds: bool,
}

impl Proof {
    pub(crate) fn new(holds: bool, what: String) -> Self {
        Self { what, holds }
    }

    /// Two counts that must be the same.
    pub(crate) fn equal(what: &str, found: u64, wanted: u64) -> Self {
        Self { what: format!("{what}: {found} of {wanted}"), holds: found == wanted }
    }
}

/// The sum of a figure's values in Prometheus' text form, over the series that
/// have this text among their labels.
pub(crate) fn metric(text: &str, name: &str, label: &str) -> u64 {
    metric_f64(text, name, label) as u64
}

/// The same with its fraction, for sums of seconds.
pub(crate) fn metric_f64(text: &str, name: &str, label: &str) -> f64 {
    let values = text.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        let (labels, value) = rest.rsplit_once(' ')?;
        let is_it = labels.is_empty() || labels.starts_with('{');
        (is_it && labels.contains(label)).then(|| value.parse::<f64>().ok())?
    });
    values.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# HELP portal_cache_total x\nportal_cache_total{result=\"hit\"} 40\nportal_cache_total{result=\"miss\"} 2\n\
                        portal_cache_total_more 7\nlimits_keys 100000\n";

    #[test]
    fn figures_are_found_by_name_and_label() {
        assert_eq!(metric(TEXT, "portal_cache_total", "result=\"hit\""), 40);
        assert_eq!(metric(TEXT, "portal_cache_total", ""), 42);
        assert_eq!(metric(TEXT, "limits_keys", ""), 100_000);
        assert_eq!(metric(TEXT, "nothing", ""), 0);
    }
}
