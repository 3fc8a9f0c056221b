//! Linking a messenger's account and a telephone by consent, and what was asked
//! before. Both sides prove themselves within minutes: the account is known to
//! its messenger, and the phone is shown by a code that was sent to it or by the
//! messenger itself. What is linked is told in *my requests*, and nothing else:
//! no rule of disclosure looks here.

use compact_str::CompactString;
use jiff::Timestamp;

use super::disclosure::after;
use super::words::stable_words;
use super::{Audience, Desk, Refusal, RefusalKind, Reply, Request};
use crate::domain::{Channel, Locale, OneTimeCode, Phone, Sender, SenderAssurance};
use crate::ports::{
    KeyedHash, Link, LinkProof, LinkTerms, LinkTried, NewLinkCode, NewLinkOffer, NotSaid, Notification, Notifier,
    Outcome, PastRequest, StoreError, Subject,
};

/// The version of the words that ask for consent (`link-offer`): whoever changes
/// what they say gives them a new one.
pub const LINK_CONSENT: &str = "2026-11";

/// Requests that are told, and those that are looked through for them.
const TOLD: usize = 10;
const LOOKED_AT: usize = 60;

/// What is wished of links.
#[derive(Clone, PartialEq)]
pub enum LinkAction {
    /// Link my phone to this account.
    Phone {
        /// Which, where it was said.
        phone: Option<Phone>,
        /// What the citizen wrote.
        words: CompactString,
    },
    /// Here is the code that was sent to it: to send it back is to consent.
    Confirm {
        /// The code.
        code: OneTimeCode,
        /// What the citizen wrote: the record of the consent.
        words: CompactString,
    },
    /// The messenger's own contact button was pressed: the provider vouches for
    /// the number.
    Contact {
        /// The account's own number.
        phone: Phone,
    },
    /// What is linked to me?
    Show,
    /// Link it no more.
    Unlink {
        /// By its place in what [`LinkAction::Show`] shows, from 1; `None` for all.
        which: Option<u8>,
    },
}

impl LinkAction {
    stable_words! {
        /// A stable word for the audit, metrics and `--json`.
        Self::Phone { .. } => "link_phone",
        Self::Confirm { .. } => "confirm_link",
        Self::Contact { .. } => "link_contact",
        Self::Show => "show_links",
        Self::Unlink { .. } => "unlink",
    }
}

/// What is said of links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkReply {
    /// What the consent would be to, and how it is given.
    Offered {
        /// A number may be sent: a code goes to it.
        by_code: bool,
        /// The messenger's contact button may be pressed.
        by_contact: bool,
    },
    /// A code is on its way, with what sending it back consents to. The same
    /// whether the phone is known here or not, and whether it has had too many.
    CodeSent {
        /// To which phone.
        phone: Phone,
        /// For how many minutes it holds.
        minutes: u64,
    },
    /// No code can be sent to such a number.
    NotAMobile,
    /// They are linked.
    Linked {
        /// The phone, masked.
        phone: CompactString,
        /// Another phone of the account is linked no more.
        replaced: bool,
    },
    /// It is another code, and so many tries are left.
    WrongCode {
        /// At least 1.
        left: u32,
    },
    /// No code is awaited (any more): a new one must be asked for.
    NoCode,
    /// The phone has as many accounts as it may have.
    TooManyAccounts {
        /// So many.
        most: u32,
    },
    /// What is linked, in its order.
    Shown(Vec<LinkShown>),
    /// So many links were broken.
    Unlinked {
        /// How many.
        count: u32,
    },
    /// This house sends no codes, and the messenger has no contact button.
    NoWay,
    /// Others would read it: in a private chat only.
    OnlyPrivately,
    /// Nobody vouches for the sender here: where it can be done.
    NotHere,
}

impl LinkReply {
    /// A stable word.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Offered { .. } => "offered",
            Self::CodeSent { .. } => "code_sent",
            Self::NotAMobile => "not_a_mobile",
            Self::Linked { .. } => "linked",
            Self::WrongCode { .. } => "wrong_code",
            Self::NoCode => "no_code",
            Self::TooManyAccounts { .. } => "too_many_accounts",
            Self::Shown(_) => "shown",
            Self::Unlinked { .. } => "unlinked",
            Self::NoWay => "no_way",
            Self::OnlyPrivately => "only_privately",
            Self::NotHere => "not_here",
        }
    }
}

