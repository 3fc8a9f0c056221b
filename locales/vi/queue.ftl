# Hàng chờ ở trung tâm hành chính công: có bao nhiêu người chờ, số của ông/bà đến
# đâu rồi, lấy số ở đâu. Nói đúng những gì đo được: chưa biết thì không đoán.

queue-site = { $site }: { $waiting ->
    [0] chưa có ai chờ.
   *[any] đang có { $waiting } người chờ.
  }
queue-site-closed = { $site } hiện đóng cửa.
queue-opens = Mở cửa lại lúc { $moment }.
queue-service = { $service }: { $waiting ->
    [0] chưa có ai chờ
   *[any] { $waiting } người chờ
  }
queue-service-wait = { $service }: { $waiting } người chờ, khoảng { $minutes } phút
queue-called = Vừa gọi số { $number }, quầy { $counter }
queue-why-closed = { $service }: chưa đến giờ phát số
queue-why-lunch = { $service }: đang nghỉ trưa, chưa phát số
queue-why-cut-off = { $service }: sắp hết giờ, không phát thêm số
queue-why-full = { $service }: đã đủ người, tạm ngừng phát số
queue-why-paused = { $service }: đang tạm ngừng phát số

queue-ticket = Số của ông/bà là { $number }, { $service }.
queue-next = Ông/bà là người tiếp theo.
queue-ahead = Trước ông/bà còn { $ahead } người.
queue-wait = Phải chờ khoảng { $minutes } phút.

ticket-waiting = Số { $number } đang chờ.
ticket-called = Đang gọi số { $number }, mời ông/bà đến quầy { $counter }.
ticket-serving = Số { $number } đang được phục vụ tại quầy { $counter }.
ticket-held = Số { $number } đang được giữ tại quầy { $counter }.
ticket-no-show = Đã gọi số { $number } nhưng chưa thấy ông/bà. Xin báo cán bộ hướng dẫn ở sảnh để được xếp lại.
ticket-finished = Số { $number } đã phục vụ xong.
ticket-left = Số { $number } đã hết hạn cùng ngày làm việc.

queue-where = Số thứ tự lấy tại máy ở sảnh. Từ đây chưa lấy số được.
    .sms = Số thứ tự lấy tại máy ở sảnh.
queue-where-open = { $site }: đang mở cửa
queue-where-closed = { $site }: hiện đóng cửa

error-queue-unknown = Không có hàng chờ hoặc số này. Xin xem lại, hoặc hỏi cán bộ hướng dẫn ở sảnh.
error-queue-closed = Hiện chưa đến giờ phát số. Xin quay lại trong giờ làm việc.
error-queue-lunch = Trung tâm đang nghỉ trưa. Xin quay lại đầu giờ chiều để lấy số.
error-queue-cut-off = Sắp hết giờ nên không phát thêm số. Xin quay lại vào buổi làm việc sau.
error-queue-full = Đã đủ người chờ nên tạm ngừng phát số. Xin quay lại sau, hoặc hỏi cán bộ hướng dẫn.
error-queue-paused = Việc này đang tạm ngừng phát số. Xin hỏi cán bộ hướng dẫn ở sảnh.
