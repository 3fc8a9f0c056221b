# Where a dossier is, and what to do next.
#
# Short sentences, plain words. Never an invented date: what is not published
# is said to be not published.

## Lines of the answer

dossier-number = Dossier: { $number }
    .sms = { $number }:
    .speech = Dossier number { $number }.
dossier-procedure = Procedure: { $name }
    .sms = For: { $name }.
    .speech = The procedure is { $name }.
dossier-name-withheld = The name of this procedure is shown to the owner only.
    .sms = Procedure shown to the owner only.
dossier-status = Status: { $status }
    .sms = { $status }
dossier-place = The dossier is at { $agency }.
    .sms = at { $agency }.
dossier-handled-by = It was handled by { $agency }.
    .sms = ({ $agency }).
    .speech = It was handled by { $agency }.
dossier-agency = Agency: { $agency }
dossier-next = What to do: { $next }
dossier-reason = Reason: { $reason }.
dossier-returned-on = The result was handed over on { $date }.
    .sms = Handed over { $date }.
    .speech = The result was handed over on { $date }.
dossier-see-more = If the applicant is a person, you can see more about the reason, fees and papers: enter the last 4 digits of the applicant's ID.
dossier-see-more-how = If the applicant is a person, you can see more about the reason, fees and papers: send “{ $number } cccd 1234” with the last 4 digits of the applicant's ID in place of 1234.
    .sms = More (persons): send number, cccd, last 4 digits of ID.
    .speech = If the applicant is a person, you can hear more about the reason, fees and papers: say the dossier number again, then: last four digits, and the last 4 digits of the applicant's ID.

## Status, in short

phase-registered = Just filed, waiting for a check
phase-accepted = Accepted
phase-refused = Not accepted
phase-in-progress = Being handled
phase-papers-requested = Waiting for papers
phase-payment-requested = Waiting for payment
phase-withdrawn = Withdrawn
phase-stopped = Stopped
phase-result-ready = Result ready
phase-returned = Result handed over
phase-other = Another status

## Status, as a sentence

situation-registered = The dossier was just filed. The desk will check it.
situation-accepted = The dossier has been accepted.
situation-refused = We are sorry: the dossier was not accepted.
situation-in-progress = The dossier is being handled.
situation-papers-requested = The dossier waits for more papers from the applicant.
situation-payment-requested = The dossier waits for a payment from the applicant.
situation-withdrawn = The dossier was withdrawn at the applicant's request.
situation-stopped = Work on the dossier has stopped.
situation-result-ready = The dossier is finished and the result is ready.
situation-returned = The dossier is finished and the result was handed over.
situation-other = The agency gives the status as “{ $text }”.

## Time

due =
    { $days ->
        [0] The result is due on { $date }.
        [1] The result is due on { $date }, in 1 working day.
       *[any] The result is due on { $date }, in { $days } working days.
    }
    .sms = Due { $date }.
    .speech =
        { $days ->
            [0] The result is due on { $date }.
            [1] The result is due on { $date }, in 1 working day.
           *[any] The result is due on { $date }, in { $days } working days.
        }
overdue =
    { $days ->
        [1] The dossier was due on { $date } and is 1 working day late. We are sorry that you have to wait. No new date has been published.
       *[any] The dossier was due on { $date } and is { $days } working days late. We are sorry that you have to wait. No new date has been published.
    }
    .sms = 
        { $days ->
            [1] Due { $date }, 1 working day late, sorry.
           *[any] Due { $date }, { $days } working days late, sorry.
        }
    .speech =
        { $days ->
            [1] The dossier was due on { $date } and is 1 working day late. We are sorry that you have to wait. No new date has been published.
           *[any] The dossier was due on { $date } and is { $days } working days late. We are sorry that you have to wait. No new date has been published.
        }
finished-late =
    { $days ->
        [1] The work ended on { $finished }, 1 working day after the due date { $due }. We are sorry for the delay.
       *[any] The work ended on { $finished }, { $days } working days after the due date { $due }. We are sorry for the delay.
    }
    .sms = 
        { $days ->
            [1] Done { $finished }, 1 working day late, sorry.
           *[any] Done { $finished }, { $days } working days late, sorry.
        }
    .speech =
        { $days ->
            [1] The work ended on { $finished }, 1 working day late. It was due on { $due }. We are sorry for the delay.
           *[any] The work ended on { $finished }, { $days } working days late. It was due on { $due }. We are sorry for the delay.
        }
finished-in-time = The work was finished in time.
    .sms = Finished in time.
due-not-published = The due date is not published.
    .sms = No due date given.
due-after-acceptance = A due date is set once the dossier is accepted.
    .sms = No due date yet.
clock-stands = The time for handling it is paused. No new deadline has been published.
    .sms = Time paused, no deadline given.
clock-refused = It waits for the applicant to correct it and hand it in again. No deadline for that has been published.
    .sms = No deadline given.
