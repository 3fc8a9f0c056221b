# Codes, subscriptions, and what the house says by itself.
#
# code-sent must be the same whether the dossier exists and has a phone or not.
# one-time-code never names a dossier or a person. Words to send (DUNG, NHAN …)
# are arguments: they are configured at the SMS channel.

## One-time codes

code-sent =
    If the dossier has a registered phone, a confirmation code has been sent to it. It holds for { $minutes ->
        [1] 1 minute
       *[any] { $minutes } minutes
    }; please give it to nobody else. Once you have it, send the dossier number, the word “OTP” and the code.
    .sms =
        If the dossier has a registered phone, a code has been sent to it, good for { $minutes ->
            [1] 1 minute
           *[any] { $minutes } minutes
        }. Then text: <number> OTP <6 digits>.
    .speech =
        If the dossier has a registered phone, a confirmation code has been sent to it. It holds for { $minutes ->
            [1] 1 minute
           *[any] { $minutes } minutes
        }. Please give it to nobody else.
one-time-code =
    { $code } is your confirmation code, good for { $minutes ->
        [1] 1 minute
       *[any] { $minutes } minutes
    }. Give it to nobody, not even to an officer. If you did not ask for it, ignore this message.
    .speech =
        Your confirmation code is { $code }. It is good for { $minutes ->
            [1] 1 minute
           *[any] { $minutes } minutes
        }. Give it to nobody, not even to an officer. If you did not ask for it, ignore this message.

## Watching a dossier

subscribed-until = We will tell you when dossier { $number } changes, until { $date }. To stop, send “{ $unsubscribe } { $number }”; to stop all notices, send “{ $stop }”.
    .sms = We will tell you when { $number } changes, until { $date }. To stop, text { $unsubscribe } <number>, or { $stop } to stop all notices.
    .speech = We will tell you when dossier number { $number } changes, until { $date }. You can stop this at any time.
subscribed-already = Dossier { $number } is watched already, until { $date }. To stop, send “{ $unsubscribe } { $number }”; to stop all notices, send “{ $stop }”.
    .sms = { $number } is watched already, until { $date }. To stop, text { $unsubscribe } <number>, or { $stop } to stop all notices.
    .speech = Dossier number { $number } is watched already, until { $date }. You can stop this at any time.
subscribed-nothing = Dossier { $number } is closed, so there is nothing more to tell.
    .sms = { $number } is closed, so there is nothing more to tell.
    .speech = Dossier number { $number } is closed, so there is nothing more to tell.
unsubscribed =
    { $count ->
        [0] You watch no such dossier.
        [1] 1 dossier is not watched any more. You can still ask at any time.
       *[any] { $count } dossiers are not watched any more. You can still ask at any time.
    }
    .sms =
        { $count ->
            [0] This phone watches no such dossier.
            [1] 1 dossier is not watched any more. You can still ask at any time.
           *[any] { $count } dossiers are not watched any more. You can still ask at any time.
        }

## Stopping and getting notices

opted-out-all = You will get no more notices. You can still ask at any time. To get them again, send “{ $start }”.
    .sms = You will get no more notices. You can still ask at any time. To get them again, text { $start }.
    .speech = You will get no more notices. You can still ask at any time.
opted-out-status = You will get no more notices about dossiers. You can still ask at any time. To get them again, send “{ $start }”.
    .sms = You will get no more notices about dossiers. You can still ask at any time. To get them again, text { $start }.
    .speech = You will get no more notices about dossiers. You can still ask at any time.
opted-out-announcement = You will get no more announcements. Notices about dossiers that you watch still come. To get announcements again, send “{ $start }”.
    .sms = You will get no more announcements. Notices about dossiers that you watch still come. To get them again, text { $start }.
    .speech = You will get no more announcements. Notices about dossiers that you watch still come.
opted-in-all = You will get notices again. To watch a dossier again, send “{ $notify }” and its number.
    .sms = You will get notices again. To watch a dossier, text { $notify } <number>.
    .speech = You will get notices again. To watch a dossier again, please ask for it.
opted-in-status = You will get notices about dossiers again. To watch a dossier again, send “{ $notify }” and its number.
    .sms = You will get notices about dossiers again. To watch one, text { $notify } <number>.
    .speech = You will get notices about dossiers again. To watch a dossier again, please ask for it.
opted-in-announcement = You will get announcements again. To stop them, send “{ $stop }”.
    .sms = You will get announcements again. To stop them, text { $stop }.
    .speech = You will get announcements again.

## What the house says by itself

moved = There is news of the dossier that you watch.
notice-stop = To get no more notices, send “{ $stop }”.
    .sms = Stop: { $stop }.
    .speech = You can stop these notices at any time.

## Waiting, and the end

will-answer = We have received your question but cannot answer it yet. We will send the answer as soon as we have it. You need not ask again.
    .sms = We have received your question but cannot answer it yet. We will send the answer as soon as we can. You need not ask again.
more-nothing = The last answer has no more to it. To ask more, please send a new question.
