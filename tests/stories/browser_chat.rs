//! The chat and its button in a real browser: a keyboard only, reloads, broken
//! connections, a page of another origin.

use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use test_support::{Texting, skipped};

/// Open at any hour: the officers' line is part of it.
const OPEN: &str = "[calendar]\nweekend = []\nholidays = []\nmakeup_days = []\n\
                    hours = [{ from = \"00:00:00\", to = \"23:59:59\" }]\n";

#[test]
fn the_chat_is_fit_for_everybody() {
    const VARIABLE: &str = "DAKENH_TEST_BROWSER";
    let Some(command) = std::env::var_os(VARIABLE).and_then(|command| command.into_string().ok()) else {
        return skipped(VARIABLE);
    };
    // The driver of pages, the chat's own beside it.
    let command = command.replace("browser.js", "chat.js");
    // The portal that embeds the button; the driver serves it.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let other = format!("http://127.0.0.1:{port}");
    let house = Texting::start_with(OPEN, &[&format!("chat.embed_origins=[\"{other}\"]")]);
    let mut words = command.split_whitespace();
    let mut browser = Command::new(words.next().unwrap())
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|problem| panic!("{command}: {problem}"));
    let shots = std::env::var_os("DAKENH_TEST_SHOTS").and_then(|folder| folder.into_string().ok());
    let scenario = json!({"base": house.public(), "other": other, "shots": shots});
    browser.stdin.take().unwrap().write_all(scenario.to_string().as_bytes()).unwrap();
    let out = browser.wait_with_output().unwrap().stdout;
    let told: Value = serde_json::from_slice(&out).unwrap();
    let findings: Vec<String> = told["findings"].as_array().unwrap().iter().map(Value::to_string).collect();
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
    assert!(told["checks"].as_u64() > Some(100), "{told}");
}
