"""Languages: ours are told on short and odd texts, others are refused."""

import tomllib
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article import Language
from service.stages.detect import (
    UNDETERMINED,
    detect,
    detect_article,
    detect_blocks,
    lacks_diacritics,
)
from service.text.syllables import strip_diacritics

CASES = Path(__file__).parent / "cases"
OURS = tomllib.loads((CASES / "languages.toml").read_text(encoding="utf-8"))
OTHERS = tomllib.loads((CASES / "other_languages.toml").read_text(encoding="utf-8"))

VI = "Chủ tịch Ủy ban nhân dân tỉnh yêu cầu các sở, ngành khẩn trương rà soát tiến độ."
EN = "The chairman asked all departments to review the progress of the project quickly."
FR = "Le gouvernement a présenté hier un nouveau plan de santé publique pour les écoles."


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, table in OURS.items() for text in table["texts"]]
)
def test_our_languages_are_told(code, text):
    found = detect(text)
    assert found.code == code
    assert found.language == (None if code == "und" else Language(code))


@pytest.mark.parametrize("change", [str, str.upper, strip_diacritics], ids=lambda f: f.__name__)
@pytest.mark.parametrize("code", OTHERS)
def test_other_languages_are_refused(code, change):
    taken = [text for text in OTHERS[code] if detect(change(text)).language is not None]
    assert taken == []


@pytest.mark.parametrize("code", ["fr", "de", "es", "it", "pt", "id", "zh", "th", "ja", "ko", "ru"])
def test_other_languages_are_named(code):
    assert detect("\n".join(OTHERS[code])).code == code


def test_a_text_that_does_not_say_has_no_confidence():
    assert detect("2026") == UNDETERMINED
    assert UNDETERMINED.confidence == 0


def test_threads_agree():
    texts = [text for texts in OTHERS.values() for text in texts[:5]] + ["PM in Hue", "ok", "Nadal"]
    alone = [detect(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect, texts * 4)) == alone * 4


def test_a_quote_in_another_language_is_told_apart_from_its_article():
    assert detect_blocks([VI, EN, VI]) == [Language.VI, Language.EN, Language.VI]


@pytest.mark.parametrize(
    "block",
    ["", "15/8/2025", "Nguyễn Văn A", "Photo: VNA", "John Smith, Mary Jones", "1.234,5", "Hà Nội"],
)
def test_names_numbers_and_short_blocks_follow_the_article(block):
    assert detect_blocks([EN, block, EN])[1] is None
    assert detect_blocks([VI, block, VI])[1] is None


def test_a_block_in_a_third_language_follows_the_article():
    assert detect_blocks([VI, FR, VI]) == [Language.VI, None, Language.VI]


def test_an_article_is_in_the_language_of_most_of_its_text():
    assert detect_article([EN, VI, VI, "Photo: VNA", VI]).language is Language.VI
    assert detect_article(["TIN TỨC", EN, VI, EN]).language is Language.EN
    assert detect_article([FR, FR, VI]).code == "fr"
    assert detect_article([FR, FR, VI]).language is None


def test_the_first_four_thousand_characters_decide():
    assert detect_article([VI] * 60 + [EN] * 600).language is Language.VI


def test_an_article_of_short_blocks_is_told_from_all_of_them():
    assert detect_article(["Họp báo", "Giá xăng", "Mưa lũ", "Lâm Đồng"]).language is Language.VI


@pytest.mark.parametrize("texts", [[], [""], ["2026", "---"]])
def test_an_article_without_words_is_undetermined(texts):
    assert detect_article(texts) == UNDETERMINED


@given(st.text(max_size=80))
def test_any_text_has_an_answer_and_always_the_same(text):
    found = detect(text)
    assert found == detect(text)
    assert 0 <= found.confidence <= 1
    assert (found.language is None) == (found.code not in {"vi", "en"})


@given(st.lists(st.text(max_size=40), max_size=5))
def test_every_block_has_an_answer(texts):
    assert len(detect_blocks(texts)) == len(texts)


@given(st.text(max_size=80))
def test_composition_does_not_matter(text):
    forms = {detect(unicodedata.normalize(form, text)).code for form in ("NFC", "NFD")}
    assert len(forms) == 1


@pytest.mark.parametrize(
    ("texts", "lacks"),
    [
        (["Chinh phu giao 3.000 ty dong cho tinh xay dung cau duong trong nam nay."], True),
        (
            ["Chinh phu giao 3.000 ty dong", "cho tinh Hà Giang xay dung cau duong va truong hoc."],
            True,
        ),
        (["Chính phủ giao 3.000 tỷ đồng cho tỉnh xây dựng cầu đường trong năm nay."], False),
        (["Quang Hanh"], False),
    ],
)
def test_a_vietnamese_text_without_its_marks_is_told(texts, lacks):
    assert lacks_diacritics(texts) is lacks


def test_an_english_article_full_of_vietnamese_names_is_english():
    texts = [
        "Mr. Nguyễn Văn Hùng met Ms. Trần Thị Thu Hà and Lê Đức Thọ in Hà Nội.",
        "President Lương Cường and Trần Thị Mỹ Linh opened Phố Cổ in Quảng Ngãi.",
        "Bùi Thanh Sơn and Đỗ Văn Chiến travelled from Hà Nội to Đồng Hới with Vũ Thị Lượng.",
    ]
    assert detect_article(texts).code == "en"
    assert set(detect_blocks(texts)) <= {Language.EN, None}
    quoted = ["Chủ tịch Ủy ban nhân dân tỉnh tiếp đoàn công tác vào sáng nay.", texts[0]]
    assert detect_blocks(quoted)[1] is Language.EN


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tại buổi tiếp, Đại sứ Karen Whitfield nói: “Australia is proud to be the first.", "vi"),
        ("“We are proud to work with the Ministry for all teachers,” bà Karen nhấn mạnh.", "vi"),
        ("The ambassador told them: “Các bạn là tương lai của quan hệ hai nước.”", "en"),
        ("We will add 70 scholarships for teachers in 2026.”", "en"),
        ("“Các bạn là tương lai của quan hệ hai nước.”", "vi"),
        ("Apple - Watch: “Đợt giảm giá lớn nhất trong năm”", "vi"),
    ],
)
def test_the_words_round_a_quotation_decide(text, code):
    assert detect(text).code == code


def test_long_quotations_do_not_sway_an_article():
    texts = [
        "Đại sứ Karen Whitfield thăm trường.",
        "Bà nói: “Australia is proud to be the first choice of more than 36,000 students.”",
        "Hiệu trưởng cảm ơn Đại sứ.",
    ]
    assert detect_article(texts).code == "vi"