clock-papers = While it waits for papers, the time for handling it is paused. No deadline for the papers has been published.
    .sms = No deadline given.
clock-payment = While it waits for payment, the time for handling it is paused. No deadline for the payment has been published.
    .sms = No deadline given.
clock-stopped = It waits for the agency to decide. No deadline has been published.
    .sms = No deadline given.

# Where the agency's own words (reason, papers) stand below: they may name a
# deadline, so it is not said that none is published.
clock-words-below = The time for handling it is paused. What the agency says is below.
    .sms = Time paused.
    .speech = The time for handling it is paused. This is what the agency says.

## What to do next

next-wait-for-check = You need not do anything yet. The desk will check the dossier first.
    .sms = Nothing to do yet.
next-wait-for-result = You need not do anything yet. Please wait for the result.
    .sms = Please wait for the result.
next-ask-agency = You have the right to ask why it is late. Please ask the agency directly and give the dossier number.
next-mend-and-resubmit = Please ask the desk that received it what to correct, and hand the dossier in again.
    .sms = Ask the desk what to correct.
mend-papers = Please add or correct the papers and hand the dossier in again. If it is not clear which papers, ask the desk that received it.
    .sms = Please mend and hand in again.
mend-fee = Please pay what the notice says and hand the dossier in again. Never pay because of an unknown message or call.
    .sms = Please pay and hand in again.
mend-conditions = Please read the conditions of the procedure. Once you meet them, hand the dossier in again.
    .sms = Once you meet them, hand in again.
next-hand-in-elsewhere = Please ask the desk which agency handles this, and hand the dossier in there.
    .sms = Please ask the desk where to file.
next-hand-in-papers = Please hand in the papers at the desk that received the dossier. If you filed online, add them on the service portal.
    .sms = Please hand them in where you filed.
next-pay-fee = Please pay as the agency's notice says and keep the receipt. Never pay because of an unknown message or call.
    .sms = Please pay as the notice says.
next-nothing-withdrawn = You need not do anything more. To go on, file a new dossier.
    .sms = To go on, file a new dossier.
next-ask-reason = Please ask the agency for the reason and what to do.
next-collect-result = Please collect the result where you filed, in opening hours. Bring the appointment slip and your ID.
    .sms = Please collect it where you filed, with slip and ID.
next-wait-for-post = The result comes by post. Please wait for it at the address that you gave.
    .sms = The result comes by post.
next-nothing-returned = You need not do anything more.
    .sms = Nothing more to do.
next-ask-meaning = Please ask the agency what this status means.

## Reaching a person

contact = Contact: { $contact }.
    .sms = Ask { $contact }.
contact-unknown = The agency's telephone is not published. You can go to the desk where you filed.
    .sms = Ask where you filed.

## Kinds of reasons (open to whoever knows the number)

reason-papers-missing = papers are missing or not right
    .sms = papers missing or wrong
reason-fee-due = a payment is due
reason-not-competent = this agency does not handle such dossiers
    .sms = not handled here
reason-conditions-not-met = the conditions are not met
    .sms = conditions not met
reason-at-request = at the applicant's request
    .sms = applicant's request
reason-unspecified = the agency has not said
    .sms = not given

## How old it is

age-fresh = As of { $moment }.
    .sms = As of { $moment }.
age-stale = As of { $moment }; the service portal does not answer at the moment.
    .sms = As of { $moment }, the portal does not answer.
    .speech = This is as of { $moment }. The service portal does not answer at the moment.

## For the owner only

private-name = Applicant: { $name }
    .sms = Applicant: { $name }.
    .speech = The applicant is { $name }.
private-reason = Reason given by the agency: { $reason }
    .speech = Reason given by the agency: { $reason }.
private-reason-missing = The agency has not given a reason in detail.
private-fees = Payments of this dossier:
private-fee = { $name }: { $amount }
    .sms = { $name }: { $amount }.
    .speech = { $name }, { $amount }.
private-fees-missing = The amount is not published. Please ask the agency before you pay.
private-papers = Papers to hand in:
private-paper = { $what }
    .sms = { $what }.
    .speech = { $what }.
private-paper-dated = { $what } (asked for on { $date })
    .sms = { $what } ({ $date }).
    .speech = { $what }, asked for on { $date }.
private-papers-missing = The list of papers is not published. Please ask the agency.

## Another authority's dossier

elsewhere = Dossier { $number } belongs to { $authority } and cannot be seen here.
    .sms = { $number } belongs to { $authority }, not seen here.
elsewhere-unknown = Dossier { $number } belongs to another authority and cannot be seen here.
    .sms = { $number } belongs to another authority, not seen here.
elsewhere-ask = Please look it up at { $where }.
    .sms = Please ask: { $where }.
elsewhere-ask-unknown = Please ask the office that received it. Its name is on the appointment slip.
    .sms = Please ask the office named on the slip.
