"""Agreed terms in place of what a Vietnamese draft calls them."""

import pytest

from service.term_places import put_term

ROWS = [
    ("Công đoàn đã đình công.", ["Công đoàn."], "nghiệp đoàn", 1, "Nghiệp đoàn đã đình công."),
    ("Họ gặp các sĩ quan hải quan.", ["Các sĩ quan hải quan"], "cán bộ hải quan", 1,
     "Họ gặp các cán bộ hải quan."),
    ("LỜI CỦA CÔNG ĐOÀN", ["Công đoàn"], "nghiệp đoàn", 1, "LỜI CỦA NGHIỆP ĐOÀN"),
    # the tone mark at its other place
    ("Ủy ban xã đã họp.", ["Uỷ ban xã"], "Ủy ban nhân dân xã", 1, "Ủy ban nhân dân xã đã họp."),
    # left in English, behind a form of address that the term is itself
    ("Ông Comrade Hùng phát biểu.", ["Comrade", "Bạn"], "đồng chí", 1, "Đồng chí Hùng phát biểu."),
    # the longer rendering first, so that no half of a word is left
    ("Cả xã hội dân sự dự họp.", ["xã hội dân", "xã hội dân sự"], "khối dân sự", 1,
     "Cả khối dân sự dự họp."),
    ("Cả xã hội dân sự dự họp.", ["xã hội dân"], "khối dân sự", 1, "Cả xã hội dân sự dự họp."),
    # not as often as the source has it, or inside another word
    ("Thuế này và thuế kia.", ["thuế"], "sắc thuế", 1, "Thuế này và thuế kia."),
    ("Ông ở cơ sở y tế.", ["sở y tế"], "Sở Y", 1, "Ông ở cơ sở y tế."),
    ("Họ đã đi.", ["", "."], "thị trưởng", 1, "Họ đã đi."),
]  # fmt: skip


@pytest.mark.parametrize(("draft", "renderings", "term", "uses", "expected"), ROWS)
def test_a_term_takes_the_place_of_the_models_word(draft, renderings, term, uses, expected):
    assert put_term(draft, renderings, term, uses) == expected
