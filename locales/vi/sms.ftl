# Chỉ dùng trong tin nhắn SMS. Các chữ để soạn tin là tham số.

sms-help = Soạn: { $status } <mã hồ sơ> để xem hồ sơ, thêm 4 số cuối căn cước để xem kỹ hơn. { $procedure } <tên việc> để hỏi thủ tục. { $notify } <mã hồ sơ> để được báo khi có thay đổi. { $stop } để thôi nhận tin. { $help } để xem lại tin này. Chúng tôi không bao giờ hỏi mật khẩu.
sms-more-hint = Soạn { $more } để xem tiếp