/// One link, as the citizen sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkShown {
    /// The other side.
    pub with: LinkedWith,
    /// Since when.
    pub since: Timestamp,
}

/// The other side of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkedWith {
    /// A phone, masked; empty where it cannot be shown.
    Phone(CompactString),
    /// An account there.
    Account(Channel),
}

/// What the citizen asked before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyRequestsReply {
    /// Newest first.
    pub requests: Vec<AskedBefore>,
    /// Other senders are linked: theirs are among them.
    pub linked: bool,
}

/// One request of before: never what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedBefore {
    /// When.
    pub at: Timestamp,
    /// The road.
    pub channel: Channel,
    /// About what.
    pub about: AskedAbout,
    /// The code that an officer can look up.
    pub answer_code: CompactString,
}

/// What a request of before was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AskedAbout {
    /// A dossier: which one stands nowhere but in its keyed hash.
    Dossier,
    /// Procedures.
    Procedures,
    /// Agencies and opening hours.
    Agencies,
    /// A person to talk to.
    Person,
    /// Notices, wanted or not.
    Notices,
    /// Links.
    Links,
    /// Queue, tickets, payment, ratings.
    Services,
    /// It was not understood.
    Unclear,
}

impl AskedAbout {
    /// Every matter.
    pub const ALL: [Self; 8] = [
        Self::Dossier,
        Self::Procedures,
        Self::Agencies,
        Self::Person,
        Self::Notices,
        Self::Links,
        Self::Services,
        Self::Unclear,
    ];

    /// By the stable word of an action; `None` for small talk, which is no request.
    pub fn of(action: &str) -> Option<Self> {
        Some(match action {
            "track_dossier" | "disclose_dossier" | "send_code" => Self::Dossier,
            "find_procedures" | "show_procedure" => Self::Procedures,
            "list_agencies" | "opening_hours" => Self::Agencies,
            "talk_to_person" | "complain" | "leave_line" | "call_back" => Self::Person,
            "subscribe" | "unsubscribe" | "opt_out" | "opt_in" => Self::Notices,
            "link_phone" | "confirm_link" | "link_contact" | "unlink" => Self::Links,
            "queue_now" | "take_ticket" | "ticket_place" | "rate" | "pay" => Self::Services,
            "free_text" => Self::Unclear,
            _ => return None,
        })
    }
}

/// Which side of a link a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// An account that its messenger vouches for.
    Account,
    /// A telephone. Whatever is said goes to that phone; `assured` where the road
    /// says that it comes from there too.
    Phone { assured: bool },
    /// One among others who read it.
    Group,
    /// Nobody vouches for anybody.
    Neither,
}

impl Side {
    fn of(request: &Request) -> Self {
        let assured = request.assurance >= SenderAssurance::Provider;
        match (&request.sender, request.channel) {
            _ if request.audience == Audience::Group => Self::Group,
            (Sender::Account(_), Channel::Zalo | Channel::Telegram) if assured => Self::Account,
            (Sender::Phone(_), Channel::Sms) => Self::Phone { assured },
            _ => Self::Neither,
        }
    }
}

impl Desk {
    pub(super) async fn link(&self, request: &Request, action: LinkAction, locale: Locale) -> Result<Reply, Refusal> {
        let reply = match (Side::of(request), action) {
            (Side::Group, _) => LinkReply::OnlyPrivately,
            (Side::Account, LinkAction::Phone { phone, words }) => {
                self.offer_link(request, phone, words, locale).await?
            }
            (Side::Account, LinkAction::Confirm { code, words }) => self.confirm_link(request, &code, &words).await?,
            (Side::Account, LinkAction::Contact { phone }) => self.link_contact(request, &phone, locale).await?,
            (Side::Account | Side::Phone { assured: true }, LinkAction::Show) => self.show_links(request).await?,
            // No proof is wanted to be left alone.
            (Side::Account | Side::Phone { .. }, LinkAction::Unlink { which }) => self.unlink(request, which).await?,
            _ => LinkReply::NotHere,
        };
        Ok(Reply::Link(reply))
    }

