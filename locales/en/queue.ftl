# The queue of a public administration centre: how many wait, how far a number is,
# where one is taken. Only what was measured is told: nothing is guessed.

queue-site = { $site }: { $waiting ->
    [0] nobody is waiting.
    [1] one person is waiting.
   *[any] { $waiting } people are waiting.
  }
queue-site-closed = { $site } is closed now.
queue-opens = It opens again at { $moment }.
queue-service = { $service }: { $waiting ->
    [0] nobody is waiting
   *[any] { $waiting } waiting
  }
queue-service-wait = { $service }: { $waiting } waiting, about { $minutes } { $minutes ->
    [1] minute
   *[any] minutes
  }
queue-called = Last called: { $number }, counter { $counter }
queue-why-closed = { $service }: no numbers yet, it is closed
queue-why-lunch = { $service }: no numbers now, it is lunch time
queue-why-cut-off = { $service }: it closes soon, no more numbers
queue-why-full = { $service }: too many are waiting, no numbers for now
queue-why-paused = { $service }: no numbers for now

queue-ticket = Your number is { $number }, { $service }.
queue-next = You are next.
queue-ahead = { $ahead ->
    [1] One person is before you.
   *[any] { $ahead } people are before you.
  }
queue-wait = The wait is about { $minutes ->
    [1] one minute.
   *[any] { $minutes } minutes.
  }

ticket-waiting = Number { $number } is waiting.
ticket-called = Number { $number } is being called: please come to counter { $counter }.
ticket-serving = Number { $number } is being served at counter { $counter }.
ticket-held = Number { $number } is kept at counter { $counter }.
ticket-no-show = Number { $number } was called and nobody came. Please tell the officer in the hall, to be put back into the line.
ticket-finished = Number { $number } has been served.
ticket-left = Number { $number } ended with its day.

queue-where = You take a number at the machine in the hall. It cannot be taken from here.
    .sms = You take a number at the machine in the hall.
queue-where-open = { $site }: open now
queue-where-closed = { $site }: closed now

error-queue-unknown = There is no such queue or number. Please look again, or ask the officer in the hall.
error-queue-closed = No numbers are given now. Please come back during opening hours.
error-queue-lunch = The centre is closed for lunch. Please come back after it to take a number.
error-queue-cut-off = It closes soon, so no more numbers are given. Please come back when it is open again.
error-queue-full = Too many people are waiting, so no numbers are given for now. Please come back later, or ask the officer in the hall.
error-queue-paused = No numbers are given for this now. Please ask the officer in the hall.
