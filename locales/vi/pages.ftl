# Các trang trên trình duyệt của người dân.

pages-brand = Đa Kênh
pages-brand-sub = Dịch vụ công của tỉnh
pages-skip = Đến nội dung chính
pages-nav = Các trang
pages-nav-front = Trang chủ
pages-nav-dossiers = Tra cứu hồ sơ
pages-nav-procedures = Thủ tục
pages-nav-chat = Hỏi đáp
pages-language-name = Tiếng Việt
pages-language-switch = Xem trang này bằng tiếng Anh
pages-theme = Sáng / tối
pages-foot-hours = Giờ làm việc
pages-foot-help = Cần người giúp
pages-foot-hotline = Tổng đài:
pages-foot-privacy = Trang này không dùng cookie. Chúng tôi không bao giờ hỏi mật khẩu hay số thẻ.
pages-notices = Thông báo

## Trang chủ

pages-front-title = Ông/bà cần làm việc gì?
pages-front-lead = Xem hồ sơ đang ở đâu, hoặc hỏi thủ tục cần giấy tờ gì, mất bao lâu, phí bao nhiêu.
pages-ask-label = Nhập mã hồ sơ, hoặc hỏi bằng lời thường
pages-ask-hint = Ví dụ: 000.00.17.H09-210819-0012, hoặc “làm giấy khai sinh cần gì”.
pages-ask-button = Tìm
