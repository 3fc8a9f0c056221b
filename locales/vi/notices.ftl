# Mã xác nhận, theo dõi hồ sơ, và những tin chúng tôi gửi trước.
#
# code-sent phải giống hệt nhau dù hồ sơ có hay không, có số điện thoại hay
# không. one-time-code không bao giờ nêu mã hồ sơ hay tên người. Các chữ để soạn
# tin (DUNG, NHAN …) là tham số: chúng nằm trong cấu hình của kênh SMS.

## Mã xác nhận

code-sent = Nếu hồ sơ có đăng ký số điện thoại, mã xác nhận đã được gửi đến số đó. Mã có hiệu lực { $minutes } phút, xin đừng đưa cho người khác. Có mã rồi, ông/bà gửi mã hồ sơ, chữ “OTP” và mã xác nhận.
    .sms = Nếu hồ sơ có đăng ký số điện thoại, mã xác nhận đã được gửi đến số đó, có hiệu lực { $minutes } phút. Rồi gửi: <mã hồ sơ> OTP <6 số>.
    .speech = Nếu hồ sơ có đăng ký số điện thoại, mã xác nhận đã được gửi đến số đó. Mã có hiệu lực { $minutes } phút, xin đừng đưa cho người khác.
one-time-code = { $code } là mã xác nhận, dùng trong { $minutes } phút. Không đưa mã này cho ai, kể cả người xưng là cán bộ. Nếu ông/bà không xin mã, xin bỏ qua tin này.
    .speech = Mã xác nhận là { $code }. Mã dùng trong { $minutes } phút. Không đưa mã này cho ai, kể cả người xưng là cán bộ. Nếu ông/bà không xin mã, xin bỏ qua tin này.

## Theo dõi hồ sơ

subscribed-until = Chúng tôi sẽ báo khi hồ sơ { $number } có thay đổi, đến hết ngày { $date }. Muốn thôi, ông/bà gửi “{ $unsubscribe } { $number }”; muốn thôi mọi tin báo, gửi “{ $stop }”.
    .sms = Sẽ báo khi HS { $number } có thay đổi, đến hết { $date }. Muốn thôi, soạn: { $unsubscribe } <mã hồ sơ>, hoặc { $stop } để thôi mọi tin.
    .speech = Chúng tôi sẽ báo khi hồ sơ số { $number } có thay đổi, đến hết { $date }. Ông/bà có thể thôi nhận tin bất cứ lúc nào.
subscribed-already = Hồ sơ { $number } đã được theo dõi từ trước, đến hết ngày { $date }. Muốn thôi, ông/bà gửi “{ $unsubscribe } { $number }”; muốn thôi mọi tin báo, gửi “{ $stop }”.
    .sms = HS { $number } đã được theo dõi, đến hết { $date }. Muốn thôi, soạn: { $unsubscribe } <mã hồ sơ>, hoặc { $stop } để thôi mọi tin.
    .speech = Hồ sơ số { $number } đã được theo dõi từ trước, đến hết { $date }. Ông/bà có thể thôi nhận tin bất cứ lúc nào.
subscribed-nothing = Hồ sơ { $number } đã kết thúc nên không còn thay đổi nào để báo.
    .sms = HS { $number } đã kết thúc, không còn thay đổi nào để báo.
    .speech = Hồ sơ số { $number } đã kết thúc nên không còn thay đổi nào để báo.
unsubscribed =
    { $count ->
        [0] Ông/bà không theo dõi hồ sơ nào như vậy.
       *[any] Đã thôi theo dõi { $count } hồ sơ. Ông/bà vẫn hỏi được bất cứ lúc nào.
    }
    .sms =
        { $count ->
            [0] Số này không theo dõi hồ sơ nào như vậy.
           *[any] Đã thôi theo dõi { $count } hồ sơ. Ông/bà vẫn hỏi được bất cứ lúc nào.
        }

## Thôi nhận và nhận lại tin

opted-out-all = Đã ngừng gửi mọi tin báo cho ông/bà. Ông/bà vẫn hỏi được bất cứ lúc nào. Muốn nhận lại, xin gửi “{ $start }”.
    .sms = Đã ngừng gửi mọi tin báo. Ông/bà vẫn hỏi được bất cứ lúc nào. Muốn nhận lại, soạn: { $start }.
    .speech = Đã ngừng gửi mọi tin báo cho ông/bà. Ông/bà vẫn hỏi được bất cứ lúc nào.
opted-out-status = Đã ngừng gửi tin báo về hồ sơ. Ông/bà vẫn hỏi được bất cứ lúc nào. Muốn nhận lại, xin gửi “{ $start }”.
    .sms = Đã ngừng gửi tin báo về hồ sơ. Ông/bà vẫn hỏi được bất cứ lúc nào. Muốn nhận lại, soạn: { $start }.
    .speech = Đã ngừng gửi tin báo về hồ sơ. Ông/bà vẫn hỏi được bất cứ lúc nào.
opted-out-announcement = Đã ngừng gửi thông báo chung. Tin về hồ sơ ông/bà theo dõi vẫn được gửi. Muốn nhận lại, xin gửi “{ $start }”.
    .sms = Đã ngừng gửi thông báo chung. Tin về hồ sơ ông/bà theo dõi vẫn được gửi. Muốn nhận lại, soạn: { $start }.
    .speech = Đã ngừng gửi thông báo chung. Tin về hồ sơ ông/bà theo dõi vẫn được gửi.
opted-in-all = Ông/bà sẽ lại nhận được tin báo. Muốn theo dõi lại một hồ sơ, xin gửi “{ $notify }” và mã hồ sơ.
    .sms = Ông/bà sẽ lại nhận được tin báo. Muốn theo dõi lại hồ sơ, soạn: { $notify } <mã hồ sơ>.
    .speech = Ông/bà sẽ lại nhận được tin báo. Muốn theo dõi lại một hồ sơ, xin yêu cầu lại.
opted-in-status = Ông/bà sẽ lại nhận được tin báo về hồ sơ. Muốn theo dõi lại một hồ sơ, xin gửi “{ $notify }” và mã hồ sơ.
    .sms = Ông/bà sẽ lại nhận được tin báo về hồ sơ. Muốn theo dõi lại, soạn: { $notify } <mã hồ sơ>.
    .speech = Ông/bà sẽ lại nhận được tin báo về hồ sơ. Muốn theo dõi lại một hồ sơ, xin yêu cầu lại.
opted-in-announcement = Ông/bà sẽ lại nhận được thông báo chung. Muốn thôi, xin gửi “{ $stop }”.
    .sms = Ông/bà sẽ lại nhận được thông báo chung. Muốn thôi, soạn: { $stop }.
    .speech = Ông/bà sẽ lại nhận được thông báo chung.

## Tin gửi trước

moved = Hồ sơ ông/bà theo dõi có tin mới.
notice-stop = Muốn thôi nhận tin báo, xin gửi “{ $stop }”.
    .sms = Thôi nhận: { $stop }.
    .speech = Ông/bà có thể thôi nhận tin báo bất cứ lúc nào.

## Khi phải chờ, và khi đã hết

will-answer = Chúng tôi đã nhận câu hỏi của ông/bà nhưng hiện chưa trả lời được. Khi có câu trả lời, chúng tôi sẽ gửi ngay. Ông/bà không cần hỏi lại.
    .sms = Đã nhận câu hỏi của ông/bà. Hiện chưa trả lời được, chúng tôi sẽ trả lời ngay khi có thể. Ông/bà không cần gửi lại.
more-nothing = Câu trả lời trước đã hết. Nếu cần hỏi thêm, xin gửi câu mới.
