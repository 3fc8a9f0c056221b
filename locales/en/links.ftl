# Linking channels by consent, and “my requests”.
#
# link-offer asks for consent: what for, what is kept, how to withdraw. Whoever
# changes what it says gives it a new version (LINK_CONSENT in the source).
# link-code goes to the phone: it names no person and no account.

## Asking for consent

link-offer = What a link is for: when you ask for “my requests” here or there, we tell you those of both; an officer who talks with you knows what you asked about, too. A link shows nobody more of a dossier. We keep: an encrypted mark of both sides, the last digits of the phone, your words of consent and the time. You can end it at any time: send “unlink”. (Version { $version })
    .sms = A link is for “my requests”, which then tells those of both sides, and officers know what you asked about; it shows nobody more of a dossier. End it at any time: send “unlink”. (Version { $version })
link-offer-code = If you agree, please send your phone number, for example: link my phone 0912345678. We send a code to it, and you send the code back here.
link-offer-contact = If you agree, please press the button below that shares your phone number.
link-contact-button = I agree, share my number
link-code-sent =
    We are sending a code of 6 digits to { $phone }. It holds for { $minutes ->
        [1] 1 minute
       *[any] { $minutes } minutes
    }. If you agree to what stands below, please send the code here; if not, you need do nothing. If no code comes within a few minutes, please try later; only a few are sent each day.
    .sms =
        A 6-digit code is on its way to { $phone }, good for { $minutes ->
            [1] 1 minute
           *[any] { $minutes } minutes
        }. To send it back is to agree:
link-code =
    { $code } links this number to an account at { $channel }, good for { $minutes ->
        [1] 1 minute
       *[any] { $minutes } minutes
    }. Whoever has it will know what you asked. Give it to nobody. If you did not ask, ignore it.
    .speech =
        The code that links this number to an account at { $channel } is { $code }. It is good for { $minutes ->
            [1] 1 minute
           *[any] { $minutes } minutes
        }. Give it to nobody. If you did not ask, ignore it.
link-not-a-mobile = A code can only go to a Vietnamese mobile number. Please send one.

## What came of it

linked = Linked to { $phone }. You can end it at any time: send “unlink”.
link-replaced = The number that was linked before is linked no more.
link-code-wrong =
    That is not the code. You have { $left ->
        [1] 1 try
       *[any] { $left } tries
    } left. Nothing is linked yet.
link-code-none = This code cannot be used (any more). Nothing is linked. To link, please send your number again, for example: link my phone 0912345678.
link-too-many = This number is linked to { $most } accounts already and takes no more. Please end one first: text “unlink” to this service from that number.
link-no-way = This service cannot send codes to phones yet, so nothing can be linked here.
link-only-privately = Private matters please in private: write to us directly, not in a group.
link-not-here = Nothing can be linked or looked up here, because we cannot be sure who asks. Please use this service on Zalo or Telegram, where it is there.
    .sms = Nothing can be linked or looked up here. Please use Zalo or Telegram, where this service is there.

## Seeing and ending

links-none = Nothing is linked.
links-here = Your links:
links-phone = { $phone }, since { $date }
links-phone-unshown = A phone number, since { $date }
links-account = { $place }. An account at { $channel }, since { $date }
links-end = To end all of them, send “unlink”; to end one, add its place, for example “unlink 1”.
links-end-one = To end it, send “unlink”.
unlinked =
    { $count ->
        [0] There is no link to end.
        [1] 1 link is ended, and what was kept is deleted. You can ask as before.
       *[any] { $count } links are ended, and what was kept is deleted. You can ask as before.
    }

## My requests

my-requests = What you asked, newest first:
my-request = { $at }, { $channel }: { $about }. Answer code { $code }.
    .sms = { $at } { $channel }: { $about } ({ $code }).
my-requests-none = We see no request of yours yet.
my-requests-not-linked = To see requests from other channels too, please link your phone number.
asked-dossier = a dossier
asked-procedures = procedures
asked-agencies = agencies or opening hours
asked-person = wanted an officer
asked-notices = notices, on or off
asked-links = linking channels
asked-services = tickets, payment or feedback
asked-unclear = a question that was not clear
channel-terminal = the command line
channel-mobile = the app
channel-web = the web page
channel-sms = text message
channel-kiosk = the kiosk
channel-zalo = Zalo
channel-telegram = Telegram
channel-webchat = the web chat

## Buttons

choice-link = Link my phone
choice-links = My links
choice-unlink = Unlink
choice-unlink-one = Unlink { $place }
choice-my-requests = My requests
