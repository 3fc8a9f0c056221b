# Hồ sơ đang ở đâu, và ông/bà cần làm gì tiếp.
#
# Câu ngắn, lời thường. Không bao giờ bịa ra một ngày hẹn; cái gì chưa được công
# bố thì nói là chưa công bố.

## Từng dòng của câu trả lời

dossier-number = Hồ sơ: { $number }
    .sms = HS { $number }:
    .speech = Hồ sơ số { $number }.
dossier-procedure = Thủ tục: { $name }
    .sms = TT: { $name }.
    .speech = Thủ tục { $name }.
dossier-name-withheld = Tên thủ tục này chỉ hiện cho chủ hồ sơ.
    .sms = Tên TT chỉ hiện cho chủ hồ sơ.
dossier-status = Tình trạng: { $status }
    .sms = { $status }
dossier-place = Hồ sơ đang ở { $agency }.
    .sms = tại { $agency }.
dossier-handled-by = Nơi giải quyết: { $agency }.
    .sms = ({ $agency }).
    .speech = Nơi giải quyết là { $agency }.
dossier-agency = Nơi xử lý: { $agency }
dossier-next = Việc cần làm: { $next }
dossier-reason = Lý do: { $reason }.
dossier-returned-on = Ngày trả kết quả: { $date }.
    .sms = Trả ngày { $date }.
    .speech = Kết quả đã được trả { $date }.
dossier-see-more = Nếu người nộp là cá nhân, ông/bà có thể xem thêm về lý do, lệ phí và giấy tờ: xin nhập 4 số cuối căn cước của người nộp.
dossier-see-more-how = Nếu người nộp là cá nhân, ông/bà có thể xem thêm về lý do, lệ phí và giấy tờ: xin gửi “{ $number } cccd 1234”, thay 1234 bằng 4 số cuối căn cước của người nộp.
    .sms = Cá nhân xem thêm: gửi mã, cccd, 4 số cuối.
    .speech = Nếu người nộp là cá nhân, ông/bà có thể nghe thêm về lý do, lệ phí và giấy tờ: xin đọc lại mã hồ sơ, rồi đọc: bốn số cuối, và 4 số cuối căn cước của người nộp.

## Tình trạng, nói gọn

phase-registered = Mới nộp, chờ kiểm tra
phase-accepted = Đã tiếp nhận
phase-refused = Không được tiếp nhận
phase-in-progress = Đang xử lý
phase-papers-requested = Chờ bổ sung giấy tờ
phase-payment-requested = Chờ nộp tiền
phase-withdrawn = Đã rút hồ sơ
phase-stopped = Đã dừng xử lý
phase-result-ready = Đã có kết quả
phase-returned = Đã trả kết quả
phase-other = Tình trạng khác

## Tình trạng, nói thành câu

situation-registered = Hồ sơ mới nộp, đang chờ cán bộ kiểm tra.
situation-accepted = Hồ sơ đã được tiếp nhận.
situation-refused = Rất tiếc, hồ sơ không được tiếp nhận.
situation-in-progress = Hồ sơ đang được xử lý.
situation-papers-requested = Hồ sơ đang chờ người nộp bổ sung giấy tờ.
situation-payment-requested = Hồ sơ đang chờ người nộp đóng tiền theo thông báo.
situation-withdrawn = Hồ sơ đã được rút theo yêu cầu của người nộp.
situation-stopped = Hồ sơ đã dừng xử lý.
situation-result-ready = Hồ sơ đã xử lý xong và đã có kết quả.
situation-returned = Hồ sơ đã xong, kết quả đã được trả.
situation-other = Nơi xử lý ghi tình trạng là “{ $text }”.

## Hạn

due =
    { $days ->
        [0] Ngày hẹn trả kết quả là { $date }.
       *[any] Ngày hẹn trả kết quả là { $date }, còn { $days } ngày làm việc.
    }
    .sms = Hẹn trả { $date }.
    .speech =
        { $days ->
            [0] Hẹn trả kết quả { $date }.
           *[any] Hẹn trả kết quả { $date }, còn { $days } ngày làm việc.
        }
overdue = Hồ sơ đã quá ngày hẹn { $date }, chậm { $days } ngày làm việc. Rất tiếc vì ông/bà phải chờ lâu. Chưa có ngày hẹn mới được công bố.
    .sms = Quá hẹn { $date }, chậm { $days } ngày làm việc, rất tiếc.
    .speech = Hồ sơ được hẹn trả { $date }, nay đã chậm { $days } ngày làm việc. Rất tiếc vì ông/bà phải chờ lâu. Chưa có ngày hẹn mới được công bố.
