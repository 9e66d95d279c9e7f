"""Dates are read as written, and never with day and month swapped."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.dates import read_date

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2040, 1, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thứ Hai, 18/03/2024 | 10:15", date(2024, 3, 18)),
        ("Cập nhật lúc 08:30, ngày 1-2-2019", date(2019, 2, 1)),
        ("18.03.2024", date(2024, 3, 18)),
        ("Hà Nội, ngày 02 tháng 9 năm 1945", date(1945, 9, 2)),
        ("18 Tháng 3, 2024", date(2024, 3, 18)),
        ("Monday, March 18, 2024 - 10:15", date(2024, 3, 18)),
        ("18 March 2024", date(2024, 3, 18)),
        ("3/18/2024 10:15:00 AM", date(2024, 3, 18)),
        ("14/09/23", date(2023, 9, 14)),
    ],
)
def test_reads(text: str, expected: date) -> None:
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "32/13/2024", "Số 12/2024/NĐ-CP", "24/2018/QH14", "tỷ lệ 3/4", "v1.2.2024.5", "Tháng 3"],
)
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None


@given(DAYS)
def test_all_ways_of_writing_one_day_agree(day: date) -> None:
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%dT00:00:00+07:00", "ngày %d tháng %m năm %Y"):
        assert read_date(day.strftime(form)) == day
