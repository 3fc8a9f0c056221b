# The terminal's screens (kiosk): each key becomes a property of `Words` in the .slint files

## What every screen has

kiosk-window-title = Đa Kênh
kiosk-site-unnamed = Public administration service centre
kiosk-bar-back = Back
kiosk-bar-home = Home
kiosk-bar-call = Get help
kiosk-bar-other-language = Tiếng Việt
kiosk-bar-large = Large text
kiosk-bar-contrast = Contrast
kiosk-bar-reach = Low reach
kiosk-bar-speech = Read aloud
kiosk-read-on = Read on
kiosk-read-back = Read back
kiosk-page-before = Previous page
kiosk-page-after = Next page
kiosk-finish = Done, clear the screen
kiosk-close = Close
kiosk-try-again = Try again
kiosk-answer-code = Answer code: { $code }
kiosk-field-shielded = { $count ->
    [1] 1 character
   *[any] { $count } characters
 } entered

## Keyboard

kiosk-key-erase = Erase
kiosk-key-space = Space
kiosk-tone-acute = Rising tone
kiosk-tone-grave = Falling tone
kiosk-tone-hook = Asking tone
kiosk-tone-tilde = Tumbling tone
kiosk-tone-dot = Heavy tone

## Home

kiosk-home-greeting = Welcome
kiosk-home-lead = Please touch what you would like to do.
kiosk-home-look-up = Look up a dossier
kiosk-home-look-up-hint = How far is my dossier?
kiosk-home-procedures = Procedures
kiosk-home-procedures-hint = Papers, time, fees
kiosk-home-ticket = Take a number
kiosk-home-ticket-hint = Wait for your turn
kiosk-home-ask = Ask
kiosk-home-ask-hint = Type a question
kiosk-home-rate = Rate us
kiosk-home-rate-hint = Are you satisfied?
kiosk-home-phone = Use your phone
kiosk-home-phone-hint = Scan a code and go on there
kiosk-home-closed = The counters are closed now. You can still look things up.
kiosk-home-unreachable = This terminal cannot reach the centre. You can still read about procedures (as of { $date }).
kiosk-home-unreachable-undated = This terminal cannot reach the centre. Please ask an officer at a counter.

## Looking up a dossier

kiosk-look-up-heading = Look up a dossier
kiosk-look-up-lead = Please type the number on your receipt.
kiosk-look-up-scan = Or hold the receipt’s bar code under the scanner.
kiosk-look-up-number = Dossier number
kiosk-look-up-example = Example: 000.00.17.H09-260901-0012
kiosk-look-up-submit = Look up
kiosk-look-up-waiting = Asking, please wait a moment…
kiosk-look-up-another = Another dossier
kiosk-look-up-again = Type the number again
kiosk-look-up-prove = See more (last 4 digits of your ID)
kiosk-look-up-rate = Rate how it was handled
kiosk-proof-heading = Show that it is your dossier
kiosk-proof-lead = Please enter the last 4 digits of the applicant’s identity card.
kiosk-proof-privacy = The digits are not shown. Please shield your hand.
kiosk-proof-scan = Or hold your identity card’s QR code under the scanner.
kiosk-proof-digits = Last 4 digits of the ID
kiosk-proof-submit = Show my details
kiosk-proof-again = Try again
kiosk-dossier-next = What to do
kiosk-dossier-reason = Reason
kiosk-dossier-when = Time
kiosk-dossier-procedure = Procedure
kiosk-dossier-withheld = Shown to the applicant only
kiosk-dossier-procedure-unknown = Not stated by the portal
kiosk-dossier-agency = Where it is
kiosk-dossier-agency-phone = { $agency }, telephone { $phone }
kiosk-dossier-due = Due on { $date }, { $days ->
    [1] 1 working day
   *[any] { $days } working days
 } left
kiosk-dossier-overdue = Due on { $date }, { $days ->
    [1] 1 working day
   *[any] { $days } working days
 } late. We are sorry.
kiosk-dossier-finished-late = Finished on { $date }, { $days ->
    [1] 1 working day
   *[any] { $days } working days
 } late