finished-late = Hồ sơ xong ngày { $finished }, chậm { $days } ngày làm việc so với ngày hẹn { $due }. Rất tiếc vì ông/bà phải chờ lâu.
    .sms = Xong { $finished }, chậm { $days } ngày làm việc, rất tiếc.
    .speech = Hồ sơ xong { $finished }, chậm { $days } ngày làm việc. Hẹn trả là { $due }. Rất tiếc vì ông/bà phải chờ lâu.
finished-in-time = Hồ sơ xong đúng hẹn.
    .sms = Xong đúng hẹn.
due-not-published = Ngày hẹn trả kết quả chưa được công bố.
    .sms = Chưa công bố ngày hẹn trả.
due-after-acceptance = Khi hồ sơ được tiếp nhận mới có ngày hẹn trả kết quả.
    .sms = Chưa có ngày hẹn trả.
clock-stands = Thời hạn xử lý đang tạm dừng. Hạn mới chưa được công bố.
    .sms = Tạm dừng tính hạn, chưa công bố hạn mới.
clock-refused = Hồ sơ đang chờ người nộp sửa và nộp lại. Hạn nộp lại chưa được công bố.
    .sms = Chưa công bố hạn nộp lại.
clock-papers = Trong lúc chờ giấy tờ, thời hạn xử lý tạm dừng. Hạn nộp bổ sung chưa được công bố.
    .sms = Chưa công bố hạn bổ sung.
clock-payment = Trong lúc chờ nộp tiền, thời hạn xử lý tạm dừng. Hạn nộp tiền chưa được công bố.
    .sms = Chưa công bố hạn nộp.
clock-stopped = Hồ sơ đang chờ nơi xử lý quyết định. Hạn xử lý tiếp chưa được công bố.
    .sms = Chưa công bố hạn.

# Khi lời của cơ quan (lý do, giấy tờ) đứng ở dưới: trong đó có thể có hạn, nên
# không nói là hạn chưa được công bố.
clock-words-below = Thời hạn xử lý đang tạm dừng. Ý kiến của cơ quan ghi ở dưới.
    .sms = Tạm dừng tính hạn.
    .speech = Thời hạn xử lý đang tạm dừng. Sau đây là ý kiến của cơ quan.

## Việc cần làm tiếp

next-wait-for-check = Ông/bà chưa cần làm gì. Cán bộ sẽ kiểm tra hồ sơ trước.
    .sms = Ông/bà chưa cần làm gì.
next-wait-for-result = Ông/bà chưa cần làm gì. Xin chờ kết quả.
    .sms = Xin chờ kết quả.
next-ask-agency = Ông/bà có quyền hỏi vì sao chậm. Xin hỏi thẳng nơi xử lý và đọc mã hồ sơ.
next-mend-and-resubmit = Xin hỏi nơi nhận hồ sơ để biết cần sửa gì, rồi nộp lại.
    .sms = Xin hỏi nơi nhận cần sửa gì.
mend-papers = Xin bổ sung hoặc sửa giấy tờ rồi nộp lại. Nếu chưa rõ cần giấy gì, ông/bà hỏi nơi nhận hồ sơ.
    .sms = Xin bổ sung rồi nộp lại.
mend-fee = Xin nộp đủ tiền theo thông báo rồi nộp lại hồ sơ. Không chuyển tiền theo tin nhắn hay cuộc gọi lạ.
    .sms = Xin nộp đủ tiền rồi nộp lại.
mend-conditions = Xin xem lại điều kiện của thủ tục. Khi đủ điều kiện, ông/bà nộp lại hồ sơ.
    .sms = Khi đủ điều kiện, xin nộp lại.
next-hand-in-elsewhere = Xin hỏi nơi nhận hồ sơ để biết cơ quan nào giải quyết, rồi nộp hồ sơ ở đó.
    .sms = Hỏi nơi nhận nên nộp ở đâu.
next-hand-in-papers = Xin nộp bổ sung giấy tờ tại nơi đã nhận hồ sơ. Nếu đã nộp qua mạng, ông/bà bổ sung trên cổng dịch vụ công.
    .sms = Xin bổ sung tại nơi đã nộp.
