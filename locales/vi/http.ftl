# Lỗi trước khi câu hỏi đến nơi trả lời: cho ứng dụng di động và trang mạng.

http-unknown-route = Không có địa chỉ này. Xin xem lại đường dẫn.
http-method-not-allowed = Địa chỉ này không nhận cách gửi đó.
http-malformed-json = Nội dung gửi lên không phải JSON đúng. Xin sửa rồi gửi lại.
http-invalid-fields = Nội dung gửi lên thiếu thông tin hoặc sai kiểu. Xin sửa rồi gửi lại.
http-unknown-session = Phiên trò chuyện đã hết hạn. Xin tải lại trang.
http-invalid-query = Tham số tìm kiếm chưa đúng. Xin sửa rồi gửi lại.
http-invalid-cursor = Danh sách đã thay đổi. Xin xem lại từ đầu.
http-unreadable-body = Chưa nhận được hết nội dung. Xin gửi lại.
http-body-too-large = Nội dung gửi lên lớn quá. Xin gửi ngắn hơn.
http-unsupported-media = Nội dung gửi lên phải là JSON.
http-timed-out = Yêu cầu gửi lên chậm quá. Xin thử lại.
http-signature-missing = Yêu cầu này phải có chữ ký của máy. Xin báo cán bộ.
http-signature-malformed = Chữ ký của máy chưa đúng dạng. Xin báo cán bộ.
http-signature-stale = Đồng hồ của máy lệch nhiều. Xin báo cán bộ.
http-signature-invalid = Chữ ký của máy không khớp. Xin báo cán bộ.
http-signature-replayed = Yêu cầu này đã được nhận rồi. Xin gửi yêu cầu mới.
http-digest-mismatch = Nội dung nhận được không khớp với chữ ký. Xin gửi lại.
http-terminal-unknown = Máy này chưa được ghi nhận. Xin báo cán bộ.
http-terminal-revoked = Máy này đã bị thu hồi. Xin báo cán bộ.
http-enrolment-refused = Mã ghi nhận máy không đúng hoặc đã hết hạn. Xin lấy mã mới.
http-overloaded = Đang có nhiều người hỏi. Xin thử lại sau ít giây.

http-title-bad-request = Yêu cầu chưa đúng
http-title-conflict = Cần chọn lại
http-title-forbidden = Không được phép
http-title-gateway-timeout = Trả lời chậm
http-title-internal = Lỗi hệ thống
http-title-method = Cách gửi không hợp
http-title-not-found = Không tìm thấy
http-title-timeout = Hết thời gian chờ
http-title-too-large = Nội dung lớn quá
http-title-too-many = Hỏi nhiều quá
http-title-unauthorized = Chưa xác nhận được
http-title-unavailable = Tạm thời chưa trả lời được
http-title-unprocessable = Chưa hiểu yêu cầu
http-title-unsupported-media = Kiểu nội dung không hợp
