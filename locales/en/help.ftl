# Welcome, questions back, agencies.

help-welcome = Welcome. You can ask:
help-dossier = Where is my dossier? Send the number on your appointment slip, such as 000.00.17.H09-210819-0012.
    .speech = Where is my dossier? Say the number on your appointment slip.
help-procedure = What does a procedure need? Ask in your own words, such as “what do I need for a birth certificate” or “identity card fee”.
help-agencies = Where do I hand it in? Send “agencies”.
    .speech = Where do I hand it in? Say: agencies.
help-privacy = We never ask for your password.

agencies =
    { $count ->
        [1] 1 agency receives dossiers:
       *[any] { $count } agencies receive dossiers:
    }
agencies-none = The list of agencies is not published.
agency = { $name }
    .sms = { $name };
    .speech = { $name }.
agency-phone = { $name }. Telephone: { $phone }
    .sms = { $name }, tel. { $phone };
    .speech = { $name }, telephone { $phone }.
agency-address = { $name }. Address: { $address }
    .sms = { $name }, { $address };
    .speech = { $name }, address { $address }.
agency-both = { $name }. Address: { $address }. Telephone: { $phone }
    .sms = { $name }, { $address }, tel. { $phone };
    .speech = { $name }, address { $address }, telephone { $phone }.

already-answered = This question has been answered. To ask more, please send a new one.

## Questions back

question-which-dossier = Which of these dossiers do you mean?
question-which-procedure = Which of these procedures do you mean?
question-number-missing = Please give the dossier number. It is on the appointment slip, such as 000.00.17.H09-210819-0012.
    .sms = Please send the dossier number on your slip, such as 000.00.17.H09-210819-0012.
    .speech = Please give the dossier number. It is on the appointment slip.
question-none-at-level = There is no such procedure at { $level }.
question-send-choice = Please send one of the codes or words above.
    .speech = Please say one of the codes or words above.
question-tap-choice = Please choose one.
number-no-such-date = This dossier number holds a date that does not exist. Please check the six digits in the middle on your slip.
number-date-in-future = This dossier number holds a date that is still to come. Please check the six digits in the middle on your slip.
number-incomplete = A part of this dossier number is missing. Please send all of it as on your slip, such as 000.00.17.H09-210819-0012.
    .speech = A part of this dossier number is missing. Please say all of it as on your slip.
number-too-long = This dossier number is too long. Please check it on your slip.
number-none = This is not a dossier number. Please send the number on your slip, such as 000.00.17.H09-210819-0012.
    .speech = This is not a dossier number. Please say the number on your slip.

choice-line = { $index }. { $label }
    .sms = { $index }) { $label };
    .speech = Number { $index }: { $label }.
choice-line-send = { $index }. { $label } ({ $send })
    .sms = { $index }) { $label } ({ $send });
    .speech = Number { $index }: { $label }, code { $send }.
choice-dossier = Dossier { $number }
choice-disclose = More of dossier { $number }
choice-find = Search “{ $query }”
choice-find-all = All procedures
choice-procedure = Procedure { $code }
choice-focus = { $name }: { $focus }
choice-agencies = agencies
choice-help = help
choice-send-code = send me a code for dossier { $number }
choice-subscribe = tell me when dossier { $number } changes
choice-unsubscribe = stop watching dossiers
choice-stop = stop notices
choice-start = get notices again
choice-more = go on
