use std::io::Write as _;
use std::time::{Duration, Instant};

/// The longest that a story waits for something: a failure, never a pause.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// How often something is looked at that tells nobody when it changes: another
/// process's database or page.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Looks until something is there. Only for what can be neither listened to nor
/// blocked on.
pub fn eventually<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    eventually_or(look, || what.to_owned())
}

/// The same with words for a failure that know what was there instead.
pub fn eventually_or<T>(mut look: impl FnMut() -> Option<T>, what: impl FnOnce() -> String) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < PATIENCE, "it never came: {}", what());
        std::thread::park_timeout(LOOK_EVERY);
    }
}

/// A story that cannot be told here says so, past the test harness, and
/// `cargo xtask test` counts it; where nothing may be missing it fails.
pub fn skipped(why: &str) {
    let ci = std::env::var_os("CI").is_some_and(|value| value == "true" || value == "1");
    assert!(!ci, "{why} is not set: run cargo xtask test");
    // One write, so that lines of other threads stay whole.
    let _ = std::io::stdout().write_all(format!("\nstory skipped: {why} is not set\n").as_bytes());
}
