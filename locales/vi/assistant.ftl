# Trò chuyện: chào hỏi, giờ làm việc, gặp người, việc chưa làm được ở đây, và
# những điều không thuộc cổng này. Ngắn, lịch sự, có nơi để đi tiếp.

greeting = Kính chào quý công dân. Ông/bà cần hỏi thủ tục nào, hoặc xem hồ sơ nào? Xin cứ hỏi bằng lời thường.
    .sms = Kính chào quý công dân. Ông/bà cần hỏi thủ tục nào, hoặc xem hồ sơ nào?
thanks = Rất vui được giúp ông/bà. Cần gì thêm, xin cứ hỏi.
    .sms = Rất vui được giúp ông/bà.
question-procedure-missing = Ông/bà hỏi về thủ tục nào? Xin cho biết tên việc, ví dụ “khai sinh” hoặc “cấp lại căn cước”.

## Giờ làm việc và tổng đài

hours-open = Các quầy đang mở cửa.
hours-closed = Bây giờ các quầy đã đóng cửa. Mở lại ngày { $date }.
hours-closed-today = Bây giờ các quầy đang nghỉ. Hôm nay còn mở lại.
hours-sessions = Giờ làm việc: { $sessions }, từ thứ hai đến thứ sáu, trừ ngày lễ.
    .sms = Giờ làm việc: { $sessions }, thứ hai đến thứ sáu.
hours-sessions-saturday = Giờ làm việc: { $sessions }, từ thứ hai đến thứ sáu. Sáng thứ bảy có nhận hồ sơ. Ngày lễ nghỉ.
    .sms = Giờ làm việc: { $sessions }, thứ hai đến thứ sáu và sáng thứ bảy.
hours-session = { $from } đến { $to }
hotline = Tổng đài hỗ trợ: { $phone }.
hotline-unknown = Số tổng đài chưa được công bố ở đây. Xin hỏi tại quầy hướng dẫn.

## Gặp người

person = Ông/bà muốn nói chuyện với cán bộ. Ở kênh này chưa nối máy trực tiếp được.
    .sms = Kênh này chưa nối được với cán bộ.
person-misunderstood = Xin lỗi, chúng tôi vẫn chưa hiểu. Cán bộ sẽ giúp ông/bà rõ hơn.
person-how = Mời ông/bà gọi { $phone } hoặc đến quầy trong giờ làm việc.
person-how-unknown = Mời ông/bà đến quầy hướng dẫn trong giờ làm việc.

## Đã hiểu, nhưng ở đây chưa làm được

not-yet-queue = Chúng tôi chưa xem được số đang chờ từ đây. Xin xem bảng gọi số tại sảnh trung tâm.
not-yet-ticket = Chúng tôi chưa lấy số hay đặt hẹn từ đây được. Xin lấy số tại máy ở sảnh trung tâm.
not-yet-rating = Chúng tôi chưa nhận đánh giá hay phản ánh ở đây. Xin gửi tại quầy, hoặc trên Cổng Dịch vụ công quốc gia, mục Phản ánh kiến nghị.
not-yet-payment = Chúng tôi chưa thu tiền ở đây, và không bao giờ hỏi số thẻ hay mật khẩu. Xin nộp tại quầy, hoặc trên Cổng Dịch vụ công quốc gia, mục Thanh toán trực tuyến.
not-yet-ask = Cần hỏi thêm, xin gọi { $phone }.

## Không thuộc cổng này

topic-emergency = Việc khẩn cấp, xin gọi ngay: 113 công an, 114 cứu hỏa, 115 cấp cứu. Trẻ em bị hại, gọi 111.
    .speech = Việc khẩn cấp, xin gọi ngay: 1 1 3 công an, 1 1 4 cứu hỏa, 1 1 5 cấp cứu. Trẻ em bị hại, gọi 1 1 1.
topic-dispute = Chúng tôi không tư vấn tranh chấp hay kiện tụng. Xin hỏi Trung tâm trợ giúp pháp lý nhà nước, luật sư hoặc hòa giải viên ở xã, phường.
topic-medical = Chúng tôi không tư vấn sức khỏe. Xin hỏi bác sĩ hoặc trạm y tế gần nhất. Nguy cấp, gọi 115.
topic-personal = Chuyện riêng này chúng tôi không khuyên được. Về giấy tờ và thủ tục, xin cứ hỏi.
topic-politics = Chúng tôi chỉ giúp về thủ tục và hồ sơ, không bàn chuyện chính trị. Góp ý với chính quyền, xin gửi Cổng Dịch vụ công quốc gia, mục Phản ánh kiến nghị.
topic-other = Điều này nằm ngoài việc của chúng tôi. Chúng tôi giúp xem hồ sơ và hỏi thủ tục hành chính.
topic-ask = Cần người hướng dẫn, xin gọi { $phone }.

choice-hours = giờ làm việc
choice-person = gặp cán bộ
choice-queue = có bao nhiêu người đang chờ
choice-ticket = lấy số thứ tự
choice-rate = đánh giá dịch vụ
choice-pay = nộp phí
