# Bảng lệnh của Telegram: mỗi lệnh để làm gì, và lời mà lệnh gửi đi.

telegram-track = Xem hồ sơ đến đâu rồi
telegram-track-says = tra cứu hồ sơ
telegram-procedures = Hỏi về thủ tục: giấy tờ, lệ phí, thời gian
telegram-procedures-says = thủ tục cần giấy tờ gì
telegram-person = Nói chuyện với người
telegram-person-says = cho gặp nhân viên
telegram-help = Ông/bà có thể hỏi những gì
telegram-help-says = trợ giúp
telegram-other-language = Answer in English
telegram-other-language-says = English please
