# Khi chưa trả lời được: nói vì sao, và ông/bà làm gì tiếp.
#
# error-not-disclosed phải giống hệt nhau dù hồ sơ có hay không, số sai hay hồ
# sơ đang khóa. Xin đừng thêm chi tiết.

error-dossier-not-found = Chưa tìm thấy hồ sơ này. Xin xem lại mã trên giấy hẹn. Nếu mã đúng, ông/bà hỏi nơi đã nhận hồ sơ.
    .sms = Chưa tìm thấy hồ sơ này. Xin xem lại mã trên giấy hẹn, nếu đúng thì hỏi nơi nhận hồ sơ.
error-dossier-too-new = Hồ sơ này mới nộp nên có thể chưa được cập nhật. Xin hỏi lại sau một ngày làm việc. Ông/bà nhớ giữ giấy hẹn.
    .sms = Hồ sơ mới nộp, có thể chưa được cập nhật. Xin hỏi lại sau một ngày làm việc.
error-not-disclosed = Chưa mở được phần thông tin riêng. Xin xem lại mã hồ sơ và 4 số cuối căn cước của người nộp. Nếu vẫn chưa được, ông/bà mang giấy hẹn và căn cước đến quầy.
    .sms = Chưa mở được thông tin riêng. Xin xem lại mã hồ sơ và 4 số cuối căn cước, hoặc mang giấy hẹn và căn cước đến quầy.
error-procedure-not-found = Chưa tìm thấy thủ tục có mã này. Ông/bà có thể hỏi bằng tên, ví dụ “đăng ký khai sinh”.
error-not-understood = Xin lỗi, chúng tôi chưa hiểu câu hỏi. Ông/bà có thể gửi mã hồ sơ, ví dụ 000.00.17.H09-210819-0012, hoặc hỏi “làm giấy khai sinh cần gì”.
    .speech = Xin lỗi, chúng tôi chưa hiểu câu hỏi. Ông/bà có thể đọc mã hồ sơ trên giấy hẹn, hoặc hỏi: làm giấy khai sinh cần gì.
error-not-a-number = Đây chưa phải mã hồ sơ đúng. Xin gửi mã như trên giấy hẹn, ví dụ 000.00.17.H09-210819-0012.
    .speech = Đây chưa phải mã hồ sơ đúng. Xin đọc mã như trên giấy hẹn.
error-too-many-requests = Ông/bà đã gửi nhiều câu hỏi liền nhau. Xin hỏi lại sau { $wait }.
error-too-many-dossiers = Ông/bà đã hỏi nhiều hồ sơ khác nhau. Để giữ an toàn cho mọi người, xin hỏi lại sau { $wait }. Việc gấp, mời ông/bà đến quầy.
error-portal-down = Cổng dịch vụ công đang tạm thời không trả lời. Xin hỏi lại sau { $wait }. Việc gấp, ông/bà hỏi nơi đã nhận hồ sơ.
error-too-late = Câu trả lời đến chậm hơn mọi khi. Xin hỏi lại sau { $wait }.
error-internal = Hệ thống đang gặp lỗi, không phải do ông/bà. Xin hỏi lại sau { $wait }. Nếu vẫn lỗi, xin đọc mã trả lời cho cán bộ.
error-proof-needed = Để chắc hồ sơ là của ông/bà, xin gửi thêm 4 số cuối căn cước của người nộp, hoặc mã xác nhận. Muốn có mã, ông/bà gửi: “gửi mã xác nhận” và mã hồ sơ.
    .sms = Xin gửi thêm 4 số cuối căn cước người nộp: { $notify } <mã hồ sơ> <4 số>. Hoặc xin mã trước, gửi: gửi mã xác nhận <mã hồ sơ>.
    .speech = Để chắc hồ sơ là của ông/bà, xin đọc thêm 4 số cuối căn cước của người nộp, hoặc mã xác nhận.
error-rating-proof-needed = Để chắc hồ sơ là của ông/bà, xin gửi lại đánh giá kèm 4 số cuối căn cước của người nộp, ví dụ “đánh giá <mã hồ sơ> 5 cccd 1234”.
    .sms = Chưa ghi đánh giá. Xin gửi lại kèm 4 số cuối căn cước người nộp: { $rate } <mã hồ sơ> <điểm 1-5> <4 số>.
    .speech = Để chắc hồ sơ là của ông/bà, xin đánh giá lại và đọc thêm 4 số cuối căn cước của người nộp.
error-not-on-this-channel = Ở đây chưa làm được việc này, vì cần gửi tin đến điện thoại. Ông/bà vẫn hỏi được tình trạng hồ sơ bất cứ lúc nào.
error-too-many-subscriptions = Số điện thoại này đã theo dõi đủ số hồ sơ cho phép. Muốn thêm, xin bớt một hồ sơ cũ.
    .sms = Số này đã theo dõi đủ số hồ sơ cho phép. Muốn thêm, xin bớt hồ sơ cũ, soạn: { $unsubscribe } <mã hồ sơ>.
    .speech = Số điện thoại này đã theo dõi đủ số hồ sơ cho phép. Muốn thêm, xin bớt một hồ sơ cũ.
error-gave-up = Rất tiếc, chúng tôi đã nhận câu hỏi của ông/bà nhưng cổng dịch vụ công không trả lời. Xin hỏi lại sau { $wait }. Việc gấp, ông/bà hỏi nơi đã nhận hồ sơ.
    .sms = Rất tiếc, đã nhận câu hỏi nhưng cổng dịch vụ công không trả lời. Xin hỏi lại sau { $wait }. Việc gấp, xin hỏi nơi đã nhận hồ sơ.
