# Màn hình máy tra cứu (ki-ốt): khóa nào cũng thành một thuộc tính của `Words` trong các tệp .slint

## Khung chung

kiosk-window-title = Đa Kênh
kiosk-site-unnamed = Trung tâm Phục vụ hành chính công
kiosk-bar-back = Quay lại
kiosk-bar-home = Trang đầu
kiosk-bar-call = Gọi cán bộ
kiosk-bar-other-language = English
kiosk-bar-large = Chữ to
kiosk-bar-contrast = Tương phản
kiosk-bar-reach = Tầm thấp
kiosk-bar-speech = Đọc to
kiosk-read-on = Xem tiếp
kiosk-read-back = Xem lên
kiosk-page-before = Trang trước
kiosk-page-after = Trang sau
kiosk-finish = Xong, xóa màn hình
kiosk-close = Đóng
kiosk-try-again = Thử lại
kiosk-answer-code = Mã trả lời: { $code }
kiosk-field-shielded = Đã nhập { $count } ký tự

## Bàn phím

kiosk-key-erase = Xóa
kiosk-key-space = Dấu cách
kiosk-tone-acute = Dấu sắc
kiosk-tone-grave = Dấu huyền
kiosk-tone-hook = Dấu hỏi
kiosk-tone-tilde = Dấu ngã
kiosk-tone-dot = Dấu nặng

## Trang đầu

kiosk-home-greeting = Kính chào quý công dân
kiosk-home-lead = Xin ông/bà chạm vào việc cần làm.
kiosk-home-look-up = Tra cứu hồ sơ
kiosk-home-look-up-hint = Hồ sơ của tôi đến đâu rồi?
kiosk-home-procedures = Thủ tục
kiosk-home-procedures-hint = Giấy tờ, thời hạn, lệ phí
kiosk-home-ticket = Lấy số
kiosk-home-ticket-hint = Chờ đến lượt ở quầy
kiosk-home-ask = Hỏi đáp
kiosk-home-ask-hint = Gõ câu hỏi, có câu trả lời
kiosk-home-rate = Đánh giá
kiosk-home-rate-hint = Ông/bà có hài lòng không?
kiosk-home-phone = Xem trên điện thoại
kiosk-home-phone-hint = Quét mã, xem tiếp trên máy của mình
kiosk-home-closed = Bây giờ ngoài giờ làm việc. Ông/bà vẫn tra cứu được.
kiosk-home-unreachable = Máy chưa kết nối được với trung tâm. Ông/bà vẫn xem được thủ tục (dữ liệu ngày { $date }).
kiosk-home-unreachable-undated = Máy chưa kết nối được với trung tâm. Xin ông/bà hỏi cán bộ ở quầy.

## Tra cứu hồ sơ

