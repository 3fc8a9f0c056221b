# Trò chuyện: chào hỏi, giờ làm việc, gặp người, việc chưa làm được ở đây, và
# những điều không thuộc cổng này. Ngắn, lịch sự, có nơi để đi tiếp.

greeting = Kính chào quý công dân. Ông/bà cần hỏi thủ tục nào, hoặc xem hồ sơ nào? Xin cứ hỏi bằng lời thường.
    .sms = Kính chào quý công dân. Ông/bà cần hỏi thủ tục nào, hoặc xem hồ sơ nào?
thanks = Rất vui được giúp ông/bà. Cần gì thêm, xin cứ hỏi.
    .sms = Rất vui được giúp ông/bà.
question-procedure-missing = Ông/bà hỏi về thủ tục nào? Xin cho biết tên việc, ví dụ “khai sinh” hoặc “cấp lại căn cước”.

## Giờ làm việc và tổng đài

hours-open = Bây giờ các quầy đang mở cửa.
    .sms = Bây giờ đang mở cửa.
hours-closed = Bây giờ các quầy đã đóng cửa. Mở lại lúc { $time } { $weekday }, { $date }.
    .sms = Bây giờ đóng cửa, mở lại { $time } { $weekday } { $date }.
hours-closed-today = Bây giờ các quầy đang nghỉ. Hôm nay mở lúc { $time }.
    .sms = Bây giờ đang nghỉ, hôm nay mở lúc { $time }.
hours-closed-unknown = Giờ làm việc chưa được công bố ở đây.
hours-sessions = Giờ làm việc: { $days }, { $sessions }. Ngày lễ nghỉ.
    .sms = Giờ làm việc: { $days }, { $sessions }.
hours-sessions-saturday = Giờ làm việc: { $days }, { $sessions }. Sáng thứ bảy có nhận hồ sơ. Ngày lễ nghỉ.
    .sms = Giờ làm việc: { $days }, { $sessions } và sáng thứ bảy.
hours-days = từ { $from } đến { $to }
    .sms = { $from } đến { $to }
hours-session = { $from } đến { $to }
    .sms = { $from }-{ $to }
weekday-monday = thứ hai
weekday-tuesday = thứ ba
weekday-wednesday = thứ tư
weekday-thursday = thứ năm
weekday-friday = thứ sáu
weekday-saturday = thứ bảy
weekday-sunday = chủ nhật
hotline = Tổng đài hỗ trợ: { $phone }.
    .sms = Tổng đài: { $phone }.
hotline-unknown = Số tổng đài chưa được công bố ở đây. Xin hỏi tại quầy hướng dẫn.
    .sms = Cần hỏi thêm, xin đến quầy hướng dẫn.

## Gặp người

person = Ở đây chúng tôi chưa nối máy cho ông/bà gặp cán bộ được.
    .sms = Ở đây chưa nối máy gặp cán bộ được.
person-misunderstood = Xin lỗi, chúng tôi vẫn chưa hiểu ý ông/bà. Cán bộ sẽ giúp ông/bà tốt hơn.
    .sms = Xin lỗi, chúng tôi vẫn chưa hiểu.
person-how = Mời ông/bà gọi { $phone }, hoặc đến quầy trong giờ làm việc.
    .sms = Mời gọi { $phone }, hoặc đến quầy trong giờ làm việc.
person-how-unknown = Mời ông/bà đến quầy hướng dẫn trong giờ làm việc.
person-not-now = Bây giờ chưa có cán bộ trả lời tại đây.
person-callback = Muốn được gọi lại trong giờ làm việc, xin nhắn: gọi lại, kèm số điện thoại. Nhắn như vậy là ông/bà đồng ý cho chúng tôi giữ số ấy để gọi; gọi xong hoặc quá hạn thì xóa.
in-line-next = Đã báo cán bộ. Ông/bà là người tiếp theo.
in-line = Đã báo cán bộ. Trước ông/bà còn { $ahead } người.
in-line-wait = Thường phải chờ khoảng { $minutes } phút.
in-line-again = Ông/bà đã ở trong hàng chờ, không cần nhắn thêm lần nữa.
in-line-complaint = Ý kiến này do người phụ trách tiếp nhận, không chuyển cho cán bộ bị phản ánh.
in-line-meanwhile = Trong lúc chờ, ông/bà cứ hỏi tiếp; cán bộ sẽ đọc được những gì đã nhắn ở đây.
event-officer-came = Cán bộ đã vào trò chuyện với ông/bà.
event-another-officer = Một cán bộ khác sẽ tiếp tục giúp ông/bà.
event-back-in-line = Cán bộ đang trả lời phải dừng lại. Ông/bà được chuyển sang cán bộ kế tiếp, xin chờ thêm ít phút.
event-officer-left = Cuộc trò chuyện với cán bộ đã kết thúc. Cần gì thêm, ông/bà cứ nhắn, trợ lý tự động sẽ trả lời.
event-nobody-came = Xin lỗi ông/bà, chưa có cán bộ nào trả lời được. Muốn được gọi lại, xin nhắn: gọi lại, kèm số điện thoại.
officer-says = Cán bộ: { $text }
left-line = Đã rút khỏi hàng chờ. Ông/bà cần gì, xin cứ hỏi.
callback-noted = Đã ghi. Cán bộ sẽ gọi số { $phone } trong giờ làm việc. Muốn thôi, xin nhắn: không cần nhắn thêm lần nữa.
only-text = Ở đây chúng tôi chỉ đọc được chữ. Xin viết điều ông/bà cần hỏi; ảnh và tiếng nói không được lưu lại.

## Đã hiểu, nhưng ở đây chưa làm được

