# Procedures: papers, fees, time, where to hand in.
#
# A fee always goes with its note, source and date. What is not published is
# never "free". A time without a unit is said to have none.

## Head of the answer

procedure-title = { $name } ({ $code })
    .sms = { $name } ({ $code }).
    .speech = The procedure { $name }, code { $code }.
procedure-official-name = Official name: { $name }
    .sms = Name: { $name }.
    .speech = The official name is { $name }.
procedure-field = Field: { $field }
    .speech = The field is { $field }.
procedure-levels = Handled at: { $levels }
    .sms = Handled at: { $levels }.
    .speech = It is handled at { $levels }.
procedure-results = You get: { $results }
    .sms = You get: { $results }.
    .speech = You get { $results }.
procedure-url = Official page: { $url }
procedure-also = You may have meant:
    .sms = Or:
procedure-source = Source: { $source }, { $date }.
    .speech = Source: { $source }, { $date }.
procedure-source-undated = Source: { $source }, date not known.

## Ways to hand in, time, fee

methods = How to hand in:
fees = Fees:
times = Time:
    .sms = Time:
methods-missing = How to hand in, the time and the fee are not published. Please ask the agency.
method = { $channel }: { $time }; fee: { $fee }.
    .speech = { $channel }: { $time }. Fee: { $fee }.
method-time = { $channel }: { $time }.
method-fee = { $channel }: { $fee }.
method-only = { $channel }.
note = Note (in Vietnamese): { $note }
    .sms = Note: { $note }
    .speech = Note, in Vietnamese: { $note }.

submission-in-person = In person
submission-online = Online
submission-post = By post
    .sms = By post
submission-other = { $text }

time-hours =
    { $count ->
        [1] 1 hour
       *[any] { $count } hours
    }
time-working-hours =
    { $count ->
        [1] 1 working hour
       *[any] { $count } working hours
    }
time-days =
    { $count ->
        [1] 1 day
       *[any] { $count } days
    }
time-working-days =
    { $count ->
        [1] 1 working day
       *[any] { $count } working days
    }
time-months =
    { $count ->
        [1] 1 month
       *[any] { $count } months
    }
time-years =
    { $count ->
        [1] 1 year
       *[any] { $count } years
    }
time-not-published = time not published
    .sms = time not published
time-unit-not-published = { $count } (the unit is not published: it may be hours or days)
    .sms = { $count } (unit not published)

fee-not-published = not published (this does not mean free)
    .sms = not published
    .speech = not published, which does not mean free
fee-free = free
fee-see-note = see the note
fee-see-note-missing = not clear, please ask the agency
fee-amount = { $amount }
fee-text = { $text }
fee-conditional = { $amount }, depending on the case, see the note
fee-until = { $fee } (a rate holds only until { $date })
    .sms = { $fee } (a rate holds only until { $date })
    .speech = { $fee }. A rate holds only until { $date }
fee-ended = { $fee } (a rate ended on { $date }, please ask before you pay)
    .sms = { $fee } (a rate ended on { $date }, please ask)
    .speech = { $fee }. A rate ended on { $date }, please ask before you pay

## Papers

papers = Papers you need:
papers-missing = The list of papers is not published. Please ask the agency.
papers-count =
    { $count ->
        [1] You need 1 paper. Send “{ $code } papers” to see it.
       *[any] You need { $count } papers. Send “{ $code } papers” to see them.
    }
    .sms = Papers: { $count }, send “{ $code } papers” to see them.
    .speech =
        { $count ->
            [1] You need 1 paper.
           *[any] You need { $count } papers.
        }
papers-by-case = The papers depend on the case. Send “{ $code } papers” to see them.
    .sms = Papers depend on the case, send “{ $code } papers” to see them.
    .speech = The papers depend on the case.
papers-case-count =
    { $count ->
        [1] { $case }: 1 paper
       *[any] { $case }: { $count } papers
    }
papers-more =
    { $count ->
        [1] There is 1 more paper. Send “{ $code } papers” to see them all.
       *[any] There are { $count } more papers. Send “{ $code } papers” to see them all.
    }
    .speech =
        { $count ->
            [1] There is 1 more paper.
           *[any] There are { $count } more papers.
        }
paper-originals =
    { $originals ->
        [1] { $name } (1 original)
       *[any] { $name } ({ $originals } originals)
    }
    .sms =
        { $originals ->
            [1] { $name } (1 original);
           *[any] { $name } ({ $originals } originals);
        }
    .speech =
        { $originals ->
            [1] { $name }, 1 original.
           *[any] { $name }, { $originals } originals.
        }
paper-copies =
    { $copies ->
        [1] { $name } (1 copy)
       *[any] { $name } ({ $copies } copies)
    }
    .sms =
        { $copies ->
            [1] { $name } (1 copy);
           *[any] { $name } ({ $copies } copies);
        }
    .speech =
        { $copies ->
            [1] { $name }, 1 copy.
           *[any] { $name }, { $copies } copies.
        }
paper-both = { $name } (originals: { $originals }, copies: { $copies })
    .sms = { $name } (originals: { $originals }, copies: { $copies });
    .speech = { $name }, originals: { $originals }, copies: { $copies }.
paper-note = Please note: { $text }
    .sms = Please note: { $text };
    .speech = Please note: { $text }.

## Lists of procedures

procedures-found =
    { $total ->
        [1] 1 procedure fits “{ $query }”:
       *[any] { $total } procedures fit “{ $query }”:
    }
    .sms =
        { $total ->
            [1] 1 procedure fits your question:
           *[any] { $total } procedures fit your question:
        }
procedures-all =
    { $total ->
        [1] 1 procedure:
       *[any] { $total } procedures:
    }
procedures-none = No procedure was found for “{ $query }”. Please try a shorter word, such as “birth” or “identity card”.
    .sms = No procedure was found for your question. Please try a shorter word, such as “birth” or “identity card”.
procedures-none-at-all = No procedure fits this. Please ask for less at once.
procedures-line = { $index }. { $name } ({ $code })
    .sms = { $index }) { $name } ({ $code })
    .speech = Number { $index }: { $name }, code { $code }.
procedures-more =
    { $count ->
        [1] There is 1 more.
       *[any] There are { $count } more.
    }
procedures-how = Send the code of a procedure, such as { $code }, to see papers, fees and time.
    .sms = Send a code, such as { $code }, for more.
    .speech = Say the code of a procedure, such as { $code }, to hear papers, fees and time.

## Levels

level-ministry = ministry level
level-province = province level
level-district = district level
level-commune = commune level
level-other = { $text }

## What is asked of a procedure

focus-overview = overview
focus-fee = fees
focus-papers = papers
focus-time = time
focus-where = where to hand in
focus-steps = steps
focus-online = online
focus-result = result
focus-who = who may apply

## Other parts

steps = Steps (in Vietnamese):
    .sms = Steps:
steps-missing = The steps are not published. Please ask the agency that handles it.
online-yes = It can be handed in online.
    .sms = It can be handed in online.
online-no = No way to hand it in online is published.
results-missing = The result is not published. Please ask the agency that handles it.
who = Who may apply: { $who }.
conditions = Conditions (in Vietnamese):
    .sms = Conditions:
who-missing = Who may apply, and on what conditions, is not published. Please ask the agency that handles it.
text-more = There is more. See it all on the National Public Service Portal under the code { $code }, or ask at the desk.
