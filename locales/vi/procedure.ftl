# Thủ tục: giấy tờ, lệ phí, thời gian, nơi nộp.
#
# Lệ phí luôn đi cùng ghi chú, nguồn và ngày. “Không có thông tin” nghĩa là chưa
# công bố, không bao giờ là miễn phí. Thời gian không có đơn vị thì nói rõ là
# chưa công bố đơn vị.

## Đầu câu trả lời

procedure-title = { $name } ({ $code })
    .sms = { $name } ({ $code }).
    .speech = Thủ tục { $name }, mã { $code }.
procedure-official-name = Tên chính thức: { $name }
    .sms = Tên: { $name }.
    .speech = Tên chính thức là { $name }.
procedure-field = Lĩnh vực: { $field }
    .speech = Lĩnh vực { $field }.
procedure-levels = Nơi giải quyết: { $levels }
    .sms = Nơi giải quyết: { $levels }.
    .speech = Nơi giải quyết: { $levels }.
procedure-results = Kết quả: { $results }
    .sms = Kết quả: { $results }.
    .speech = Kết quả là { $results }.
procedure-url = Trang chính thức: { $url }
procedure-also = Có thể ông/bà muốn hỏi:
    .sms = Hoặc:
procedure-source = Nguồn: { $source }, ngày { $date }.
    .speech = Nguồn: { $source }, { $date }.
procedure-source-undated = Nguồn: { $source }, chưa rõ ngày.

## Cách nộp, thời gian, lệ phí

methods = Cách nộp:
fees = Lệ phí:
times = Thời gian giải quyết:
    .sms = Thời gian:
methods-missing = Cách nộp, thời gian và lệ phí chưa được công bố. Xin hỏi nơi giải quyết.
method = { $channel }: { $time }; lệ phí: { $fee }.
    .speech = { $channel }: { $time }. Lệ phí: { $fee }.
method-time = { $channel }: { $time }.
method-fee = { $channel }: { $fee }.
method-only = { $channel }.
note = Ghi chú: { $note }
    .sms = Ghi chú: { $note }
    .speech = Ghi chú: { $note }.

submission-in-person = Trực tiếp
submission-online = Trực tuyến
submission-post = Qua bưu điện
    .sms = Bưu điện
submission-other = { $text }

time-hours = { $count } giờ
time-working-hours = { $count } giờ làm việc
time-days = { $count } ngày
time-working-days = { $count } ngày làm việc
time-months = { $count } tháng
time-years = { $count } năm
time-not-published = thời gian chưa được công bố
    .sms = chưa công bố thời gian
time-unit-not-published = { $count } (chưa công bố đơn vị, không rõ là giờ hay ngày)
    .sms = { $count } (chưa công bố đơn vị)

fee-not-published = chưa được công bố (không có nghĩa là miễn phí)
    .sms = chưa công bố
    .speech = chưa được công bố, không có nghĩa là miễn phí
fee-free = miễn phí
fee-see-note = xem ghi chú
fee-see-note-missing = chưa rõ, xin hỏi nơi giải quyết
fee-amount = { $amount }
fee-text = { $text }
fee-conditional = { $amount }, tùy trường hợp, xem ghi chú
fee-until = { $fee } (có mức thu chỉ đến hết ngày { $date })
    .sms = { $fee } (có mức chỉ đến hết { $date })
    .speech = { $fee }. Có mức thu chỉ đến hết { $date }
fee-ended = { $fee } (có mức thu đã hết hạn ngày { $date }, xin hỏi lại trước khi nộp)
    .sms = { $fee } (có mức đã hết hạn { $date }, xin hỏi lại)
    .speech = { $fee }. Có mức thu đã hết hạn { $date }, xin hỏi lại trước khi nộp

## Giấy tờ

papers = Giấy tờ cần có:
papers-missing = Danh sách giấy tờ chưa được công bố. Xin hỏi nơi giải quyết.
papers-count = Cần { $count } loại giấy tờ. Xin gửi “{ $code } giấy tờ” để xem.
    .sms = Cần { $count } loại giấy tờ, gửi “{ $code } giấy tờ” để xem.
    .speech = Cần { $count } loại giấy tờ.
