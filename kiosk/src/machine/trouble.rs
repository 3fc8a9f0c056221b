//! Why a call brought nothing, in the words of the logic.

use kiosk_client::{ClientError, GoneKind};

use crate::flow::Trouble;

/// What a citizen is told. A code that is new to this terminal is judged by its
/// status.
pub(super) fn trouble_of(error: &ClientError) -> Trouble {
    match error {
        ClientError::Gone(GoneKind::OwnFault)
        | ClientError::NotEnrolled
        | ClientError::Revoked
        | ClientError::ClockWrong => Trouble::OutOfOrder,
        ClientError::Gone(_) => Trouble::Unreachable,
        ClientError::Refused(refused) => refused_for(&refused.problem.code, refused.problem.status),
    }
}

fn refused_for(code: &str, status: u16) -> Trouble {
    match code {
        "dossier_not_found" => Trouble::NotFound,
        "dossier_too_new" => Trouble::TooNew,
        "not_a_number" | "number_ambiguous" => Trouble::NotANumber,
        "not_disclosed" | "proof_needed" | "rating_proof_needed" => Trouble::NotDisclosed,
        "not_understood" => Trouble::NotUnderstood,
        "too_many_dossiers" => Trouble::TooMany,
        "portal_down" => Trouble::PortalDown,
        "queue_closed" | "queue_lunch" => Trouble::Closed,
        _ => match status {
            // What is left of these is about the signature.
            401 => Trouble::OutOfOrder,
            429 | 503 | 504 => Trouble::Busy,
            // Also an address that this gateway does not have (yet).
            _ => Trouble::Refused,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_first_then_the_status() {
        for (code, status, trouble) in [
            ("dossier_not_found", 404, Trouble::NotFound),
            ("procedure_not_found", 404, Trouble::Refused),
            ("unknown_route", 404, Trouble::Refused),
            ("too_many_dossiers", 429, Trouble::TooMany),
            ("too_many_requests", 429, Trouble::Busy),
            ("portal_down", 503, Trouble::PortalDown),
            ("too_late", 504, Trouble::Busy),
            ("signature_invalid", 401, Trouble::OutOfOrder),
            ("queue_lunch", 409, Trouble::Closed),
            ("queue_full", 409, Trouble::Refused),
            ("one_that_is_new", 503, Trouble::Busy),
            ("one_that_is_new", 400, Trouble::Refused),
        ] {
            assert_eq!(refused_for(code, status), trouble, "{code}");
        }
        for (error, trouble) in [
            (ClientError::Gone(GoneKind::TooLate), Trouble::Unreachable),
            (ClientError::Gone(GoneKind::OwnFault), Trouble::OutOfOrder),
            (ClientError::NotEnrolled, Trouble::OutOfOrder),
            (ClientError::Revoked, Trouble::OutOfOrder),
            (ClientError::ClockWrong, Trouble::OutOfOrder),
        ] {
            assert_eq!(trouble_of(&error), trouble, "{error}");
        }
    }
}
