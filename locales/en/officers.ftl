# Officers' pages: signing in, and what officers did.

officers-nav = Officers' pages
officers-nav-home = Officers' start page
officers-nav-acts = Record of acts
officers-sign-out = Sign out

officers-sign-in-title = Sign in for officers
officers-sign-in-lead = For officers of the administration only. Citizens need no account here.
officers-login = Login
officers-password = Password
officers-sign-in = Sign in
officers-code-title = Code of the second factor
officers-code-lead = Your password is right. One step remains.
officers-code = Code
officers-code-hint = Six digits, from the authenticator app on your phone. Each code is taken once.
officers-code-send = Continue
officers-start-again = Start again

officers-error-title = You are not signed in yet
officers-error-wrong = The login or the password is not right. Please check both and try again.
officers-error-wrong-code = The code is not right, or it was used before. Please wait for the next code and type that one.
officers-error-second-factor = Your role signs in with a second factor, and your account has none yet. Please ask the operator of the gateway to set one up.
officers-error-not-the-same = The two new passwords are not the same. Please type both again.
officers-error-old-password = Your present password is not right. Please try again.
officers-error-too-short = The new password is too short. Four words that do not belong together are easy to remember.
officers-error-too-long = The new password is too long. Please take one of at most 128 characters.
officers-error-common = This password is among the first that are tried. Please take another one.
officers-error-holds-login = The new password holds your login. Please take another one.
officers-error-wait =
    { $minutes ->
        [1] There were too many tries. Please try again in a minute.
       *[any] There were too many tries. Please try again in { $minutes } minutes.
    }
officers-error-busy = Many people are signing in just now. Please try again in a few seconds.
officers-error-failed = The gateway cannot do this just now. Please try again in a few minutes.

officers-forged-title = The form has expired
officers-forged = The form was not sent by a page of this gateway, or your browser keeps no cookies. Please open the page again and try once more.
officers-not-allowed-title = Not for your role
officers-not-allowed = Your account may not open this page. Please ask your supervisor if you need it.
officers-unavailable-title = Not available now

officers-home-title = Welcome, { $name }
officers-home-role = Role
officers-home-sites = Agencies
officers-home-sites-all = All agencies
officers-home-until = You are signed in until { $time } at the latest. Please sign out before you leave this computer.
officers-role-officer = Officer
officers-role-supervisor = Supervisor
officers-role-operator = Operator

officers-own-password-title = Change my password
officers-own-password-lead = Afterwards every other browser where you are signed in is signed out.
officers-old-password = Present password
officers-new-password = New password
officers-new-password-hint = At least { $least } characters. Four words that do not belong together are easy to remember.
officers-new-password-again = New password once more
officers-own-password-send = Change the password

officers-acts-title = What officers did
officers-acts-lead = The newest first. Entries cannot be changed. That you read them is recorded as well.
officers-acts-at = When
officers-acts-who = By
officers-acts-account = Account
officers-acts-nobody = nobody signed in, or the command line
officers-acts-none = There is nothing yet.
officers-acts-older = Older ones
officers-act-signed-in = Signed in
officers-act-password-right = Password right, code awaited
officers-act-sign-in-failed = Wrong login, password or code
officers-act-locked-out = Try during a pause
officers-act-second-factor-missing = Turned away: no second factor
officers-act-signed-out = Signed out
officers-act-account-added = Account made
officers-act-account-disabled = Account disabled
officers-act-account-enabled = Account enabled
officers-act-password-set = New password
officers-act-second-factor-set = New second factor
officers-act-second-factor-cleared = Second factor removed
officers-act-role-set = Role changed
officers-act-sites-set = Agencies changed
officers-act-terminal-offered = Code made for a terminal
officers-act-terminal-enrolled = Terminal enrolled
officers-act-terminal-revoked = Terminal revoked
officers-act-acts-read = Record of acts read
officers-act-chat-read = Read a conversation
officers-act-chat-taken = Took a conversation over
officers-act-chat-said = Said something to a citizen
officers-act-chat-noted = Wrote a note for officers
officers-act-chat-passed = Passed a conversation on
officers-act-chat-closed = Ended a conversation
officers-act-callback-taken = Took a call back; the number was shown
officers-act-callback-done = Called back; the number was deleted
officers-act-dossier-read = Asked for a dossier for a citizen
officers-act-load-read = Read how busy the desk is
officers-act-miss-read = Texts that were not understood read
officers-act-miss-forgotten = Texts that were not understood deleted
officers-act-proposal-made = Lesson proposed
officers-act-proposal-confirmed = Lesson confirmed
officers-act-proposal-rejected = Lesson rejected or taken back
officers-act-proposal-undone = Lesson undone
officers-act-ticket-called = Number called
officers-act-ticket-recalled = Number called once more
officers-act-ticket-served = Service with a number begun
officers-act-ticket-held = Number put aside
officers-act-ticket-transferred = Number sent on
officers-act-ticket-no-show = Nobody came with a number
officers-act-ticket-back = Number put back into the line
officers-act-ticket-finished = Service with a number done
officers-act-tickets-read = Numbers of past days read
officers-act-call-answered = Call from a terminal answered
officers-act-call-finished = Call from a terminal done
