"""Times of day are written with a colon for the model; lengths of time stay."""

import pytest

from service.text.clock import with_colons


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("diễn ra từ 15h00 ngày 20/11", "diễn ra từ 15:00 ngày 20/11"),
        ("lúc 7h30 tại Hà Nội", "lúc 7:30 tại Hà Nội"),
        ("lúc 19g45 trên VTV1", "lúc 19:45 trên VTV1"),
        ("Vào hồi 10h15 phút, lực lượng", "Vào hồi 10:15, lực lượng"),
        ("bắt đầu lúc 8 giờ 30 phút ngày 5/3", "bắt đầu lúc 8:30 ngày 5/3"),
        ("lúc 15h ngày 22/11", "lúc 15:00 ngày 22/11"),
        ("từ 8h đến 22h hằng ngày", "từ 8:00 đến 22:00 hằng ngày"),
        ("khoảng 16h chiều nay", "khoảng 4:00 chiều nay"),
        ("20h30 tối 5/9", "8:30 tối 5/9"),
        ("đêm 5/9, lúc 23h15", "đêm 5/9, lúc 23:15"),
        ("vào 7h sáng mai", "vào 7:00 sáng mai"),
    ],
)
def test_times_of_day(text: str, expected: str) -> None:
    assert with_colons(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "trong 24h tới",
        "trực 24h/24h",
        "kéo dài 1h30 phút",
        "sau 2h30, đám cháy được dập tắt",
        "làm thêm từ 4h mỗi ngày",
        "8h/ngày",
        "tốc độ 60 km/h",
        "Quốc lộ 1h",
        "Điều 15 giờ làm việc",
        "mã 15h00a, số 1.15h30",
    ],
)
def test_what_is_no_time_of_day_stays(text: str) -> None:
    assert with_colons(text) == text
