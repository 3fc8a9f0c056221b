# Những gì đi kèm mọi câu trả lời: cách viết số liệu, mã trả lời, thông báo.
#
# Mỗi khóa có thể có hai dạng phụ: .sms (ngắn, cho tin nhắn) và .speech (để đọc
# thành tiếng). Không có dạng phụ thì dùng câu chính.

## Cách viết số liệu (đọc một lần khi nạp)

convention-date = DD/MM/YYYY
convention-clock = HH:mm
convention-time = H giờ mm
convention-time-whole = H giờ
convention-group = .
convention-decimal = ,
convention-money = # ₫
    .sms = #đ
# Chữ viết tắt và cách đọc, ngăn nhau bằng dấu |
convention-shorthand = ông/bà = ông bà | Ông/bà = Ông bà | UBND = Ủy ban nhân dân | HĐND = Hội đồng nhân dân | TP.HCM = Thành phố Hồ Chí Minh | TP. = thành phố | TT. = thị trấn | P. = phường | Q. = quận | CCCD = căn cước công dân | CMND = chứng minh nhân dân | TTHC = thủ tục hành chính | TT PVHCC = trung tâm phục vụ hành chính công | PVHCC = phục vụ hành chính công | HCC = hành chính công | NĐ-CP = Nghị định của Chính phủ | QĐ = quyết định | USD = đô la Mỹ | VNĐ = đồng | VND = đồng | ₫ = đồng | đ = đồng | % = phần trăm | SĐT = số điện thoại

## Ngày, giờ, tiền

moment = { $clock } { $date }
date-spoken = ngày { $day } tháng { $month } năm { $year }
money-spoken = { $amount } đồng
spoken-billions = { $number } tỷ
spoken-millions = { $number } triệu
spoken-thousands = { $number } nghìn
list-separator = { $first }, { $rest }

## Chờ bao lâu

wait-seconds = { $count } giây
wait-minutes = { $count } phút
wait-hours = { $count } giờ
wait-a-while = ít phút

## Đi kèm mọi câu trả lời

answer-code = Mã trả lời: { $code }
    .sms = Mã { $code }
    .speech = Mã trả lời là { $code }.
notice = Thông báo: { $text }
    .sms = TB: { $text }
    .speech = Thông báo: { $text }.