papers-by-case = Giấy tờ tùy từng trường hợp. Xin gửi “{ $code } giấy tờ” để xem.
    .sms = Giấy tờ tùy trường hợp, gửi “{ $code } giấy tờ” để xem.
    .speech = Giấy tờ tùy từng trường hợp.
papers-case-count = { $case }: { $count } loại giấy tờ
papers-more = Còn { $count } giấy tờ nữa. Xin gửi “{ $code } giấy tờ” để xem hết.
    .speech = Còn { $count } giấy tờ nữa.
paper-originals = { $name } ({ $originals } bản chính)
    .sms = { $name } ({ $originals } bản chính);
    .speech = { $name }, { $originals } bản chính.
paper-copies = { $name } ({ $copies } bản sao)
    .sms = { $name } ({ $copies } bản sao);
    .speech = { $name }, { $copies } bản sao.
paper-both = { $name } ({ $originals } bản chính, { $copies } bản sao)
    .sms = { $name } ({ $originals } bản chính, { $copies } bản sao);
    .speech = { $name }, { $originals } bản chính và { $copies } bản sao.
paper-note = Lưu ý: { $text }
    .sms = Lưu ý: { $text };
    .speech = Lưu ý: { $text }.

## Danh sách thủ tục

procedures-found = Có { $total } thủ tục hợp với “{ $query }”:
    .sms = Có { $total } thủ tục hợp với câu hỏi:
procedures-all = Có { $total } thủ tục:
procedures-none = Chưa tìm thấy thủ tục nào hợp với “{ $query }”. Xin thử từ ngắn hơn, ví dụ “khai sinh” hoặc “căn cước”.
    .sms = Chưa tìm thấy thủ tục nào hợp với câu hỏi. Xin thử từ ngắn hơn, ví dụ “khai sinh” hoặc “căn cước”.
procedures-none-at-all = Chưa có thủ tục nào hợp với yêu cầu này. Xin bỏ bớt điều kiện tìm.
procedures-line = { $index }. { $name } ({ $code })
    .sms = { $index }) { $name } ({ $code })
    .speech = Thứ { $index }: { $name }, mã { $code }.
procedures-more = Còn { $count } thủ tục nữa.
procedures-how = Xin gửi mã thủ tục, ví dụ { $code }, để xem giấy tờ, lệ phí và thời gian.
    .sms = Gửi mã, ví dụ { $code }, để xem chi tiết.
    .speech = Xin đọc mã thủ tục, ví dụ { $code }, để nghe giấy tờ, lệ phí và thời gian.

## Cấp giải quyết

level-ministry = cấp bộ
level-province = cấp tỉnh
level-district = cấp huyện
level-commune = cấp xã
level-other = { $text }

## Hỏi về phần nào

focus-overview = tổng quan
focus-fee = lệ phí
focus-papers = giấy tờ
focus-time = thời gian
focus-where = nơi nộp
focus-steps = các bước
focus-online = nộp trực tuyến
focus-result = kết quả
focus-who = ai được làm

## Các phần khác

steps = Trình tự:
    .sms = Trình tự:
steps-missing = Trình tự chưa được công bố. Xin hỏi nơi giải quyết.
online-yes = Việc này nộp trực tuyến được.
    .sms = Nộp trực tuyến được.
online-no = Chưa thấy công bố cách nộp trực tuyến.
results-missing = Kết quả chưa được công bố. Xin hỏi nơi giải quyết.
who = Ai được làm: { $who }.
conditions = Điều kiện:
    .sms = Điều kiện:
who-missing = Chưa thấy công bố ai được làm và cần điều kiện gì. Xin hỏi nơi giải quyết.
text-more = Còn nữa. Xem đủ trên Cổng Dịch vụ công quốc gia, tìm mã { $code }, hoặc hỏi tại quầy.
