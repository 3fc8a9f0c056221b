# Câu trả lời soạn sẵn của cán bộ, theo ngôn ngữ của công dân, và tên các nhóm.

canned-kind-greeting = Chào hỏi và chờ đợi
canned-hello = Kính chào quý công dân. Tôi đã đọc nội dung trao đổi và sẵn sàng hỗ trợ ông/bà.
canned-moment = Xin ông/bà chờ trong giây lát. Tôi đang tra cứu giúp ông/bà.
canned-still-there = Ông/bà còn theo dõi cuộc trò chuyện không? Xin vui lòng phản hồi để tôi tiếp tục hỗ trợ.

canned-kind-dossier = Hồ sơ
canned-ask-number = Xin ông/bà cho biết số hồ sơ. Số này ghi trên giấy tiếp nhận hồ sơ.
canned-ask-proof = Để xem chi tiết hồ sơ, tôi cần 4 số cuối giấy tờ tùy thân của người nộp. Xin ông/bà không gửi toàn bộ số.
canned-late = Thành thật xin lỗi ông/bà vì hồ sơ bị trễ hẹn. Tôi đang hỏi bộ phận phụ trách và sẽ báo lại ông/bà tại đây.
canned-papers = Hồ sơ của ông/bà còn thiếu giấy tờ. Xin ông/bà bổ sung tại nơi đã tiếp nhận hoặc nộp trực tuyến.

canned-kind-places = Nơi tiếp nhận và cơ quan khác
canned-come-in = Xin mời ông/bà đến bộ phận Một cửa trong giờ làm việc và mang theo giấy tờ.
canned-other-office = Việc này thuộc thẩm quyền của cơ quan khác. Tôi xin hướng dẫn ông/bà cách liên hệ.
canned-no-promise = Tôi không thể hứa trước kết quả. Tôi có thể cho ông/bà biết tình trạng và những việc ông/bà có thể làm.

canned-kind-ending = Kết thúc
canned-anything-else = Ông/bà còn cần hỗ trợ gì thêm không?
canned-goodbye = Cảm ơn ông/bà đã kiên nhẫn. Trợ lý tự động sẽ tiếp tục hỗ trợ ông/bà. Kính chào ông/bà.
canned-polite = Xin ông/bà trao đổi lịch sự. Nếu không, tôi buộc phải kết thúc cuộc trò chuyện.
