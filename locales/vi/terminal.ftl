# Trò chuyện ở cửa sổ dòng lệnh (dakenh ask).

terminal-hint = Gõ số để chọn, “/en” để hỏi bằng tiếng Anh, “thoát” để thôi.
terminal-goodbye = Tạm biệt ông/bà.
terminal-gone = Rất tiếc, cổng trả lời không còn liên lạc được. Xin ông/bà hỏi lại sau.
