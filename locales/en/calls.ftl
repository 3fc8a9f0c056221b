# Officers' pages: citizens at terminals call for an officer.

calls-nav = Calls from terminals
calls-title = Calls from terminals
calls-lead = Citizens are standing at a terminal. When you press the button, the terminal tells them at once that an officer is coming.
calls-none = No terminal is calling.
calls-alert = Citizens call for an officer ({ $count })
calls-site = Where
calls-counter = Near counter
calls-reason = Reason
calls-reason-help = Wants somebody to show them how
calls-reason-trouble = The terminal is not working
calls-reason-accessibility = Needs help with walking, hearing or seeing
calls-waits = Waiting for
calls-waits-now = just called
calls-waits-minutes = { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
calls-late = Waiting too long
calls-coming = On the way
calls-you = You
calls-come = I am coming: { $terminal }
calls-done = Done: { $terminal }
calls-said = Somebody calls for an officer at { $terminal }: { $reason }.
calls-said-late = Nobody has come to { $terminal } yet: { $reason }. They have waited too long.
calls-quicker = { $name } is already on the way to this terminal. You need not go.
calls-gone = This call is over.
calls-sound-on = Turn on the sound of calls
calls-sound-off = Turn off the sound of calls
calls-sound-blocked = The browser holds the sound back. Press to hear it.
calls-paused = Nothing was done on this page for a long time: it has stopped, and tells of no new calls. Please load it again.
calls-reload = Load the page again