kiosk-dossier-finished-in-time = Finished in time
kiosk-dossier-clock-stands = The clock stands and waits for you
kiosk-dossier-due-unknown = The due date is not published
kiosk-dossier-as-of = As the portal said at { $moment }
kiosk-dossier-stale = The portal does not answer now. This is what it said at { $moment }.
kiosk-owner-heading = For the applicant only
kiosk-owner-name = Applicant
kiosk-owner-reason = The reason in full
kiosk-owner-paper = Paper to hand in
kiosk-owner-wipe = When you have read it, please press “Done, clear the screen”.
kiosk-elsewhere-heading = Held by another authority
kiosk-elsewhere-authority = This number belongs to { $authority }.
kiosk-elsewhere-unknown = This number belongs to another authority.
kiosk-elsewhere-ask = Please look there: { $place }.
kiosk-elsewhere-ask-unknown = Please ask where you handed it in.

## Procedures

kiosk-procedures-heading = Procedures
kiosk-procedures-lead = Please choose an event in your life, or look by name or by field.
kiosk-procedures-offline = Not connected. Procedures as of { $date }.
kiosk-procedures-offline-undated = Not connected to the centre.
kiosk-procedures-search = Search by name
kiosk-procedures-search-lead = A few words are enough, with or without accents.
kiosk-procedures-search-name = Name of the procedure
kiosk-procedures-search-example = Example: khai sinh
kiosk-procedures-search-other = Search again
kiosk-procedures-fields = Browse by field
kiosk-procedures-fields-heading = Procedures by field
kiosk-procedures-letters-lead = Fields have Vietnamese names. Please touch the letter that it begins with.
kiosk-procedures-letter = Letter { $letter }
kiosk-procedures-fields-of = Fields under { $letter }
kiosk-procedures-fields-lead = Please touch a field to see its procedures.
kiosk-procedures-count = { $procedures ->
    [one] { $procedures } procedure
   *[other] { $procedures } procedures
}
kiosk-procedures-of-field = Field: { $field }
kiosk-search-submit = Search
kiosk-procedures-waiting = Searching, please wait a moment…
kiosk-procedures-found = Found for “{ $query }”
kiosk-procedures-total = { $total } found. Please touch one.
kiosk-procedures-none = Nothing found. Please try other words.
kiosk-procedures-page = Page { $page } of { $pages }
kiosk-event-birth = Having a child
kiosk-event-marriage = Getting married
kiosk-event-identity = Identity card
kiosk-event-residence = Residence
kiosk-event-driving = Car and licence
kiosk-event-land = House and land
kiosk-event-business = Business
kiosk-event-death = A death
kiosk-procedure-code = Code { $code } · { $field }
kiosk-procedure-papers = Papers
kiosk-procedure-cost = Time and fees
kiosk-procedure-steps = Steps and result
kiosk-procedure-papers-none = The source does not publish which papers.
kiosk-procedure-ways-none = The source publishes neither time nor fees.
kiosk-procedure-steps-none = The source does not publish the steps.
kiosk-procedure-note = Note
kiosk-procedure-originals = Originals: { $originals }
kiosk-procedure-copies = Copies: { $copies }
kiosk-procedure-originals-copies = Originals: { $originals }, copies: { $copies }
kiosk-procedure-time = Time
kiosk-procedure-fee = Fee
kiosk-procedure-fee-until = { $fee } (until { $date })
kiosk-procedure-result = Result
kiosk-procedure-source = Source: { $source }
kiosk-procedure-source-dated = Source: { $source }, { $date }
kiosk-procedure-to-phone = On your phone
kiosk-procedure-print = Print
kiosk-procedure-print-case = Print the papers of this case
kiosk-procedure-case = Choose my case
kiosk-procedure-case-other = Another case
kiosk-cases-heading = Your case
kiosk-cases-lead = Please choose your case, to see only its papers.
kiosk-cases-case = { $position }. { $case }
kiosk-cases-common = None of these cases
kiosk-cases-all = Show all cases
kiosk-printing-running = Printing…
kiosk-printing-done = Printed
kiosk-printing-failed = Not printed, try again
kiosk-print-paper-out = The printer is out of paper. Please tell an officer.
kiosk-print-cover-open = The printer's cover is open. Please tell an officer.
kiosk-print-offline = The printer does not answer. Please tell an officer.
kiosk-print-busy = The printer is busy. Please try again in a few minutes.
kiosk-print-too-long = This list is too long for paper. Please choose one case, or read it on the screen.
kiosk-print-unable = Printing is not possible now.

## Taking a number

