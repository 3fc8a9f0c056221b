//! Which officer may see a conversation that is handed over, and do what with it.

use crate::domain::{Officer, OfficerRole};
use crate::ports::{Handover, HandoverState};

/// What an officer may do with a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatAccess {
    /// Holds it: may speak.
    Holder,
    /// May take it, and read it before.
    Preview,
    /// May read it.
    Reader,
}

impl Handover {
    /// What this officer may do with it; `None`: not even see it.
    pub fn access(&self, officer: &Officer) -> Option<ChatAccess> {
        let supervisor = officer.is_at_least(OfficerRole::Supervisor);
        match self.state {
            HandoverState::Held if self.officer == Some(officer.id) => Some(ChatAccess::Holder),
            _ if !self.is_at_a_site_of(officer) => None,
            HandoverState::Waiting if supervisor || !self.for_supervisor => Some(ChatAccess::Preview),
            HandoverState::Held | HandoverState::Closed if supervisor => Some(ChatAccess::Reader),
            _ => None,
        }
    }

    /// Whether it belongs to an agency of this officer's. One of no agency is
    /// everybody's.
    pub fn is_at_a_site_of(&self, officer: &Officer) -> bool {
        self.site.is_empty() || officer.may_see(&self.site)
    }

    /// Whether this colleague may be handed it.
    pub fn may_be_given_to(&self, colleague: &Officer) -> bool {
        let role = if self.for_supervisor { OfficerRole::Supervisor } else { OfficerRole::Officer };
        !colleague.disabled && colleague.is_at_least(role) && self.is_at_a_site_of(colleague)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{Channel, Locale, Login, OfficerId, OfficerName, Provider, Sites};
    use crate::ports::{HandoverId, HandoverReason, KeyedHash};

    const HERE: &str = "000.00.17.H09";

    fn officer(id: i64, role: OfficerRole, sites: Sites) -> Officer {
        Officer {
            id: OfficerId(id),
            login: Login::parse("binh.nguyen").unwrap(),
            name: OfficerName::parse("Bình").unwrap(),
            role,
            sites,
            disabled: false,
            second_factor: false,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn handover(state: HandoverState, for_supervisor: bool) -> Handover {
        Handover {
            id: HandoverId(7),
            state,
            conversation: KeyedHash([1; 16]),
            channel: Channel::Webchat,
            provider: Provider::new("webchat"),
            chat: "c".into(),
            sender: KeyedHash([2; 16]),
            locale: Locale::VI,
            site: HERE.into(),
            reason: HandoverReason::Asked,
            for_supervisor,
            officer: (state == HandoverState::Held).then_some(OfficerId(1)),
            opened_at: Timestamp::UNIX_EPOCH,
            claimed_at: None,
            touched_at: Timestamp::UNIX_EPOCH,
            closed_at: None,
            outcome: "".into(),
        }
    }

    #[test]
    fn who_may_do_what() {
        use ChatAccess::{Holder, Preview, Reader};
        use HandoverState::{Closed, Held, Waiting};
        let here = || Sites::parse([HERE]).unwrap();
        let elsewhere = || Sites::parse(["000.00.01.H09"]).unwrap();
        let people = [
            officer(1, OfficerRole::Officer, here()),
            officer(2, OfficerRole::Officer, here()),
            officer(3, OfficerRole::Officer, elsewhere()),
            officer(4, OfficerRole::Supervisor, here()),
            officer(5, OfficerRole::Supervisor, elsewhere()),
        ];
        let table = [
            (Waiting, false, [Some(Preview), Some(Preview), None, Some(Preview), None]),
            (Waiting, true, [None, None, None, Some(Preview), None]),
            (Held, false, [Some(Holder), None, None, Some(Reader), None]),
            (Closed, false, [None, None, None, Some(Reader), None]),
        ];
        for (state, for_supervisor, expected) in table {
            let handover = handover(state, for_supervisor);
            let found = people.each_ref().map(|officer| handover.access(officer));
            assert_eq!(found, expected, "{state:?} {for_supervisor}");
        }
        // Whose sites were taken away keeps what they hold: somebody must end it.
        let moved = officer(1, OfficerRole::Officer, elsewhere());
        assert_eq!(handover(Held, false).access(&moved), Some(Holder));
        let of_nobody = Handover { site: "".into(), ..handover(Waiting, false) };
        assert_eq!(of_nobody.access(&people[2]), Some(Preview), "what is of no agency is everybody's");
    }

    #[test]
    fn it_is_given_to_who_may_take_it() {
        let here = officer(2, OfficerRole::Officer, Sites::parse([HERE]).unwrap());
        let (plain, complaint) = (handover(HandoverState::Held, false), handover(HandoverState::Held, true));
        assert!(plain.may_be_given_to(&here) && !complaint.may_be_given_to(&here));
        assert!(complaint.may_be_given_to(&officer(4, OfficerRole::Operator, Sites::ALL)));
        assert!(!plain.may_be_given_to(&Officer { disabled: true, ..here }));
        assert!(!plain.may_be_given_to(&officer(3, OfficerRole::Officer, Sites::parse(["1.H09"]).unwrap())));
    }
}
