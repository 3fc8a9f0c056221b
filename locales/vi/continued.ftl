# Trang của điện thoại: đi tiếp từ máy ở trung tâm.

continued-title = Xem tiếp trên điện thoại
continued-free = Ông/bà vừa quét mã trên máy ở trung tâm. Xin bấm nút dưới đây, rồi nhập vào máy 4 số hiện ra.
continued-free-care = Chỉ bấm khi ông/bà đang đứng trước máy.
continued-free-button = Tiếp tục trên điện thoại này
continued-match-title = Xin nhập 4 số này vào máy
continued-match = Nhập xong trên máy ở trung tâm, trang này tự mở tiếp. Nếu trang chưa mở, xin bấm nút dưới đây.
continued-match-button = Tôi đã nhập xong
continued-match-not-yet = Máy chưa nhận được 4 số. Xin nhập trên máy trước.
continued-taken-title = Một điện thoại đã quét mã này
continued-taken = Mã chỉ dùng cho một điện thoại. Nếu đó không phải máy của ông/bà, xin bấm “Tạo mã mới” trên máy ở trung tâm rồi quét lại.
continued-expired-title = Mã đã hết hạn
continued-mistyped-title = Mã đã khóa vì nhập sai nhiều lần
continued-replaced-title = Máy đã tạo mã mới
continued-used-title = Mã này đã được dùng
continued-unknown-title = Không có mã này
continued-over = Xin tạo mã mới trên máy ở trung tâm rồi quét lại, hoặc xem tiếp từ trang chủ.
continued-front = Về trang chủ
continued-ticket-title = Số thứ tự
continued-ticket-number = Số { $number }
continued-ticket-again = Xem lại
continued-ticket-note = Số chỉ có giá trị trong ngày. Xin chú ý màn hình và loa ở sảnh.
