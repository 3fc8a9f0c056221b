# Trang của cán bộ: đăng nhập và nhật ký thao tác.

officers-nav = Trang của cán bộ
officers-nav-home = Trang đầu của cán bộ
officers-nav-acts = Nhật ký thao tác
officers-sign-out = Đăng xuất

officers-sign-in-title = Cán bộ đăng nhập
officers-sign-in-lead = Trang này chỉ dành cho cán bộ. Quý công dân không cần tài khoản ở đây.
officers-login = Tên đăng nhập
officers-password = Mật khẩu
officers-sign-in = Đăng nhập
officers-code-title = Mã xác thực lớp thứ hai
officers-code-lead = Mật khẩu đã đúng. Chỉ còn một bước nữa.
officers-code = Mã xác thực
officers-code-hint = Sáu chữ số, trong ứng dụng xác thực trên điện thoại của ông/bà. Mỗi mã chỉ dùng được một lần.
officers-code-send = Tiếp tục
officers-start-again = Làm lại từ đầu

officers-error-title = Ông/bà chưa đăng nhập được
officers-error-wrong = Tên đăng nhập hoặc mật khẩu chưa đúng. Xin ông/bà kiểm tra cả hai rồi thử lại.
officers-error-wrong-code = Mã chưa đúng hoặc đã được dùng. Xin ông/bà chờ mã kế tiếp rồi nhập mã đó.
officers-error-second-factor = Vai trò của ông/bà phải đăng nhập bằng hai lớp, nhưng tài khoản chưa có lớp thứ hai. Xin ông/bà liên hệ người vận hành cổng để được thiết lập.
officers-error-not-the-same = Hai lần nhập mật khẩu mới chưa giống nhau. Xin ông/bà nhập lại cả hai.
officers-error-old-password = Mật khẩu hiện tại chưa đúng. Xin ông/bà thử lại.
officers-error-too-short = Mật khẩu mới quá ngắn. Bốn từ không liên quan với nhau thì dễ nhớ.
officers-error-too-long = Mật khẩu mới quá dài. Xin ông/bà chọn mật khẩu không quá 128 ký tự.
officers-error-common = Mật khẩu này rất dễ bị đoán. Xin ông/bà chọn mật khẩu khác.
officers-error-holds-login = Mật khẩu mới có chứa tên đăng nhập. Xin ông/bà chọn mật khẩu khác.
officers-error-wait = Đã thử quá nhiều lần. Xin ông/bà thử lại sau { $minutes } phút.
officers-error-busy = Đang có nhiều người đăng nhập. Xin ông/bà thử lại sau vài giây.
officers-error-failed = Hiện hệ thống chưa thực hiện được. Xin ông/bà thử lại sau vài phút.

officers-forged-title = Biểu mẫu đã hết hạn
officers-forged = Biểu mẫu không được gửi từ trang của cổng này, hoặc trình duyệt không giữ cookie. Xin ông/bà mở lại trang rồi thử lại.
officers-not-allowed-title = Vai trò của ông/bà không được mở trang này
officers-not-allowed = Tài khoản của ông/bà không được mở trang này. Nếu cần, xin ông/bà hỏi người phụ trách.
officers-unavailable-title = Hiện chưa dùng được

officers-home-title = Kính chào { $name }
officers-home-role = Vai trò
officers-home-sites = Cơ quan
officers-home-sites-all = Tất cả các cơ quan
officers-home-until = Phiên đăng nhập kéo dài muộn nhất đến { $time }. Xin ông/bà đăng xuất trước khi rời máy.
officers-role-officer = Cán bộ
officers-role-supervisor = Người phụ trách
officers-role-operator = Người vận hành

officers-own-password-title = Đổi mật khẩu của tôi
officers-own-password-lead = Sau khi đổi, mọi trình duyệt khác đang đăng nhập bằng tài khoản này sẽ bị đăng xuất.
officers-old-password = Mật khẩu hiện tại
officers-new-password = Mật khẩu mới
officers-new-password-hint = Ít nhất { $least } ký tự. Bốn từ không liên quan với nhau thì dễ nhớ.
officers-new-password-again = Nhập lại mật khẩu mới
officers-own-password-send = Đổi mật khẩu

officers-acts-title = Cán bộ đã làm gì
officers-acts-lead = Mới nhất ở trên. Không ai sửa được các dòng này. Việc ông/bà xem cũng được ghi lại.
officers-acts-at = Lúc
officers-acts-who = Người làm
officers-acts-account = Tài khoản
officers-acts-nobody = chưa ai đăng nhập, hoặc dòng lệnh
officers-acts-none = Chưa có gì.
officers-acts-older = Các dòng cũ hơn
officers-act-signed-in = Đăng nhập
officers-act-password-right = Mật khẩu đúng, đang chờ mã
officers-act-sign-in-failed = Sai tên đăng nhập, mật khẩu hoặc mã
officers-act-locked-out = Thử trong lúc phải chờ
officers-act-second-factor-missing = Không cho vào: chưa có lớp thứ hai
officers-act-signed-out = Đăng xuất
officers-act-account-added = Lập tài khoản
officers-act-account-disabled = Khóa tài khoản
officers-act-account-enabled = Mở lại tài khoản
officers-act-password-set = Đặt mật khẩu mới
officers-act-second-factor-set = Đặt lớp thứ hai mới
officers-act-second-factor-cleared = Bỏ lớp thứ hai
officers-act-role-set = Đổi vai trò
officers-act-sites-set = Đổi cơ quan được xem
officers-act-acts-read = Xem nhật ký thao tác
