# What goes with every answer: how figures are written, the answer code,
# announcements.
#
# A key may have two more forms: .sms (in few words) and .speech (to be read
# out). Without them the sentence itself is used.
#
# Plurals: write [1] and a default that is no plural category (*[any]): for the
# names of plural categories Fluent takes a lock.

## How figures are written (read once, when the words are loaded)

convention-date = DD/MM/YYYY
convention-clock = HH:mm
convention-time = HH:mm
convention-time-whole = HH:mm
convention-group = ,
convention-decimal = .
convention-money = # VND
    .sms = # VND
# Abbreviations and what they stand for, parted by |
convention-shorthand = UBND = Ủy ban nhân dân | HĐND = Hội đồng nhân dân | TT PVHCC = trung tâm phục vụ hành chính công | PVHCC = phục vụ hành chính công | HCC = hành chính công | TP.HCM = Ho Chi Minh City | TP. = thành phố | P. = phường | CCCD = citizen identity card | CMND = identity card | ID = I D | SMS = text message | USD = US dollars | VNĐ = dong | VND = dong | ₫ = dong | đ = dong | % = percent

## Dates, times, money

moment = { $clock } on { $date }
date-spoken =
    { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }
money-spoken = { $amount } dong
spoken-billions = { $number } billion
spoken-millions = { $number } million
spoken-thousands = { $number } thousand
list-separator = { $first }, { $rest }

## How long to wait

wait-seconds =
    { $count ->
        [1] 1 second
       *[any] { $count } seconds
    }
wait-minutes =
    { $count ->
        [1] 1 minute
       *[any] { $count } minutes
    }
wait-hours =
    { $count ->
        [1] 1 hour
       *[any] { $count } hours
    }
wait-a-while = a few minutes

## With every answer

answer-code = Answer code: { $code }
    .sms = Code { $code }
    .speech = The code of this answer is { $code }.
notice = Notice: { $text }
    .sms = Notice: { $text }
    .speech = Notice: { $text }.