kiosk-ticket-heading = Take a number
kiosk-ticket-lead = Please choose what you need at the counter.
kiosk-ticket-none = No counter gives numbers now.
kiosk-ticket-waiting = { $ahead } waiting
kiosk-ticket-waiting-unknown = How many are waiting is not known
kiosk-ticket-waiting-about = { $ahead } waiting, about { $minutes ->
    [1] 1 minute
   *[any] { $minutes } minutes
 }
kiosk-ticket-closed = Closed
kiosk-ticket-closed-until = Closed, numbers from { $time }
kiosk-ticket-lunch = Lunch break
kiosk-ticket-lunch-until = Lunch break, numbers from { $time }
kiosk-ticket-cut-off = Closing soon, no more numbers
kiosk-ticket-full = No numbers left today
kiosk-ticket-paused = Paused
kiosk-priority-lead = Are you entitled to priority?
kiosk-priority-proof = The officer at the counter may ask.
kiosk-priority-none = Ordinary number
kiosk-priority-elderly = Elderly
kiosk-priority-disabled = Disabled
kiosk-priority-pregnant = Pregnant
kiosk-priority-with-infant = With a small child
kiosk-priority-merit = Person of merit
kiosk-ticket-taking = Taking a number…
kiosk-ticket-yours = Your number
kiosk-ticket-number = Your number is { $number }
kiosk-ticket-ahead = { $ahead } ahead of you
kiosk-ticket-about = About { $minutes ->
    [1] 1 minute
   *[any] { $minutes } minutes
 }
kiosk-ticket-priority = Priority
kiosk-ticket-called = Please wait until it is called.
kiosk-ticket-printing = Printing the ticket…
kiosk-ticket-printed = Please take the ticket below.
kiosk-ticket-not-printed = The ticket could not be printed. Please remember this number.
kiosk-ticket-print-again = Print again
kiosk-ticket-code = Scan it with your phone to see how many are waiting.
kiosk-ticket-code-name = QR code of your number

## On paper

kiosk-print-priority = Priority: { $priority }
kiosk-print-taken = Taken at { $moment }
kiosk-print-printed = Printed at { $moment }
kiosk-print-ticket-code = Hold this code before the terminal's scanner to see how many people are waiting.
kiosk-print-ticket-kind = Please take a seat: this number will be called. Thank you.
kiosk-print-checklist = Papers to prepare
kiosk-print-case = Your case
kiosk-print-note = Note: { $text }
kiosk-print-time = Time: { $time }
kiosk-print-fee = Fee: { $fee }
kiosk-print-checklist-code = At the counter, let the officer scan this code: it opens this very page.
kiosk-print-proof = Test print

## Rating

kiosk-rate-heading = Are you satisfied?
kiosk-rate-lead = Please choose how you were served today.
kiosk-rate-lead-dossier = Please rate how dossier { $number } was handled.
kiosk-rate-lead-ticket = Please rate the visit of the ticket that was scanned.
kiosk-rate-scan = You may scan your ticket or receipt, to rate that very visit.
kiosk-rate-anonymous = Your name is not recorded.
kiosk-rate-5 = Very satisfied
kiosk-rate-4 = Satisfied
kiosk-rate-3 = So-so
kiosk-rate-2 = Not satisfied
kiosk-rate-1 = Very dissatisfied
kiosk-rate-why-good = What was good?
kiosk-rate-why-bad = What was not good?
kiosk-rate-why-lead = Choose one or more, or none.
kiosk-reason-attitude = The officer’s manner
kiosk-reason-clarity = How clearly it was explained
kiosk-reason-waiting = The waiting time
kiosk-reason-result = The result
kiosk-reason-place = The hall
kiosk-reason-terminal = This terminal
kiosk-rate-send = Send
kiosk-rate-sending = Sending…
kiosk-rate-thanks = Thank you
kiosk-rate-kept = Your rating has been recorded.

## Asking

kiosk-ask-heading = Ask a question
kiosk-ask-lead = Type a question about procedures, dossiers or hours.
kiosk-ask-privacy = Please type no name, telephone or ID number.
kiosk-ask-name = Question
kiosk-ask-example = Example: lam giay khai sinh can gi
kiosk-ask-submit = Ask
kiosk-ask-waiting = Looking for an answer…
kiosk-ask-answer = Answer
kiosk-ask-another = Another question

