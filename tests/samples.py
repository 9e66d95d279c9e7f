"""Articles of our own writing, in the shape of real pages."""

VIETNAMESE = """Trang chủ
Tin tức - Sự kiện

Chủ tịch UBND tỉnh tiếp công dân định kỳ tháng 3

Thứ Sáu, 15/3/2024 | 14:05

(Chinhphu.vn) – Sáng 15/3/2024, Chủ tịch UBND tỉnh Nguyễn Văn Minh chủ trì buổi tiếp công dân \
định kỳ tháng 3. Đã có 12 lượt công dân đến trình bày ý kiến về đất đai và chế độ, chính sách.

Quang cảnh buổi tiếp công dân. Ảnh: Minh Hà

Chủ tịch UBND tỉnh yêu cầu các sở, ngành trả lời công dân trước ngày 30/3/2024 và công khai \
kết quả. Việc này thực hiện theo Nghị định số 15/2024/NĐ-CP của Chính phủ.

Trong quý I, tỉnh đã giải quyết 85 % đơn thư, tăng 7,5 % so với cùng kỳ năm 2023.

Minh Hà

Nguồn
Bình luận (0)
Tin liên quan
Hội nghị triển khai nhiệm vụ quý II
"""

ENGLISH = """Home | News | Contact

Ministry of Health launches vaccination drive in 12 provinces

By Tran Thu Ha

Hanoi, March 18, 2024 – The Ministry of Health launched a vaccination drive in 12 provinces on \
Monday. About 1.5 million children under five will be vaccinated by June 30.

Deputy Minister Nguyen Thi Lan said that the drive costs 250 billion VND. "We will reach every \
village," she said at the ceremony.

Photo: VNA

The drive follows Decision 1125/QD-BYT, issued in February.

Share
Comment (0)
Related news
"""
