# Conversation: greetings, opening hours, reaching a person, what cannot be done
# here yet, and what is no business of this gateway. Short, polite, with a way on.

greeting = Good day. Which procedure do you want to ask about, or which dossier do you want to see? Please ask in your own words.
    .sms = Good day. Which procedure or which dossier do you want to ask about?
thanks = Glad to help. If you need anything else, just ask.
    .sms = Glad to help.
question-procedure-missing = Which procedure do you mean? Please name it, for example “birth certificate” or “replace ID card”.

## Opening hours and hotline

hours-open = The desks are open now.
    .sms = Open now.
hours-closed = The desks are closed now. They open again at { $time } on { $weekday }, { $date }.
    .sms = Closed now, open again { $time } { $weekday } { $date }.
hours-closed-today = The desks are closed just now. They open today at { $time }.
    .sms = Closed just now, open today at { $time }.
hours-closed-unknown = The opening hours are not published here.
hours-sessions = Opening hours: { $days }, { $sessions }. Closed on public holidays.
    .sms = Opening hours: { $days }, { $sessions }.
hours-sessions-saturday = Opening hours: { $days }, { $sessions }. On Saturday mornings dossiers are received. Closed on public holidays.
    .sms = Opening hours: { $days }, { $sessions } and Saturday mornings.
hours-days = { $from } to { $to }
    .sms = { $from } to { $to }
hours-session = { $from } to { $to }
    .sms = { $from }-{ $to }
weekday-monday = Monday
weekday-tuesday = Tuesday
weekday-wednesday = Wednesday
weekday-thursday = Thursday
weekday-friday = Friday
weekday-saturday = Saturday
weekday-sunday = Sunday
hotline = Hotline: { $phone }.
    .sms = Hotline: { $phone }.
hotline-unknown = No hotline is published here. Please ask at the information desk.
    .sms = Please ask at the information desk.

## Reaching a person

person = We cannot connect you to an officer from here yet.
    .sms = No officer can be reached from here yet.
person-misunderstood = Sorry, we still do not understand you. An officer can help you better.
    .sms = Sorry, we still do not understand.
person-how = Please call { $phone }, or come to the desk during opening hours.
    .sms = Call { $phone }, or come to the desk during opening hours.
person-how-unknown = Please come to the information desk during opening hours.
person-not-now = No officer answers here right now.
person-callback = To be called back during opening hours, write: call me back, and your telephone number. By writing so you agree that we keep that number for the call; it is deleted when we have called, or after a while.
in-line-next = An officer has been told. You are next.
in-line = An officer has been told. { $ahead ->
    [1] One person is before you.
   *[any] { $ahead } people are before you.
  }
in-line-wait = The wait is usually about { $minutes ->
    [1] one minute.
   *[any] { $minutes } minutes.
  }
in-line-again = You are in the line already; there is no need to ask again.
in-line-complaint = Somebody in charge receives it, not the officer whom it is about.
in-line-meanwhile = While you wait you can go on asking; the officer will read what was written here.
event-officer-came = An officer has joined the conversation.
event-another-officer = Another officer will go on helping you.
event-back-in-line = The officer has to stop here. The next officer will take over; please wait a few more minutes.
event-officer-left = The conversation with the officer has ended. If you need anything else, just write: the assistant will answer.
event-nobody-came = Sorry, no officer could answer yet. To be called back, write: call me back, and your telephone number.
officer-says = Officer: { $text }
left-line = You are no longer in the line. If you need anything, just ask.
callback-noted = Noted. An officer will call { $phone } during opening hours. If you change your mind, write: no call back.
only-text = Only text is read here. Please write what you want to ask; pictures and voice messages are not kept.

## Understood, but it cannot be done here yet

rate-ask = How satisfied are you with how dossier { $number } was handled? Please choose from 1 (very dissatisfied) to 5 (very satisfied).
    .sms = How was the dossier handled? Send { $rate } { $number } and a score from 1 (very bad) to 5 (very good).
rate-kept = Thank you. Your rating of dossier { $number }, { $score } out of 5, is kept and will be sent to the National Public Service Portal.
    .sms = Thank you. Your rating of dossier { $number }, { $score } out of 5, is kept.
rate-known = You have already rated dossier { $number }. Each dossier takes one rating.
rate-how = To rate how a dossier was handled, send “rate”, the dossier number and a score from 1 (very dissatisfied) to 5 (very satisfied). Anything else you want to say: at the counter, or on the National Public Service Portal, under Feedback and petitions.
    .sms = To rate a dossier, send { $rate } <dossier number> <1 to 5>. Anything else: at the counter or on the National Public Service Portal.

not-yet-queue = We cannot see from here yet how many people are waiting. Please look at the display in the hall of the centre.
    .sms = We cannot see from here how many are waiting. Please look at the display in the hall of the centre.
not-yet-ticket = You cannot take a number or book a time from here yet. Please take a number at the machine in the hall of the centre.
not-yet-rating = We cannot take ratings, comments or complaints here yet. Please hand them in at the desk, or on the National Public Service Portal under “Phản ánh kiến nghị”.
    .sms = We take no comments here yet. Please use the desk, or the National Public Service Portal, Phan anh kien nghi.
not-yet-payment = You cannot pay here yet. Please pay at the desk, or on the National Public Service Portal under “Thanh toán trực tuyến”. We never ask for card numbers or passwords.
    .sms = You cannot pay here yet. Please pay at the desk or on the National Public Service Portal. Give your card number to nobody.
not-yet-ask = For more help please call { $phone }.
    .sms = Questions: { $phone }.

## No business of this gateway

topic-emergency = In an emergency call at once: 113 police, 114 fire, 115 ambulance. For a child in danger call 111.
    .speech = In an emergency call at once: 1 1 3 police, 1 1 4 fire, 1 1 5 ambulance. For a child in danger call 1 1 1.
topic-dispute = We give no advice on disputes or lawsuits. Please ask the State Legal Aid Centre, a lawyer, or the conciliators of your commune or ward.
    .sms = We give no advice on disputes or lawsuits. Please ask the State Legal Aid Centre or a lawyer.
topic-medical = We give no medical advice. Please ask a doctor or the nearest health station. In danger please call 115.
    .speech = We give no medical advice. Please ask a doctor or the nearest health station. In danger please call 1 1 5.
topic-personal = We give no advice on private matters. If you have a question about papers or procedures, please ask.
topic-politics = We help with procedures and dossiers only and do not discuss politics. Comments for the authorities can be sent on the National Public Service Portal under “Phản ánh kiến nghị”.
    .sms = We help with procedures only. Comments for the authorities: National Public Service Portal, Phan anh kien nghi.
topic-other = We cannot help with this. We help to track dossiers and to find administrative procedures.
topic-ask = For questions about procedures please call { $phone }.
    .sms = Procedures: { $phone }.

choice-hours = opening hours
choice-person = talk to an officer
choice-complain = talk to somebody in charge
choice-leave-line = I need no officer any more
choice-queue = how many are waiting
choice-ticket = take a number
choice-rate = rate the service
choice-rate-score = { $score ->
        [1] 1 – Very dissatisfied
        [2] 2 – Dissatisfied
        [3] 3 – Neither
        [4] 4 – Satisfied
       *[5] 5 – Very satisfied
    }
choice-rate-send = rate { $score } dossier { $number }
choice-pay = pay a fee