kiosk-look-up-heading = Tra cứu hồ sơ
kiosk-look-up-lead = Xin ông/bà gõ số hồ sơ ghi trên giấy biên nhận.
kiosk-look-up-scan = Hoặc đưa mã vạch trên giấy biên nhận vào khe quét.
kiosk-look-up-number = Số hồ sơ
kiosk-look-up-example = Ví dụ: 000.00.17.H09-260901-0012
kiosk-look-up-submit = Tra cứu
kiosk-look-up-waiting = Đang hỏi, xin chờ một chút…
kiosk-look-up-another = Tra hồ sơ khác
kiosk-look-up-again = Gõ lại số hồ sơ
kiosk-look-up-prove = Xem thêm (cần 4 số cuối căn cước)
kiosk-look-up-rate = Đánh giá việc giải quyết
kiosk-proof-heading = Chứng minh hồ sơ là của ông/bà
kiosk-proof-lead = Xin nhập 4 số cuối thẻ căn cước của người nộp hồ sơ.
kiosk-proof-privacy = Số không hiện trên màn hình. Xin che tay khi bấm.
kiosk-proof-scan = Hoặc đưa mã QR trên thẻ căn cước vào khe quét.
kiosk-proof-digits = 4 số cuối căn cước
kiosk-proof-submit = Xem thông tin của tôi
kiosk-proof-again = Thử lại
kiosk-dossier-next = Việc cần làm
kiosk-dossier-reason = Lý do
kiosk-dossier-when = Thời hạn
kiosk-dossier-procedure = Thủ tục
kiosk-dossier-withheld = Chỉ hiện cho người nộp hồ sơ
kiosk-dossier-procedure-unknown = Cổng dịch vụ công không ghi
kiosk-dossier-agency = Nơi giải quyết
kiosk-dossier-agency-phone = { $agency }, điện thoại { $phone }
kiosk-dossier-due = Hẹn trả { $date }, còn { $days } ngày làm việc
kiosk-dossier-overdue = Đã quá hẹn { $date }, chậm { $days } ngày làm việc. Xin lỗi ông/bà.
kiosk-dossier-finished-late = Xong ngày { $date }, chậm { $days } ngày làm việc
kiosk-dossier-finished-in-time = Đã xong đúng hẹn
kiosk-dossier-clock-stands = Thời hạn tạm dừng, chờ ông/bà
kiosk-dossier-due-unknown = Ngày hẹn trả chưa được công bố
kiosk-dossier-as-of = Theo cổng dịch vụ công lúc { $moment }
kiosk-dossier-stale = Cổng dịch vụ công chưa trả lời. Đây là thông tin lúc { $moment }.
kiosk-owner-heading = Chỉ người nộp hồ sơ xem được
kiosk-owner-name = Người nộp hồ sơ
kiosk-owner-reason = Lý do đầy đủ
kiosk-owner-paper = Giấy tờ cần bổ sung
kiosk-owner-wipe = Xem xong, xin bấm “Xong, xóa màn hình”.
kiosk-elsewhere-heading = Hồ sơ ở cơ quan khác
kiosk-elsewhere-authority = Số này thuộc { $authority }.
kiosk-elsewhere-unknown = Số này thuộc một cơ quan khác.
kiosk-elsewhere-ask = Xin tra cứu tại { $place }.
kiosk-elsewhere-ask-unknown = Xin hỏi nơi đã nhận hồ sơ.

## Thủ tục

kiosk-procedures-heading = Thủ tục hành chính
kiosk-procedures-lead = Xin ông/bà chọn việc trong cuộc sống, tìm theo tên hoặc theo lĩnh vực.
kiosk-procedures-offline = Chưa kết nối được. Dữ liệu thủ tục ngày { $date }.
kiosk-procedures-offline-undated = Chưa kết nối được với trung tâm.
kiosk-procedures-search = Tìm theo tên
kiosk-procedures-search-lead = Gõ vài chữ là đủ, có dấu hay không dấu đều được.
kiosk-procedures-search-name = Tên thủ tục
kiosk-procedures-search-example = Ví dụ: khai sinh
kiosk-procedures-search-other = Tìm thủ tục khác
kiosk-procedures-fields = Chọn theo lĩnh vực
kiosk-procedures-fields-heading = Thủ tục theo lĩnh vực
kiosk-procedures-letters-lead = Tên lĩnh vực bắt đầu bằng chữ nào? Xin ông/bà chạm vào chữ đó.
kiosk-procedures-letter = Chữ { $letter }
kiosk-procedures-fields-of = Lĩnh vực chữ { $letter }
kiosk-procedures-fields-lead = Xin chạm vào một lĩnh vực để xem các thủ tục.
kiosk-procedures-count = { $procedures } thủ tục
kiosk-procedures-of-field = Lĩnh vực: { $field }
kiosk-search-submit = Tìm
kiosk-procedures-waiting = Đang tìm, xin chờ một chút…
kiosk-procedures-found = Kết quả cho “{ $query }”
kiosk-procedures-total = Có { $total } thủ tục. Xin chạm để xem.
kiosk-procedures-none = Chưa tìm thấy. Xin thử chữ khác.
kiosk-procedures-page = Trang { $page } trên { $pages }
kiosk-event-birth = Sinh con
kiosk-event-marriage = Kết hôn
kiosk-event-identity = Căn cước
kiosk-event-residence = Nơi cư trú
kiosk-event-driving = Xe, bằng lái
kiosk-event-land = Nhà đất
kiosk-event-business = Kinh doanh
kiosk-event-death = Người thân mất
kiosk-procedure-code = Mã { $code } · { $field }
kiosk-procedure-papers = Giấy tờ
kiosk-procedure-cost = Thời hạn và lệ phí
kiosk-procedure-steps = Cách làm và kết quả
kiosk-procedure-papers-none = Nguồn chưa công bố giấy tờ cần nộp.
kiosk-procedure-ways-none = Nguồn chưa công bố thời hạn và lệ phí.
kiosk-procedure-steps-none = Nguồn chưa công bố các bước.
kiosk-procedure-note = Ghi chú
kiosk-procedure-originals = Bản chính: { $originals }
kiosk-procedure-copies = Bản sao: { $copies }
kiosk-procedure-originals-copies = Bản chính: { $originals }, bản sao: { $copies }
kiosk-procedure-time = Thời hạn
kiosk-procedure-fee = Lệ phí
kiosk-procedure-fee-until = { $fee } (đến hết { $date })
kiosk-procedure-result = Kết quả
kiosk-procedure-source = Nguồn: { $source }
kiosk-procedure-source-dated = Nguồn: { $source }, ngày { $date }
kiosk-procedure-to-phone = Xem trên điện thoại
kiosk-procedure-print = In ra giấy
kiosk-procedure-print-case = In giấy tờ của trường hợp này
kiosk-procedure-case = Chọn trường hợp của tôi
kiosk-procedure-case-other = Đổi trường hợp
kiosk-cases-heading = Trường hợp của ông/bà
kiosk-cases-lead = Xin ông/bà chọn trường hợp của mình để chỉ xem giấy tờ cần nộp.
kiosk-cases-case = { $position }. { $case }
kiosk-cases-common = Không thuộc trường hợp riêng
kiosk-cases-all = Xem mọi trường hợp
kiosk-printing-running = Đang in…
kiosk-printing-done = Đã in xong
kiosk-printing-failed = Chưa in được, thử lại
kiosk-print-paper-out = Máy in hết giấy. Xin ông/bà báo cán bộ.
kiosk-print-cover-open = Nắp máy in đang mở. Xin ông/bà báo cán bộ.
kiosk-print-offline = Máy in chưa trả lời. Xin ông/bà báo cán bộ.
kiosk-print-busy = Máy in đang bận. Xin ông/bà thử lại sau ít phút.
kiosk-print-too-long = Danh sách này dài quá giấy in. Xin ông/bà chọn một trường hợp, hoặc xem trên màn hình.
kiosk-print-unable = Bây giờ chưa in được.

