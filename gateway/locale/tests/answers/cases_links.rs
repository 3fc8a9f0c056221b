//! Linking channels by consent, and what was asked before.

use gateway_core::desk::{AskedAbout, AskedBefore, LinkReply, LinkShown, LinkedWith, MyRequestsReply, Refusal, Reply};
use gateway_core::domain::{Channel, Phone};
use jiff::{SignedDuration, Timestamp};

pub(super) fn add_all(add: &mut impl FnMut(&str, Result<Reply, Refusal>)) {
    let mut link = |name: &str, reply: LinkReply| add(&format!("link, {name}"), Ok(Reply::Link(reply)));
    for (name, by_code, by_contact) in [("by code", true, false), ("by contact", false, true), ("by both", true, true)]
    {
        link(&format!("offered {name}"), LinkReply::Offered { by_code, by_contact });
    }
    link("code sent", LinkReply::CodeSent { phone: Phone::parse("0912345678").unwrap(), minutes: 10 });
    link("not a mobile", LinkReply::NotAMobile);
    for replaced in [false, true] {
        let name = if replaced { "linked, another replaced" } else { "linked" };
        link(name, LinkReply::Linked { phone: "09xx xxx 678".into(), replaced });
    }
    for left in [1, 4] {
        link(&format!("wrong code, {left} left"), LinkReply::WrongCode { left });
    }
    link("no code", LinkReply::NoCode);
    link("too many accounts", LinkReply::TooManyAccounts { most: 3 });
    let shown = |with| LinkShown { with, since: start() };
    link("shown, none", LinkReply::Shown(Vec::new()));
    link("shown, a phone", LinkReply::Shown(vec![shown(LinkedWith::Phone("09xx xxx 678".into()))]));
    link("shown, a phone of another key", LinkReply::Shown(vec![shown(LinkedWith::Phone("".into()))]));
    let accounts = [Channel::Zalo, Channel::Telegram].map(|channel| shown(LinkedWith::Account(channel)));
    link("shown, two accounts", LinkReply::Shown(accounts.to_vec()));
    for count in [0, 1, 3] {
        link(&format!("unlinked, {count}"), LinkReply::Unlinked { count });
    }
    link("no way", LinkReply::NoWay);
    link("only privately", LinkReply::OnlyPrivately);
    link("not here", LinkReply::NotHere);

    let mut mine = |name: &str, requests: Vec<AskedBefore>, linked: bool| {
        add(&format!("my requests, {name}"), Ok(Reply::MyRequests(MyRequestsReply { requests, linked })));
    };
    mine("none", Vec::new(), false);
    mine("none, linked", Vec::new(), true);
    let channels = Channel::ALL.into_iter().cycle();
    let all = (0_i64..).zip(AskedAbout::ALL).zip(channels).map(|((hour, about), channel)| AskedBefore {
        at: start() - SignedDuration::from_hours(hour),
        channel,
        about,
        answer_code: "7K3F".into(),
    });
    mine("of every kind", all.collect(), true);
}

fn start() -> Timestamp {
    "2026-11-27T02:30:00Z".parse().unwrap()
}
