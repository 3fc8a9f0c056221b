//! Linking channels by consent, and what was asked before.

use gateway_core::desk::{Action, LINK_CONSENT, LinkAction, LinkReply, LinkShown, LinkedWith, MyRequestsReply};
use gateway_core::domain::{Channel, OneTimeCode, local_date};

use super::sheet::Sheet;
use super::{ChoiceLabel, Scribe};
use crate::keys;
use crate::locales::Arg;

/// To the phone: neither who asked nor which account stands beside the code.
pub(super) fn code(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, code: &OneTimeCode, minutes: u64, channel: Channel) {
    let teller = scribe.teller();
    let (code, channel) = (teller.code(code.digits()), teller.say(keys::channel(&channel), &[]));
    let args = [("code", Arg::Text(&code)), ("minutes", Arg::Count(minutes)), ("channel", Arg::Text(&channel))];
    sheet.paragraph(&teller.say(keys::LINK_CODE, &args));
}

pub(super) fn write(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &LinkReply) -> Vec<ChoiceLabel> {
    let teller = scribe.teller();
    let plain = |key| teller.say(key, &[]);
    match reply {
        LinkReply::Offered { by_code, by_contact } => {
            consent(scribe, sheet);
            if *by_contact {
                sheet.paragraph(&plain(keys::LINK_OFFER_CONTACT));
            }
            if *by_code {
                sheet.paragraph(&plain(keys::LINK_OFFER_CODE));
            }
            Vec::new()
        }
        LinkReply::CodeSent { phone, minutes } => {
            let phone = teller.code(&phone.masked());
            let args = [("phone", Arg::Text(&phone)), ("minutes", Arg::Count(*minutes))];
            sheet.paragraph(&teller.say(keys::LINK_CODE_SENT, &args));
            consent(scribe, sheet);
            Vec::new()
        }
        LinkReply::Linked { phone, replaced } => {
            let phone = teller.code(phone);
            sheet.paragraph(&teller.say(keys::LINKED, &[("phone", Arg::Text(&phone))]));
            if *replaced {
                sheet.line(&plain(keys::LINK_REPLACED));
            }
            offered(scribe, &[Action::MyRequests, Action::Link(LinkAction::Show)])
        }
        LinkReply::WrongCode { left } => {
            sheet.paragraph(&teller.say(keys::LINK_CODE_WRONG, &[("left", Arg::from(*left))]));
            Vec::new()
        }
        LinkReply::NoCode => {
            sheet.paragraph(&plain(keys::LINK_CODE_NONE));
            Vec::new()
        }
        LinkReply::NotAMobile => {
            sheet.paragraph(&plain(keys::LINK_NOT_A_MOBILE));
            Vec::new()
        }
        LinkReply::TooManyAccounts { most } => {
            sheet.paragraph(&teller.say(keys::LINK_TOO_MANY, &[("most", Arg::from(*most))]));
            Vec::new()
        }
        LinkReply::Shown(links) => shown(scribe, sheet, links),
        LinkReply::Unlinked { count } => {
            sheet.paragraph(&teller.say(keys::UNLINKED, &[("count", Arg::from(*count))]));
            Vec::new()
        }
        LinkReply::NoWay => {
            sheet.paragraph(&plain(keys::LINK_NO_WAY));
            Vec::new()
        }
        LinkReply::OnlyPrivately => {
            sheet.paragraph(&plain(keys::LINK_ONLY_PRIVATELY));
            Vec::new()
        }
        LinkReply::NotHere => {
            sheet.paragraph(&plain(keys::LINK_NOT_HERE));
            Vec::new()
        }
    }
}

pub(super) fn my_requests(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &MyRequestsReply) -> Vec<ChoiceLabel> {
    let teller = scribe.teller();
    let first = if reply.requests.is_empty() { keys::MY_REQUESTS_NONE } else { keys::MY_REQUESTS };
    sheet.paragraph(&teller.say(first, &[]));
    for one in &reply.requests {
        let (at, code) = (teller.moment(one.at), teller.code(&one.answer_code));
        let channel = teller.say(keys::channel(&one.channel), &[]);
        let about = teller.say(keys::asked_about(&one.about), &[]);
        let args = [
            ("at", Arg::Text(&at)),
            ("channel", Arg::Text(&channel)),
            ("about", Arg::Text(&about)),
            ("code", Arg::Text(&code)),
        ];
        sheet.item(&teller.say(keys::MY_REQUEST, &args));
    }
    if reply.linked {
        return offered(scribe, &[Action::Link(LinkAction::Show)]);
    }
    sheet.paragraph(&teller.say(keys::MY_REQUESTS_NOT_LINKED, &[]));
    offered(scribe, &[link()])
}

/// What a citizen consents to, with the version that is written down.
fn consent(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>) {
    let teller = scribe.teller();
    let version = teller.code(LINK_CONSENT);
    sheet.paragraph(&teller.say(keys::LINK_OFFER, &[("version", Arg::Text(&version))]));
}

fn shown(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, links: &[LinkShown]) -> Vec<ChoiceLabel> {
    let teller = scribe.teller();
    if links.is_empty() {
        sheet.paragraph(&teller.say(keys::LINKS_NONE, &[]));
        return offered(scribe, &[link()]);
    }
    sheet.paragraph(&teller.say(keys::LINKS_HERE, &[]));
    for (place, link) in (1_u32..).zip(links) {
        let date = teller.date(local_date(link.since));
        let date = ("date", Arg::Text(&date));
        sheet.line(&match &link.with {
            LinkedWith::Phone(phone) if phone.is_empty() => teller.say(keys::LINKS_PHONE_UNSHOWN, &[date]),
            LinkedWith::Phone(phone) => {
                let phone = teller.code(phone);
                teller.say(keys::LINKS_PHONE, &[("phone", Arg::Text(&phone)), date])
            }
            LinkedWith::Account(channel) => {
                let channel = teller.say(keys::channel(channel), &[]);
                let args = [("place", Arg::from(place)), ("channel", Arg::Text(&channel)), date];
                teller.say(keys::LINKS_ACCOUNT, &args)
            }
        });
    }
    let all = Action::Link(LinkAction::Unlink { which: None });
    if links.len() == 1 {
        sheet.paragraph(&teller.say(keys::LINKS_END_ONE, &[]));
        return offered(scribe, &[Action::MyRequests, all]);
    }
    sheet.paragraph(&teller.say(keys::LINKS_END, &[]));
    let each = (1..=u8::try_from(links.len()).unwrap_or(u8::MAX))
        .map(|place| Action::Link(LinkAction::Unlink { which: Some(place) }));
    offered(scribe, &std::iter::once(all).chain(each).collect::<Vec<_>>())
}

fn link() -> Action {
    Action::Link(LinkAction::Phone { phone: None, words: "".into() })
}

fn offered(scribe: &Scribe<'_>, actions: &[Action]) -> Vec<ChoiceLabel> {
    actions.iter().take(scribe.most_choices()).map(|action| scribe.choice(action, None)).collect()
}
