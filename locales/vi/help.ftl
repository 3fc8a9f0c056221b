# Lời chào, câu hỏi lại, danh sách cơ quan.

help-welcome = Kính chào quý công dân. Ông/bà có thể hỏi:
help-dossier = Hồ sơ của tôi đến đâu rồi? Xin gửi mã hồ sơ ghi trên giấy hẹn, ví dụ 000.00.17.H09-210819-0012.
    .speech = Hồ sơ của tôi đến đâu rồi? Xin đọc mã hồ sơ ghi trên giấy hẹn.
help-procedure = Thủ tục cần những gì? Xin hỏi bằng lời thường, ví dụ “làm giấy khai sinh cần gì” hoặc “làm lại căn cước bao nhiêu tiền”.
help-agencies = Nộp hồ sơ ở đâu? Xin gửi “danh sách cơ quan”.
    .speech = Nộp hồ sơ ở đâu? Xin nói: danh sách cơ quan.
help-privacy = Chúng tôi không bao giờ hỏi mật khẩu của ông/bà.

agencies = Có { $count } cơ quan nhận hồ sơ:
agencies-none = Danh sách cơ quan chưa được công bố.
agency = { $name }
    .sms = { $name };
    .speech = { $name }.
agency-phone = { $name }. Điện thoại: { $phone }
    .sms = { $name }, ĐT { $phone };
    .speech = { $name }, điện thoại { $phone }.
agency-address = { $name }. Địa chỉ: { $address }
    .sms = { $name }, { $address };
    .speech = { $name }, địa chỉ { $address }.
agency-both = { $name }. Địa chỉ: { $address }. Điện thoại: { $phone }
    .sms = { $name }, { $address }, ĐT { $phone };
    .speech = { $name }, địa chỉ { $address }, điện thoại { $phone }.

already-answered = Câu hỏi này đã được trả lời. Nếu cần hỏi thêm, xin gửi câu mới.

## Câu hỏi lại

question-which-dossier = Ông/bà hỏi hồ sơ nào dưới đây?
question-which-procedure = Ông/bà hỏi thủ tục nào dưới đây?
question-number-missing = Xin cho biết mã hồ sơ. Mã ghi trên giấy hẹn, ví dụ 000.00.17.H09-210819-0012.
    .sms = Xin gửi mã hồ sơ ghi trên giấy hẹn, ví dụ 000.00.17.H09-210819-0012.
    .speech = Xin cho biết mã hồ sơ. Mã ghi trên giấy hẹn.
question-none-at-level = Không có thủ tục này ở { $level }.
question-send-choice = Xin gửi lại một mã hoặc một câu ở trên.
    .speech = Xin đọc lại một mã hoặc một câu ở trên.
question-tap-choice = Xin bấm chọn một mục.
number-no-such-date = Mã hồ sơ này có ngày tháng không đúng. Xin xem lại sáu số ở giữa trên giấy hẹn.
number-date-in-future = Mã hồ sơ này có ngày chưa đến. Xin xem lại sáu số ở giữa trên giấy hẹn.
number-incomplete = Mã hồ sơ này còn thiếu. Xin gửi đủ mã như trên giấy hẹn, ví dụ 000.00.17.H09-210819-0012.
    .speech = Mã hồ sơ này còn thiếu. Xin đọc đủ mã như trên giấy hẹn.
number-too-long = Mã hồ sơ này dài quá. Xin xem lại mã trên giấy hẹn.
number-none = Đây không phải mã hồ sơ. Xin gửi mã ghi trên giấy hẹn, ví dụ 000.00.17.H09-210819-0012.
    .speech = Đây không phải mã hồ sơ. Xin đọc mã ghi trên giấy hẹn.

choice-line = { $index }. { $label }
    .sms = { $index }) { $label };
    .speech = Thứ { $index }: { $label }.
choice-line-send = { $index }. { $label } ({ $send })
    .sms = { $index }) { $label } ({ $send });
    .speech = Thứ { $index }: { $label }, mã { $send }.
choice-dossier = Hồ sơ { $number }
choice-disclose = Xem thêm hồ sơ { $number }
choice-find = Tìm “{ $query }”
choice-find-all = Tất cả thủ tục
choice-procedure = Thủ tục { $code }
choice-focus = { $name }: { $focus }
choice-agencies = danh sách cơ quan
choice-help = trợ giúp
choice-send-code = gửi mã xác nhận hồ sơ { $number }
choice-subscribe = báo cho tôi khi hồ sơ { $number } thay đổi
choice-unsubscribe = thôi theo dõi hồ sơ
choice-stop = thôi nhận tin báo
choice-start = nhận lại tin báo
choice-more = xem tiếp
