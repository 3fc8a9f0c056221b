# Liên kết kênh theo sự đồng ý, và “yêu cầu của tôi”.
#
# link-offer là lời hỏi sự đồng ý: nói rõ dùng để làm gì, giữ những gì, và bỏ thế
# nào. Ai sửa ý của nó phải đổi bản (LINK_CONSENT trong mã nguồn). link-code gửi
# đến số điện thoại: không nêu tên ai, tài khoản nào.

## Xin đồng ý

link-offer = Liên kết để làm gì: khi ông/bà hỏi “yêu cầu của tôi” ở nơi này hay nơi kia, chúng tôi kể được cả hai nơi; cán bộ trò chuyện với ông/bà cũng biết ông/bà đã hỏi việc gì. Liên kết không giúp ai xem thêm được hồ sơ. Chúng tôi giữ: dấu mã hóa của hai bên, mấy số cuối của điện thoại, câu đồng ý và thời điểm. Bỏ lúc nào cũng được: nhắn “bỏ liên kết”. (Bản { $version })
    .sms = Liên kết để “yêu cầu của tôi” kể được cả hai nơi, và cán bộ biết ông/bà đã hỏi việc gì; không giúp ai xem thêm hồ sơ. Bỏ lúc nào cũng được: nhắn “bỏ liên kết”. (Bản { $version })
link-offer-code = Nếu đồng ý, xin gửi số điện thoại của ông/bà, ví dụ: liên kết số 0912345678. Chúng tôi sẽ gửi một mã đến số đó; ông/bà gửi lại mã ở đây.
link-offer-contact = Nếu đồng ý, xin bấm nút chia sẻ số điện thoại ở dưới.
link-contact-button = Đồng ý, chia sẻ số của tôi
link-code-sent = Chúng tôi gửi một mã 6 số đến { $phone }. Mã dùng trong { $minutes } phút. Nếu đồng ý như dưới đây, xin gửi mã đó vào đây; không đồng ý thì không cần làm gì. Vài phút chưa thấy mã, xin thử lại sau; mỗi ngày chỉ gửi được ít lần.
    .sms = Đã gửi mã 6 số đến { $phone }, dùng trong { $minutes } phút. Gửi lại mã là đồng ý:
link-code = { $code } là mã liên kết số này với một tài khoản { $channel }, dùng trong { $minutes } phút. Ai có mã sẽ biết ông/bà đã hỏi gì. Không đưa mã cho ai. Nếu không xin, hãy bỏ qua.
    .speech = Mã liên kết số này với một tài khoản { $channel } là { $code }. Mã dùng trong { $minutes } phút. Không đưa mã cho ai. Nếu không xin, hãy bỏ qua.
link-not-a-mobile = Mã chỉ gửi được đến số di động ở Việt Nam. Xin gửi một số di động.

## Kết quả

linked = Đã liên kết với { $phone }. Muốn bỏ, lúc nào cũng được: nhắn “bỏ liên kết”.
link-replaced = Số đã liên kết trước đây được bỏ.
link-code-wrong = Mã chưa đúng. Ông/bà còn { $left } lần thử. Chưa có gì được liên kết.
link-code-none = Mã này không dùng được (nữa). Chưa có gì được liên kết. Muốn liên kết, xin gửi lại số điện thoại, ví dụ: liên kết số 0912345678.
link-too-many = Số này đã liên kết với { $most } tài khoản, không thêm được nữa. Xin bỏ một liên kết trước: từ số đó, nhắn “bỏ liên kết” đến cổng này.
link-no-way = Cổng này chưa gửi được mã đến điện thoại, nên ở đây chưa liên kết được.
link-only-privately = Chuyện riêng xin nhắn riêng: ông/bà nhắn trực tiếp cho chúng tôi, không ở trong nhóm.
link-not-here = Ở đây chưa liên kết hay xem lại yêu cầu được, vì chúng tôi không biết chắc ai đang hỏi. Xin dùng kênh Zalo hoặc Telegram của cổng này, nếu có.
    .sms = Ở đây chưa liên kết hay xem lại yêu cầu được. Xin dùng kênh Zalo hoặc Telegram, nếu có.

## Xem và bỏ

links-none = Chưa có liên kết nào.
links-here = Các liên kết của ông/bà:
links-phone = { $phone }, từ { $date }
links-phone-unshown = Một số điện thoại, từ { $date }
links-account = { $place }. Tài khoản { $channel }, từ { $date }
links-end = Muốn bỏ hết, nhắn “bỏ liên kết”; muốn bỏ một, nhắn thêm số thứ tự, ví dụ “bỏ liên kết 1”.
links-end-one = Muốn bỏ, nhắn “bỏ liên kết”.
unlinked =
    { $count ->
        [0] Không có liên kết nào để bỏ.
       *[any] Đã bỏ { $count } liên kết và xóa những gì đã giữ. Ông/bà vẫn hỏi được như trước.
    }

## Yêu cầu của tôi

my-requests = Những việc ông/bà đã hỏi, mới nhất trước:
my-request = { $at }, { $channel }: { $about }. Mã trả lời { $code }.
    .sms = { $at } { $channel }: { $about } ({ $code }).
my-requests-none = Chúng tôi chưa thấy yêu cầu nào của ông/bà.
my-requests-not-linked = Muốn thấy cả những yêu cầu từ kênh khác, xin liên kết số điện thoại.
asked-dossier = xem một hồ sơ
asked-procedures = hỏi thủ tục
asked-agencies = hỏi cơ quan, giờ làm việc
asked-person = muốn gặp cán bộ
asked-notices = nhận hoặc thôi nhận tin
asked-links = liên kết kênh
asked-services = lấy số, nộp tiền hoặc góp ý
asked-unclear = câu hỏi chưa rõ ý
channel-terminal = máy dòng lệnh
channel-mobile = ứng dụng
channel-web = trang web
channel-sms = tin nhắn
channel-kiosk = máy tại quầy
channel-zalo = Zalo
channel-telegram = Telegram
channel-webchat = trò chuyện trên web

## Nút

choice-link = Liên kết số điện thoại
choice-links = Các liên kết của tôi
choice-unlink = Bỏ liên kết
choice-unlink-one = Bỏ liên kết { $place }
choice-my-requests = Yêu cầu của tôi