## Lấy số

kiosk-ticket-heading = Lấy số thứ tự
kiosk-ticket-lead = Xin ông/bà chọn việc cần làm ở quầy.
kiosk-ticket-none = Bây giờ chưa có quầy nào nhận số.
kiosk-ticket-waiting = { $ahead } người đang chờ
kiosk-ticket-waiting-unknown = Chưa biết có bao nhiêu người đang chờ
kiosk-ticket-waiting-about = { $ahead } người đang chờ, khoảng { $minutes } phút
kiosk-ticket-closed = Ngoài giờ làm việc
kiosk-ticket-closed-until = Ngoài giờ, nhận số từ { $time }
kiosk-ticket-lunch = Đang nghỉ trưa
kiosk-ticket-lunch-until = Nghỉ trưa, nhận số từ { $time }
kiosk-ticket-cut-off = Gần hết giờ, không nhận thêm số
kiosk-ticket-full = Hôm nay đã hết số
kiosk-ticket-paused = Quầy tạm dừng nhận số
kiosk-priority-lead = Ông/bà có thuộc diện ưu tiên không?
kiosk-priority-proof = Cán bộ ở quầy sẽ xem giấy tờ hoặc hỏi lại.
kiosk-priority-none = Lấy số thường
kiosk-priority-elderly = Người cao tuổi
kiosk-priority-disabled = Người khuyết tật
kiosk-priority-pregnant = Phụ nữ có thai
kiosk-priority-with-infant = Có con nhỏ đi cùng
kiosk-priority-merit = Người có công
kiosk-ticket-taking = Đang lấy số…
kiosk-ticket-yours = Số của ông/bà
kiosk-ticket-number = Số của ông/bà là { $number }
kiosk-ticket-ahead = Còn { $ahead } người ở trước
kiosk-ticket-about = Chờ khoảng { $minutes } phút
kiosk-ticket-priority = Số ưu tiên
kiosk-ticket-called = Xin chờ loa gọi số.
kiosk-ticket-printing = Đang in phiếu…
kiosk-ticket-printed = Xin lấy phiếu ở khe in.
kiosk-ticket-not-printed = Chưa in được phiếu. Xin ông/bà nhớ số này.
kiosk-ticket-print-again = In lại phiếu
kiosk-ticket-code = Quét mã bằng điện thoại để xem còn bao nhiêu người chờ.
kiosk-ticket-code-name = Mã QR của số thứ tự