rate-ask = Ông/bà hài lòng đến đâu với việc giải quyết hồ sơ { $number }? Xin chọn từ 1 (rất không hài lòng) đến 5 (rất hài lòng).
    .sms = Ông/bà chấm việc giải quyết hồ sơ mấy điểm? Soạn { $rate } { $number } và điểm từ 1 (rất kém) đến 5 (rất tốt).
rate-kept = Cảm ơn ông/bà. Đánh giá { $score } trên 5 về hồ sơ { $number } đã được ghi nhận và sẽ được gửi đến Cổng Dịch vụ công quốc gia.
    .sms = Cảm ơn ông/bà. Đánh giá { $score } trên 5 về hồ sơ { $number } đã được ghi nhận.
rate-known = Ông/bà đã đánh giá hồ sơ { $number } rồi. Mỗi hồ sơ chỉ nhận một lần đánh giá.
rate-how = Muốn đánh giá việc giải quyết một hồ sơ, ông/bà gửi “đánh giá”, mã hồ sơ và điểm từ 1 (rất không hài lòng) đến 5 (rất hài lòng). Góp ý, phản ánh khác: xin gửi tại quầy, hoặc trên Cổng Dịch vụ công quốc gia, mục Phản ánh kiến nghị.
    .sms = Đánh giá một hồ sơ: soạn { $rate } <mã hồ sơ> <điểm từ 1 đến 5>. Phản ánh khác: gửi tại quầy hoặc Cổng Dịch vụ công quốc gia.

not-yet-queue = Từ đây chúng tôi chưa xem được có bao nhiêu người đang chờ. Xin xem bảng gọi số tại sảnh trung tâm.
    .sms = Ở đây chưa xem được số người đang chờ. Xin xem bảng gọi số tại sảnh trung tâm.
not-yet-ticket = Từ đây chưa lấy số hay đặt hẹn được. Xin lấy số tại máy ở sảnh trung tâm.
not-yet-rating = Ở đây chưa nhận đánh giá, góp ý hay phản ánh. Xin gửi tại quầy, hoặc trên Cổng Dịch vụ công quốc gia, mục Phản ánh kiến nghị.
    .sms = Ở đây chưa nhận góp ý. Xin gửi tại quầy, hoặc Cổng Dịch vụ công quốc gia, mục Phản ánh kiến nghị.
not-yet-payment = Ở đây chưa nộp tiền được. Xin nộp tại quầy, hoặc trên Cổng Dịch vụ công quốc gia, mục Thanh toán trực tuyến. Chúng tôi không bao giờ hỏi số thẻ hay mật khẩu.
    .sms = Ở đây chưa nộp tiền được. Xin nộp tại quầy, hoặc Cổng Dịch vụ công quốc gia. Không đưa số thẻ, mật khẩu cho ai.
not-yet-ask = Cần hỏi thêm, xin gọi { $phone }.
    .sms = Hỏi thêm: { $phone }.

## Không thuộc cổng này

topic-emergency = Việc khẩn cấp, xin gọi ngay: 113 công an, 114 cứu hỏa, 115 cấp cứu. Trẻ em bị hại, gọi 111.
    .speech = Việc khẩn cấp, xin gọi ngay: 1 1 3 công an, 1 1 4 cứu hỏa, 1 1 5 cấp cứu. Trẻ em bị hại, gọi 1 1 1.
topic-dispute = Chúng tôi không tư vấn tranh chấp hay kiện tụng. Xin hỏi Trung tâm Trợ giúp pháp lý nhà nước, luật sư, hoặc hòa giải viên ở xã, phường.
    .sms = Chúng tôi không tư vấn tranh chấp, kiện tụng. Xin hỏi Trung tâm Trợ giúp pháp lý nhà nước hoặc luật sư.
topic-medical = Chúng tôi không tư vấn sức khỏe. Xin hỏi bác sĩ hoặc trạm y tế gần nhất. Nguy cấp, xin gọi 115.
    .speech = Chúng tôi không tư vấn sức khỏe. Xin hỏi bác sĩ hoặc trạm y tế gần nhất. Nguy cấp, xin gọi 1 1 5.
topic-personal = Chúng tôi không tư vấn chuyện riêng. Về giấy tờ và thủ tục, xin ông/bà cứ hỏi.
topic-politics = Chúng tôi chỉ giúp về thủ tục và hồ sơ, không bàn chuyện chính trị. Muốn góp ý với chính quyền, xin gửi Cổng Dịch vụ công quốc gia, mục Phản ánh kiến nghị.
    .sms = Chúng tôi chỉ giúp về thủ tục, hồ sơ. Góp ý với chính quyền: Cổng Dịch vụ công quốc gia, mục Phản ánh kiến nghị.
topic-other = Việc này chúng tôi không giúp được. Chúng tôi giúp xem hồ sơ và hỏi thủ tục hành chính.
topic-ask = Cần hỏi về thủ tục, xin gọi { $phone }.
    .sms = Hỏi thủ tục: { $phone }.

choice-hours = giờ làm việc
choice-person = gặp cán bộ
choice-complain = gặp người phụ trách
choice-leave-line = không cần gặp cán bộ nữa
choice-queue = có bao nhiêu người đang chờ
choice-ticket = lấy số thứ tự
choice-rate = đánh giá dịch vụ
choice-rate-score = { $score ->
        [1] 1 – Rất không hài lòng
        [2] 2 – Không hài lòng
        [3] 3 – Bình thường
        [4] 4 – Hài lòng
       *[5] 5 – Rất hài lòng
    }
choice-rate-send = đánh giá { $score } hồ sơ { $number }
choice-pay = nộp phí
