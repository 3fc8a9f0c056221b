//! The road against SMSCs that are not ours: the npm package `smpp` and
//! Python's `smpp.twisted3`, as servers on loopback (`tests/peers/`).
//!
//! A peer's stories are told where `DAKENH_TEST_SMSC_NODE` or
//! `DAKENH_TEST_SMSC_PYTHON` holds the command that starts it; without it they
//! show as *ignored*, and under `CI=true` as failed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the whole target is tests, outside of #[test] functions")]

mod peer;
mod stories;

#[path = "../support/smpp.rs"]
mod support;

use std::process::ExitCode;

use futures::future::BoxFuture;
use libtest_mimic::{Arguments, Failed, Trial};
use peer::Peer;

/// A story told to a peer that has just been started.
type Story = fn(Peer) -> BoxFuture<'static, ()>;

macro_rules! stories {
    ($($story:ident),+ $(,)?) => {
        [$((stringify!($story), (|peer| Box::pin(stories::$story(peer))) as Story)),+]
    };
}

fn main() -> ExitCode {
    let both = stories![
        a_short_and_an_accented_message_arrive,
        long_messages_are_understood_by_header_sar_and_payload,
        throttling_is_a_part_put_back,
        silence_is_uncertain,
        a_receipt_before_the_response_and_a_hexadecimal_id,
        citizens_messages_and_their_parts_come_in,
        a_wrong_password_is_final,
        the_smsc_unbinds_and_we_come_back,
        a_stop_unbinds,
    ];
    let node = stories![a_dropped_connection_is_uncertain_and_we_come_back, a_payload_and_our_enquire_link_answer];
    let mut trials = Vec::new();
    let peers = [("node", "DAKENH_TEST_SMSC_NODE", &node[..]), ("python", "DAKENH_TEST_SMSC_PYTHON", &[])];
    for (name, variable, own) in peers {
        let command = setting(variable);
        let skipped = command.is_none() && setting("CI").as_deref() != Some("true");
        for (story_name, story) in both.iter().chain(own).copied() {
            let command = command.clone();
            let trial = Trial::test(format!("{name}::{story_name}"), move || match command {
                Some(command) => tell(&command, story),
                None => Err(Failed::from(format!("{variable} is not set: no SMSC to test against"))),
            });
            trials.push(trial.with_ignored_flag(skipped));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

#[expect(clippy::disallowed_methods, reason = "tests read where their peers are from the environment")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn tell(command: &str, story: Story) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        story(Peer::start(command).await).await;
    });
    Ok(())
}
