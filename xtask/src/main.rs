#![doc = include_str!("../README.md")]

mod bench;
mod fuzz;
mod kiosk;
mod neural;
mod openapi;
mod peers;
mod postgres;
mod run;
mod suite;

use std::process::ExitCode;

use run::say;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test", rest @ ..] => suite::run(rest),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["bench", rest @ ..] => bench::run(rest),
        ["neural", rest @ ..] => neural::run(rest),
        ["kiosk", rest @ ..] => kiosk::run(rest),
        ["openapi"] => openapi::write(),
        ["peers"] => peers::show(),
        _ => {
            say(
                "usage: cargo xtask test [FILTER …] | fuzz [SECONDS] [TARGET] | bench lookup|sms|chat|assistant|queue|kiosk [OPTIONS] \
                 | neural [fetch|test|compare] | kiosk [sheet|OPTIONS] | openapi | peers",
            );
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            say(&format!("xtask: {problem:#}"));
            ExitCode::FAILURE
        }
    }
}