## Trên giấy in

kiosk-print-priority = Ưu tiên: { $priority }
kiosk-print-taken = Lấy lúc { $moment }
kiosk-print-printed = In lúc { $moment }
kiosk-print-ticket-code = Đưa mã này vào khe quét của máy để xem còn bao nhiêu người chờ.
kiosk-print-ticket-kind = Xin mời ông/bà ngồi chờ, loa sẽ gọi số này. Cảm ơn ông/bà.
kiosk-print-checklist = Giấy tờ cần chuẩn bị
kiosk-print-case = Trường hợp của ông/bà
kiosk-print-note = Ghi chú: { $text }
kiosk-print-time = Thời hạn: { $time }
kiosk-print-fee = Lệ phí: { $fee }
kiosk-print-checklist-code = Ở quầy, xin đưa mã này cho cán bộ quét để mở đúng trang này.
kiosk-print-proof = Phiếu in thử

## Đánh giá

kiosk-rate-heading = Ông/bà có hài lòng không?
kiosk-rate-lead = Xin chọn một mức cho lần phục vụ hôm nay.
kiosk-rate-lead-dossier = Xin đánh giá việc giải quyết hồ sơ { $number }.
kiosk-rate-lead-ticket = Xin đánh giá lần phục vụ theo phiếu vừa quét.
kiosk-rate-scan = Có thể quét phiếu số thứ tự hoặc giấy hẹn để đánh giá đúng lần phục vụ ấy.
kiosk-rate-anonymous = Không ghi tên ông/bà.
kiosk-rate-5 = Rất hài lòng
kiosk-rate-4 = Hài lòng
kiosk-rate-3 = Bình thường
kiosk-rate-2 = Không hài lòng
kiosk-rate-1 = Rất không hài lòng
kiosk-rate-why-good = Điều gì tốt?
kiosk-rate-why-bad = Điều gì chưa tốt?
kiosk-rate-why-lead = Chọn một hay nhiều điều, hoặc bỏ qua.
kiosk-reason-attitude = Thái độ của cán bộ
kiosk-reason-clarity = Hướng dẫn rõ ràng
kiosk-reason-waiting = Thời gian chờ
kiosk-reason-result = Kết quả giải quyết
kiosk-reason-place = Nơi ngồi chờ
kiosk-reason-terminal = Máy này
kiosk-rate-send = Gửi đánh giá
kiosk-rate-sending = Đang gửi…
kiosk-rate-thanks = Cảm ơn ông/bà
kiosk-rate-kept = Đánh giá đã được ghi nhận.

## Hỏi đáp

kiosk-ask-heading = Hỏi đáp
kiosk-ask-lead = Xin gõ câu hỏi về thủ tục, hồ sơ, giờ làm việc.
kiosk-ask-privacy = Xin đừng gõ tên, số điện thoại hay số căn cước.
kiosk-ask-name = Câu hỏi
kiosk-ask-example = Ví dụ: làm giấy khai sinh cần gì
kiosk-ask-submit = Hỏi
kiosk-ask-waiting = Đang tìm câu trả lời…
kiosk-ask-answer = Trả lời
kiosk-ask-another = Hỏi câu khác

## Gọi cán bộ

kiosk-call-heading = Gọi cán bộ
kiosk-call-lead = Xin ông/bà cho biết cần giúp việc gì.
kiosk-call-help = Tôi cần người hướng dẫn
kiosk-call-accessibility = Tôi cần giúp đi lại, nghe, nhìn
kiosk-call-trouble = Máy này bị trục trặc
kiosk-call-calling = Đang gọi cán bộ…
kiosk-call-heard = Đã báo cho cán bộ.
kiosk-call-position = Ông/bà là người thứ { $position } đang chờ giúp.
kiosk-call-stay = Xin ông/bà đứng chờ ở đây.
kiosk-call-coming = Cán bộ đang đến.
kiosk-call-by-foot = Xin ông/bà đến thẳng bàn hướng dẫn.

## Xem tiếp trên điện thoại

