"""Names that translations copy: misspelt ones are put back, halves of them are seen."""

import pytest

from service.article import Language
from service.copying import half_lost_names, restore_names, whole_name

RESTORED = [
    # letters lost, doubled, trebled, glued to the next name
    ("They marched up Kingsway.", "Họ đi lên Kings.", "Họ đi lên Kingsway."),
    ("Judge Glynn ruled.", "Thẩm phán Glynnn ra phán quyết.", "Thẩm phán Glynn ra phán quyết."),
    ("He joined Utah Jazz.", "Anh vào Utah Jazzz.", "Anh vào Utah Jazz."),
    ("She met Makis Pantopoulos.", "Bà gặp Makisantopoulos.", "Bà gặp Makis Pantopoulos."),
    ("Mitt Romney won.", "Mit Romney thắng.", "Mitt Romney thắng."),
    ("The CCTV in town.", "CTV trong thành phố.", "CCTV trong thành phố."),
    ("Glynn's order", "Lệnh của Glynnn", "Lệnh của Glynn"),
]
KEPT = [
    # other forms of one name, names with a Vietnamese form, words of the language
    ("Venezuelans left.", "Người Venezuela đã rời đi."),
    ("Ukraine and Italy agreed.", "Ukraina và Italia đồng ý."),
    ("HCMC grew fast.", "TP.HCM phát triển nhanh."),
    ("The Caribbeans met.", "Các nước Caribe họp."),
    ("Mr Nguyen Van Hung spoke.", "Ông Nguyễn Văn Hùng phát biểu."),
    ("They read Le Monde.", "Họ đọc báo Le Monde."),
]


@pytest.mark.parametrize(("source", "draft", "expected"), RESTORED)
def test_a_misspelt_name_is_put_back(source, draft, expected):
    assert restore_names(source, draft, Language.EN) == expected


@pytest.mark.parametrize(("source", "draft"), KEPT)
def test_other_words_stay(source, draft):
    assert restore_names(source, draft, Language.EN) == draft


def test_names_come_back_from_vietnamese_too():
    draft = "The talk with Vietlottt was short."
    assert restore_names("Cuộc gặp Vietlott ngắn.", draft, Language.VI) == draft.replace(
        "ttt", "tt"
    )
    known = "Ukraine won."
    assert restore_names("Ukraina thắng.", known, Language.VI) == known


@pytest.mark.parametrize(
    ("source", "target", "names"),
    [
        ("A bank called Northern Rock failed.", "Ngân hàng Bắc Rock sụp đổ.", ["Northern Rock"]),
        ("The New Hampshire men left.", "Người Hampshire rời đi.", ["New Hampshire"]),
        ("It was, the BBC said, late.", "Đã muộn.", ["BBC"]),
        ("It was, the BBC said, late.", "BBC nói đã muộn.", []),
        ("He met President Bush.", "Ông gặp Tổng thống Bush.", []),
        ("He lives in the UK.", "Ông sống ở Anh.", []),
        ("The Ministry of Health met.", "Bộ Y tế họp.", []),
    ],
)
def test_names_that_were_copied_in_part(source, target, names):
    assert [span.of(source) for span in half_lost_names(source, target)] == names


def test_a_part_of_a_name_brings_its_neighbours_but_no_title():
    source = "He asked Judge Glynn Hampshire."
    part = half_lost_names(source, "Ông hỏi Thẩm phán Glynn.")[0]
    assert whole_name(source, part).of(source) == "Glynn Hampshire"


def test_a_table_of_names_is_left_alone():
    source = " ".join(f"Zorb{chr(97 + n % 26)}ax{chr(97 + n // 26 % 26)}q" for n in range(3000))
    target = " ".join(f"Zorb{chr(97 + n % 26)}ex{chr(97 + n // 26 % 26)}w" for n in range(3000))
    assert restore_names(source, target, Language.EN).split()[0] == target.split()[0]