    /// What the consent would be to; with a number at once the code that, sent
    /// back, is the consent.
    async fn offer_link(
        &self,
        request: &Request,
        phone: Option<Phone>,
        words: CompactString,
        locale: Locale,
    ) -> Result<LinkReply, Refusal> {
        let by_contact = request.channel.shares_contacts();
        let Some(notifier) = self.parts.notifier.as_deref().filter(|_| phone.is_some()) else {
            let by_code = self.parts.notifier.is_some();
            if !by_code && !by_contact {
                return Ok(LinkReply::NoWay);
            }
            let kept = self.parts.links.offer(self.new_offer(request, words)).await;
            kept.map_err(|problem| self.link_not_stored(request, &problem))?;
            return Ok(LinkReply::Offered { by_code, by_contact });
        };
        let Some(phone) = phone.filter(Phone::is_mobile) else { return Ok(LinkReply::NotAMobile) };
        let started = self.parts.clock.now();
        match self.issue_link_code(request, notifier, &phone, words, locale).await {
            Ok(()) => {}
            Err(NotSaid::Store(problem)) => return Err(self.link_not_stored(request, &problem)),
            // The operator hears of it; the citizen may ask again.
            Err(problem) => tracing::error!(request = request.id.as_str(), %problem, "link code not sent"),
        }
        // A phone that has had too many takes as long as one that gets a code.
        self.fill_time(started, std::time::Duration::ZERO).await;
        let minutes = self.parts.rules.linking.valid.as_secs() / 60;
        Ok(LinkReply::CodeSent { phone, minutes })
    }

    async fn issue_link_code(
        &self,
        request: &Request,
        notifier: &dyn Notifier,
        phone: &Phone,
        words: CompactString,
        locale: Locale,
    ) -> Result<(), NotSaid> {
        let rules = &self.parts.rules.linking;
        let offer = self.new_offer(request, words);
        let (account, at) = (offer.account, offer.at);
        let code = OneTimeCode::from_bits(self.parts.randomness.next_u64());
        let new = NewLinkCode {
            phone: self.parts.hash_key.hash("phone", phone.e164()),
            masked: phone.masked().into(),
            code: self.link_code_hash(account, &code),
            tries: rules.tries,
            pause: rules.pause,
            most_a_day: rules.most_a_day,
            most_a_day_phone: rules.most_a_day_phone,
        };
        if !self.parts.links.issue(offer, new).await? {
            return Ok(());
        }
        let subject = Subject::LinkCode { code, minutes: rules.valid.as_secs() / 60, channel: request.channel };
        let notification = Notification { to: phone.clone(), locale, subject, at };
        let messages = notifier.compose(&notification).await?;
        self.parts.outbox.enqueue(messages).await?;
        Ok(())
    }

    fn new_offer(&self, request: &Request, words: CompactString) -> NewLinkOffer {
        let at = self.parts.clock.now();
        NewLinkOffer {
            account: request.sender.hash(&self.parts.hash_key),
            channel: request.channel,
            consent: LINK_CONSENT.into(),
            words,
            at,
            until: after(at, self.parts.rules.linking.valid),
        }
    }

    async fn confirm_link(&self, request: &Request, code: &OneTimeCode, words: &str) -> Result<LinkReply, Refusal> {
        let account = request.sender.hash(&self.parts.hash_key);
        let code = self.link_code_hash(account, code);
        let tried = self.try_link(request, account, LinkProof::Code { code, words }).await?;
        Ok(self.said_of(tried).unwrap_or(LinkReply::NoCode))
    }

    /// A contact that nobody asked for is no consent: it is asked for then.
    async fn link_contact(&self, request: &Request, phone: &Phone, locale: Locale) -> Result<LinkReply, Refusal> {
        let account = request.sender.hash(&self.parts.hash_key);
        let masked = phone.masked();
        let hash = self.parts.hash_key.hash("phone", phone.e164());
        let tried = self.try_link(request, account, LinkProof::Contact { phone: hash, masked: &masked }).await?;
        match self.said_of(tried) {
            Some(said) => Ok(said),
            None => self.offer_link(request, None, CompactString::default(), locale).await,
        }
    }

    async fn try_link(
        &self,
        request: &Request,
        account: KeyedHash,
        proof: LinkProof<'_>,
    ) -> Result<LinkTried, Refusal> {
        let (rules, now) = (&self.parts.rules.linking, self.parts.clock.now());
        let terms = LinkTerms { most_accounts: rules.most_accounts, until: after(now, rules.kept_for) };
        let tried = self.parts.links.confirm(account, proof, now, terms).await;
        tried.map_err(|problem| self.link_not_stored(request, &problem))
    }