kiosk-phone-heading = Xem tiếp trên điện thoại
kiosk-phone-waiting = Đang tạo mã…
kiosk-phone-scan = Xin mở máy ảnh của điện thoại và quét mã này.
kiosk-phone-until = Mã dùng một lần, đến { $time }.
kiosk-phone-private = Thông tin riêng không chuyển sang điện thoại.
kiosk-phone-code-name = Mã QR để xem tiếp trên điện thoại
kiosk-phone-match = Điện thoại hiện số nào?
kiosk-phone-match-lead = Xin nhập 4 số đang hiện trên điện thoại, để chắc chắn là máy của ông/bà.
kiosk-phone-match-other = Nếu điện thoại báo đã có máy khác quét, xin tạo mã mới.
kiosk-phone-match-name = 4 số trên điện thoại
kiosk-phone-match-hint = Nhập 4 số
kiosk-phone-match-submit = Xác nhận
kiosk-phone-match-wrong = Số chưa khớp. Có thể người khác đã quét mã.
kiosk-phone-open = Xin xem tiếp trên điện thoại.
kiosk-phone-over = Mã không còn dùng được.
kiosk-phone-again = Tạo mã mới

## Sắp hết phiên

kiosk-idle-heading = Ông/bà còn ở đây không?
kiosk-idle-lead = Màn hình sẽ tự xóa sau { $seconds } giây.
kiosk-idle-more = Tôi còn ở đây
kiosk-idle-finish = Xong, xóa ngay

## Máy quét

kiosk-scan-unknown = Máy chưa đọc được mã này
kiosk-scan-unknown-next = Máy đọc được mã trên giấy biên nhận, thẻ căn cước và phiếu lấy số. Xin ông/bà thử lại.

## Khi có trục trặc

kiosk-trouble-unreachable = Máy chưa kết nối được với trung tâm.
kiosk-trouble-unreachable-next = Bây giờ máy không trả lời được việc này. Xin ông/bà hỏi cán bộ ở quầy, hoặc thử lại sau ít phút.
kiosk-trouble-busy = Đang có nhiều người dùng.
kiosk-trouble-too-many = Máy này đã hỏi quá nhiều hồ sơ.
kiosk-trouble-portal-down = Cổng dịch vụ công chưa trả lời.
kiosk-trouble-later-next = Xin ông/bà thử lại sau ít phút, hoặc hỏi cán bộ ở quầy.
kiosk-trouble-not-found = Chưa tìm thấy hồ sơ có số này.
kiosk-trouble-too-new = Hồ sơ mới nộp có thể chưa lên hệ thống.
kiosk-trouble-not-a-number = Đây chưa phải là số hồ sơ.
kiosk-trouble-number-next = Xin xem lại số trên giấy biên nhận rồi gõ lại.
kiosk-trouble-not-disclosed = Chưa xem được thông tin riêng.
kiosk-trouble-not-disclosed-next = 4 số chưa khớp, hoặc đã thử quá nhiều lần hôm nay. Xin hỏi cán bộ ở quầy.
kiosk-trouble-not-understood = Xin lỗi, máy chưa hiểu câu hỏi.
kiosk-trouble-not-understood-next = Xin hỏi ngắn hơn, hoặc gọi cán bộ giúp.
kiosk-trouble-closed = Bây giờ ngoài giờ làm việc.
kiosk-trouble-out-of-order = Máy này tạm thời chưa dùng được.
kiosk-trouble-out-of-order-next = Xin ông/bà dùng máy khác hoặc hỏi cán bộ ở quầy.
kiosk-trouble-refused = Bây giờ chưa làm được việc này.
kiosk-trouble-screen-failed = Màn hình vừa gặp lỗi. Xin lỗi ông/bà.

## Dành cho người trông máy

kiosk-service-heading = Trông nom máy
kiosk-service-pin-lead = Nhập mã của người trông máy.
kiosk-service-pin-wrong = Mã không đúng.
kiosk-service-unlock = Mở
kiosk-service-version = Phiên bản
kiosk-service-device = Máy
kiosk-service-not-enrolled = Chưa đăng ký
kiosk-service-printer = Máy in
kiosk-service-network = Kết nối
kiosk-service-connected = Đã kết nối
kiosk-service-unreachable = Mất kết nối
kiosk-service-catalogue = Dữ liệu thủ tục ngày
kiosk-service-no-catalogue = Chưa có
kiosk-service-failed-screens = Lần màn hình lỗi
kiosk-service-print = In thử
kiosk-service-restart = Khởi động lại
kiosk-printer-ready = Sẵn sàng
kiosk-printer-paper-out = Hết giấy
kiosk-printer-cover-open = Nắp đang mở
kiosk-printer-offline = Không trả lời
kiosk-printer-missing = Không có
kiosk-printer-unknown = Chưa rõ
