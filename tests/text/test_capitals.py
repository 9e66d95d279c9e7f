"""Capitals reach the model in small letters; names and acronyms that are known do not."""

import pytest

from service.article import Language
from service.drafting import prepare
from service.text.capitals import is_capitals


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("KINH TẾ", "Kinh tế"),
        ("PHÁP LUẬT", "Pháp luật"),
        ("GIÁ", "Giá"),
        ("UBND TỈNH", "Ủy ban nhân dân tỉnh"),
        ("VNPT HÀ NỘI", "VNPT Hà Nội"),
        ("THĂM TRUNG QUỐC VÀ HÀN QUỐC", "Thăm Trung Quốc và Hàn Quốc"),
        ("HÒA BÌNH CHO TRẺ EM", "Hòa bình cho trẻ em"),
        ("HỘI NGHỊ APEC TẠI ĐÀ NẴNG", "Hội nghị APEC tại Đà Nẵng"),
        ("ASEAN", "ASEAN"),
        ("ĐHQG", "ĐHQG"),
        ("Họp tại HÀ NỘI", "Họp tại HÀ NỘI"),
    ],
)
def test_vietnamese_capitals(text: str, shown: str) -> None:
    assert prepare(text, Language.EN) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("HEALTH NEWS", "Health news"),
        ("EDUCATION", "Education"),
        ("WHO", "WHO"),
        ("NATO UN", "NATO UN"),
        ("UNESCO", "UNESCO"),
    ],
)
def test_english_capitals(text: str, shown: str) -> None:
    assert prepare(text, Language.VI) == shown


def test_what_holds_a_small_letter_is_not_in_capitals() -> None:
    assert not is_capitals("KINH Tế")
    assert not is_capitals("42/2024")
