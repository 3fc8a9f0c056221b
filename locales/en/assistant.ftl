# Conversation: greetings, opening hours, reaching a person, what cannot be done
# here yet, and what is no business of this gateway. Short, polite, with a way on.

greeting = Good day. Which procedure do you want to ask about, or which dossier do you want to see? Please ask in your own words.
    .sms = Good day. Which procedure or which dossier do you want to ask about?
thanks = Glad to help. If you need anything else, just ask.
    .sms = Glad to help.
question-procedure-missing = Which procedure do you mean? Please name it, for example “birth certificate” or “replace ID card”.

## Opening hours and hotline

hours-open = The desks are open now.
hours-closed = The desks are closed now. They open again on { $date }.
hours-closed-today = The desks are closed just now. They open again later today.
hours-sessions = Opening hours: { $sessions }, Monday to Friday, except public holidays.
    .sms = Opening hours: { $sessions }, Monday to Friday.
hours-sessions-saturday = Opening hours: { $sessions }, Monday to Friday. On Saturday mornings dossiers are received. Closed on public holidays.
    .sms = Opening hours: { $sessions }, Monday to Friday and Saturday morning.
hours-session = { $from } to { $to }
hotline = Hotline: { $phone }.
hotline-unknown = No hotline is published here. Please ask at the information desk.

## Reaching a person

person = You want to talk to an officer. This channel cannot connect you directly yet.
    .sms = This channel cannot connect you to an officer yet.
person-misunderstood = Sorry, we still do not understand. An officer can help you better.
person-how = Please call { $phone }, or come to the desk during opening hours.
person-how-unknown = Please come to the information desk during opening hours.

## Understood, but it cannot be done here yet

not-yet-queue = We cannot see from here how many are waiting. Please look at the display in the hall of the centre.
not-yet-ticket = You cannot take a number or book a time from here yet. Please take a number at the machine in the hall of the centre.
not-yet-rating = We cannot take ratings or complaints here yet. Please hand them in at the desk, or on the National Public Service Portal under “Phản ánh kiến nghị”.
not-yet-payment = We cannot take payments here yet, and we never ask for card numbers or passwords. Please pay at the desk, or on the National Public Service Portal under “Thanh toán trực tuyến”.
not-yet-ask = For more help please call { $phone }.

## No business of this gateway

topic-emergency = In an emergency call at once: 113 police, 114 fire, 115 ambulance. For a child in danger call 111.
    .speech = In an emergency call at once: 1 1 3 police, 1 1 4 fire, 1 1 5 ambulance. For a child in danger call 1 1 1.
topic-dispute = We give no advice on disputes or lawsuits. Please ask the State Legal Aid Centre, a lawyer, or the conciliators of your commune or ward.
topic-medical = We give no medical advice. Please ask a doctor or the nearest health station. In danger call 115.
topic-personal = On this private matter we cannot advise. About papers and procedures please ask.
topic-politics = We help with procedures and dossiers only and do not discuss politics. Comments for the authorities can be sent on the National Public Service Portal under “Phản ánh kiến nghị”.
topic-other = This is outside our work. We help to track dossiers and to find administrative procedures.
topic-ask = To talk to a person please call { $phone }.

choice-hours = opening hours
choice-person = talk to an officer
choice-queue = how many are waiting
choice-ticket = take a number
choice-rate = rate the service
choice-pay = pay a fee