    /// `None` where nothing was awaited.
    fn said_of(&self, tried: LinkTried) -> Option<LinkReply> {
        match tried {
            LinkTried::Linked { masked, replaced } => Some(LinkReply::Linked { phone: masked, replaced }),
            LinkTried::Wrong { left: 0 } => Some(LinkReply::NoCode),
            LinkTried::Wrong { left } => Some(LinkReply::WrongCode { left }),
            LinkTried::TooMany => Some(LinkReply::TooManyAccounts { most: self.parts.rules.linking.most_accounts }),
            LinkTried::Nothing => None,
        }
    }

    async fn show_links(&self, request: &Request) -> Result<LinkReply, Refusal> {
        let (sender, links) = self.own_links(request).await?;
        self.keep_links(request, sender).await;
        let shown = |link: Link| LinkShown {
            since: link.since,
            with: if link.account == sender {
                LinkedWith::Phone(link.masked)
            } else {
                LinkedWith::Account(link.channel)
            },
        };
        Ok(LinkReply::Shown(links.into_iter().map(shown).collect()))
    }

    async fn unlink(&self, request: &Request, which: Option<u8>) -> Result<LinkReply, Refusal> {
        let sender = request.sender.hash(&self.parts.hash_key);
        let other = match which {
            None => None,
            Some(place) => {
                let (_, links) = self.own_links(request).await?;
                let link = usize::from(place).checked_sub(1).and_then(|place| links.get(place));
                let Some(link) = link else { return Ok(LinkReply::Unlinked { count: 0 }) };
                Some(link.other_side(sender))
            }
        };
        let broken = self.parts.links.unlink(sender, other).await;
        Ok(LinkReply::Unlinked { count: broken.map_err(|problem| self.link_not_stored(request, &problem))? })
    }

    /// What the sender, and whoever is linked to it, asked before.
    pub(super) async fn my_requests(&self, request: &Request) -> Result<Reply, Refusal> {
        let known = match Side::of(request) {
            Side::Group => return Ok(Reply::Link(LinkReply::OnlyPrivately)),
            Side::Account | Side::Phone { assured: true } => true,
            // A browser's own session, which nothing is linked to.
            Side::Neither if matches!(&request.sender, Sender::Account(_)) && request.channel.has_officers() => false,
            Side::Neither | Side::Phone { assured: false } => return Ok(Reply::Link(LinkReply::NotHere)),
        };
        let sender = request.sender.hash(&self.parts.hash_key);
        let mut senders = vec![sender];
        if known {
            let linked = self.parts.links.senders_of(sender, request.received_at).await;
            senders.extend(linked.map_err(|problem| self.link_not_stored(request, &problem))?);
            self.keep_links(request, sender).await;
        }
        let found = self.parts.requests.of_senders(&senders, LOOKED_AT).await;
        let found = found.map_err(|problem| self.link_not_stored(request, &problem))?;
        let requests = found.into_iter().filter_map(asked_before).take(TOLD).collect();
        Ok(Reply::MyRequests(MyRequestsReply { requests, linked: senders.len() > 1 }))
    }

    async fn own_links(&self, request: &Request) -> Result<(KeyedHash, Vec<Link>), Refusal> {
        let sender = request.sender.hash(&self.parts.hash_key);
        let links = self.parts.links.links_of(sender, request.received_at).await;
        Ok((sender, links.map_err(|problem| self.link_not_stored(request, &problem))?))
    }

    /// No answer hangs on it.
    async fn keep_links(&self, request: &Request, sender: KeyedHash) {
        let until = after(request.received_at, self.parts.rules.linking.kept_for);
        if let Err(problem) = self.parts.links.keep_links(sender, request.received_at, until).await {
            tracing::warn!(request = request.id.as_str(), %problem, "use of links not written down");
        }
    }

    fn link_code_hash(&self, account: KeyedHash, code: &OneTimeCode) -> KeyedHash {
        let text = compact_str::format_compact!("{} {}", account.to_hex(), code.digits());
        self.parts.hash_key.hash("link-code", &text)
    }

    fn link_not_stored(&self, request: &Request, problem: &StoreError) -> Refusal {
        tracing::error!(request = request.id.as_str(), %problem, "links not reached");
        Refusal { kind: RefusalKind::Internal, retry_after: Some(self.parts.rules.portal_retry_after) }
    }
}

fn asked_before(past: PastRequest) -> Option<AskedBefore> {
    if past.outcome == Outcome::Replayed {
        return None;
    }
    let about = AskedAbout::of(&past.action)?;
    Some(AskedBefore { at: past.at, channel: past.channel, about, answer_code: past.answer_code })
}