## Calling an officer

kiosk-call-heading = Call an officer
kiosk-call-lead = What do you need help with?
kiosk-call-help = I need somebody to guide me
kiosk-call-accessibility = I need help to move, hear or see
kiosk-call-trouble = This terminal does not work
kiosk-call-calling = Calling an officer…
kiosk-call-heard = An officer has been told.
kiosk-call-position = You are number { $position } waiting for help.
kiosk-call-stay = Please wait here.
kiosk-call-coming = An officer is coming.
kiosk-call-by-foot = Please go to the information desk.

## Going on with the phone

kiosk-phone-heading = Go on with your phone
kiosk-phone-waiting = Making a code…
kiosk-phone-scan = Open your phone’s camera and scan this code.
kiosk-phone-until = The code holds once, until { $time }.
kiosk-phone-private = Private details do not go to the phone.
kiosk-phone-code-name = QR code to go on with your phone
kiosk-phone-match = What does your phone show?
kiosk-phone-match-lead = Enter the 4 digits on your phone, so that we know it is yours.
kiosk-phone-match-other = If your phone says that another one was first, please make a new code.
kiosk-phone-match-name = The 4 digits on the phone
kiosk-phone-match-hint = Enter 4 digits
kiosk-phone-match-submit = Confirm
kiosk-phone-match-wrong = The digits do not match. Somebody else may have scanned the code.
kiosk-phone-open = Please go on with your phone.
kiosk-phone-over = The code can no longer be used.
kiosk-phone-again = Make a new code

## The session ends

kiosk-idle-heading = Are you still here?
kiosk-idle-lead = The screen is cleared in { $seconds ->
    [1] 1 second
   *[any] { $seconds } seconds
 }.
kiosk-idle-more = I am still here
kiosk-idle-finish = Done, clear it now

## The scanner

kiosk-scan-unknown = This code could not be read
kiosk-scan-unknown-next = The terminal reads receipts, identity cards and tickets. Please try again.

## When something is wrong

kiosk-trouble-unreachable = This terminal cannot reach the centre now.
kiosk-trouble-unreachable-next = It cannot answer this now. Please ask at the counter, or try again in a few minutes.
kiosk-trouble-busy = The service is busy now.
kiosk-trouble-too-many = This terminal has asked about too many dossiers.
kiosk-trouble-portal-down = The public service portal does not answer now.
kiosk-trouble-later-next = Please try again in a few minutes, or ask at the counter.
kiosk-trouble-not-found = No dossier was found with this number.
kiosk-trouble-too-new = A new dossier may not have arrived yet.
kiosk-trouble-not-a-number = This is not a dossier number.
kiosk-trouble-number-next = Please check the number on the receipt and type it again.
kiosk-trouble-not-disclosed = The private details cannot be shown.
kiosk-trouble-not-disclosed-next = The digits do not match, or there were too many tries today. Please ask at the counter.
kiosk-trouble-not-understood = Sorry, the question was not understood.
kiosk-trouble-not-understood-next = Please ask in fewer words, or call an officer.
kiosk-trouble-closed = It is closed now.
kiosk-trouble-out-of-order = This terminal cannot be used for now.
kiosk-trouble-out-of-order-next = Please use another terminal or ask at the counter.
kiosk-trouble-refused = This cannot be done now.
kiosk-trouble-screen-failed = The screen has failed. We are sorry.

## For whoever looks after the terminal

kiosk-service-heading = Service
kiosk-service-pin-lead = Enter the service PIN.
kiosk-service-pin-wrong = Wrong PIN.
kiosk-service-unlock = Unlock
kiosk-service-version = Version
kiosk-service-device = Terminal
kiosk-service-not-enrolled = Not enrolled
kiosk-service-printer = Printer
kiosk-service-network = Network
kiosk-service-connected = Connected
kiosk-service-unreachable = Not connected
kiosk-service-catalogue = Catalogue of
kiosk-service-no-catalogue = None yet
kiosk-service-failed-screens = Screens that failed
kiosk-service-print = Test print
kiosk-service-restart = Restart
kiosk-printer-ready = Ready
kiosk-printer-paper-out = Out of paper
kiosk-printer-cover-open = Cover open
kiosk-printer-offline = Does not answer
kiosk-printer-missing = None
kiosk-printer-unknown = Unknown