next-pay-fee = Xin nộp tiền theo thông báo của cơ quan và giữ biên lai. Không chuyển tiền theo tin nhắn hay cuộc gọi lạ.
    .sms = Xin nộp tiền theo thông báo của cơ quan.
next-nothing-withdrawn = Ông/bà không cần làm gì thêm. Muốn làm tiếp thì nộp hồ sơ mới.
    .sms = Muốn làm tiếp thì nộp hồ sơ mới.
next-ask-reason = Xin hỏi nơi xử lý để biết lý do và việc cần làm.
next-collect-result = Mời ông/bà đến nơi đã nộp hồ sơ để nhận kết quả, trong giờ làm việc. Xin mang theo giấy hẹn và căn cước.
    .sms = Mời ông/bà đến nơi nộp nhận kết quả, mang giấy hẹn và căn cước.
next-wait-for-post = Kết quả được gửi qua bưu điện. Xin chờ ở địa chỉ đã đăng ký.
    .sms = Kết quả gửi qua bưu điện.
next-nothing-returned = Ông/bà không cần làm gì thêm.
    .sms = Không cần làm gì thêm.
next-ask-meaning = Xin hỏi nơi xử lý để biết rõ tình trạng này.

## Gặp người

contact = Liên hệ: { $contact }.
    .sms = Hỏi { $contact }.
contact-unknown = Số điện thoại của nơi xử lý chưa được công bố. Ông/bà có thể đến quầy nơi đã nộp hồ sơ.
    .sms = Hỏi nơi đã nộp.

## Loại lý do (ai biết mã hồ sơ cũng xem được)

reason-papers-missing = giấy tờ còn thiếu hoặc chưa đúng
    .sms = thiếu hoặc sai giấy tờ
reason-fee-due = còn tiền phải nộp
reason-not-competent = hồ sơ không thuộc thẩm quyền của nơi này
    .sms = không thuộc thẩm quyền
reason-conditions-not-met = chưa đủ điều kiện
    .sms = chưa đủ điều kiện
reason-at-request = theo yêu cầu của người nộp
    .sms = người nộp yêu cầu
reason-unspecified = nơi xử lý chưa ghi rõ
    .sms = chưa ghi rõ

## Tin này cũ hay mới

age-fresh = Theo thông tin lúc { $moment }.
    .sms = Tin lúc { $moment }.
age-stale = Theo thông tin lúc { $moment }; cổng dịch vụ công đang tạm thời không trả lời.
    .sms = Tin lúc { $moment }, cổng DVC không trả lời.
    .speech = Đây là thông tin lúc { $moment }. Cổng dịch vụ công đang tạm thời không trả lời.

## Chỉ chủ hồ sơ mới xem được

private-name = Người nộp: { $name }
    .sms = Người nộp: { $name }.
    .speech = Người nộp là { $name }.
private-reason = Lý do cơ quan ghi: { $reason }
    .speech = Lý do cơ quan ghi: { $reason }.
private-reason-missing = Cơ quan chưa ghi lý do cụ thể.
private-fees = Các khoản tiền của hồ sơ:
private-fee = { $name }: { $amount }
    .sms = { $name }: { $amount }.
    .speech = { $name }, { $amount }.
private-fees-missing = Số tiền chưa được công bố. Xin hỏi nơi xử lý trước khi nộp.
private-papers = Giấy tờ cần bổ sung:
private-paper = { $what }
    .sms = { $what }.
    .speech = { $what }.
private-paper-dated = { $what } (yêu cầu ngày { $date })
    .sms = { $what } (ngày { $date }).
    .speech = { $what }, yêu cầu { $date }.
private-papers-missing = Danh sách giấy tờ chưa được công bố. Xin hỏi nơi xử lý.

## Hồ sơ của nơi khác

elsewhere = Hồ sơ { $number } thuộc { $authority }, nên không xem được ở đây.
    .sms = HS { $number } thuộc { $authority }, không xem được ở đây.
elsewhere-unknown = Hồ sơ { $number } thuộc một cơ quan khác, nên không xem được ở đây.
    .sms = HS { $number } thuộc cơ quan khác, không xem được ở đây.
elsewhere-ask = Mời ông/bà tra cứu tại { $where }.
    .sms = Xin hỏi: { $where }.
elsewhere-ask-unknown = Xin hỏi nơi đã nhận hồ sơ. Tên nơi nhận có ghi trên giấy hẹn.
    .sms = Xin hỏi nơi nhận ghi trên giấy hẹn.
