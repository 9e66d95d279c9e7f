"""Figures and names go behind placeholders and come back exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.control_tokens import PLACEHOLDERS
from service.article import Language, Span
from service.masking import localise, localise_alone, mask, mask_verbatim


@pytest.mark.parametrize(
    ("number", "target", "expected"),
    [
        ("1.234,5", Language.EN, "1,234.5"),
        ("1.234.567", Language.EN, "1,234,567"),
        ("3,5", Language.EN, "3.5"),
        ("2.000", Language.EN, "2,000"),
        ("1,234.5", Language.VI, "1.234,5"),
        ("7.37", Language.VI, "7,37"),
        ("2024", Language.EN, "2024"),
        ("18/3/2024", Language.EN, "18/3/2024"),
        ("15/2024/NĐ-CP", Language.EN, "15/2024/NĐ-CP"),
        ("08:30", Language.VI, "08:30"),
        ("15h00", Language.EN, "15:00"),
    ],
)
def test_figures_are_written_as_the_target_language_does(number, target, expected):
    assert localise(number, target) == expected


def test_names_and_figures_are_masked_and_restored():
    text = "Ông Nguyễn Văn Minh ký Nghị định 15/2024/NĐ-CP, tăng 7,5 %."
    name = Span(4, 19)
    masked = mask(text, {name: name.of(text)}, PLACEHOLDERS, Language.EN)
    assert masked is not None
    assert masked.text == "Ông ｟0｠ ký Nghị định ｟1｠, tăng ｟2｠ %."
    assert (
        masked.restore("Mr ｟0｠ signed Decree ｟1｠, up ｟2｠ %.")
        == "Mr Nguyễn Văn Minh signed Decree 15/2024/NĐ-CP, up 7.5 %."
    )


def test_a_time_of_day_is_one_figure():
    masked = mask("Lễ bắt đầu từ 15h00 ngày 20/11.", {}, PLACEHOLDERS, Language.EN)
    assert masked is not None
    assert masked.restore(masked.text) == "Lễ bắt đầu từ 15:00 ngày 20/11."


@pytest.mark.parametrize("target", ["nothing", "｟0｠ and ｟0｠", "｟1｠ only"])
def test_a_lost_or_doubled_placeholder_is_no_restoration(target):
    masked = mask("Năm 2024", {}, PLACEHOLDERS, Language.EN)
    assert masked is not None
    assert masked.restore(target) is None


def test_nothing_to_mask():
    assert mask("Không có số nào.", {}, PLACEHOLDERS, Language.EN) is None


@given(st.text(alphabet="ab 019.,/%", max_size=80))
def test_masking_and_restoring_in_the_same_language_loses_no_digit(text):
    masked = mask(text, {}, PLACEHOLDERS, Language.EN)
    if masked is not None:
        restored = masked.restore(masked.text)
        assert restored is not None
        assert [c for c in restored if c.isdigit()] == [c for c in text if c.isdigit()]


@pytest.mark.parametrize(
    ("term", "answer", "expected"),
    [
        ("health department", "｟0｠ met.", "Health department met."),
        ("health department", "He came. ｟0｠ met.", "He came. Health department met."),
        ("agency", "This is a ｟0｠.", "This is an agency."),
        ("union", "An ｟0｠ met.", "A union met."),
        ("the Party", "It is the ｟0｠.", "It is the Party."),
        ("agency", "the ｟0｠", "the agency"),
    ],
)
def test_a_term_fits_its_place_in_an_english_sentence(term, answer, expected):
    masked = mask("Sở họp.", {Span(0, 2): term}, PLACEHOLDERS, Language.EN)
    assert masked is not None
    assert masked.restore(answer) == expected


def test_terms_go_before_figures_where_placeholders_run_out():
    text = "1 2 3 Sở"
    masked = mask(text, {Span(6, 8): "Department"}, PLACEHOLDERS[:2], Language.EN)
    assert masked is not None
    assert masked.text == "｟0｠ 2 3 ｟1｠"


def test_figures_may_stay_visible():
    masked = mask("12 Sở", {Span(3, 5): "x"}, PLACEHOLDERS, Language.EN, figures=False)
    assert masked is not None
    assert masked.text == "12 ｟0｠"


def test_addresses_telephone_numbers_and_citations_are_no_figures():
    text = "Gọi 024.382.256 hoặc viết cho a1@moha.gov.vn, chi 1.500 đồng."
    masked = mask(text, {}, PLACEHOLDERS, Language.EN)
    assert masked is not None
    assert masked.restore(masked.text) == text.replace("1.500", "1,500")


def test_placeholders_that_a_text_has_are_not_used_again():
    masked = mask_verbatim("Ông ｟0｠ viết cho info@moha.gov.vn", PLACEHOLDERS, Language.EN)
    assert masked is not None
    assert masked.text == "Ông ｟0｠ viết cho ｟1｠"


def test_without_placeholders_nothing_is_masked():
    assert mask_verbatim("Viết cho info@moha.gov.vn", (), Language.EN) is None


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("+1.234,5 %", Language.EN, "+1,234.5 %"),
        ("€1.500", Language.EN, "€1,500"),
        ("1,5-2,0", Language.EN, "1.5-2.0"),
        ("0,125", Language.EN, "0.125"),
        ("1,234.5", Language.VI, "1.234,5"),
        ("(3,100)", Language.VI, "(3.100)"),
        ("21.2", Language.VI, "21,2"),
        ("21.2", Language.EN, "21.2"),  # written so in the source
        ("3.100", Language.VI, "3.100"),  # a thousand of a careless writer, or a fraction
        ("12/05/2024", Language.VI, "12/05/2024"),
        ("024.382.2567", Language.EN, "024.382.2567"),
        ("05.2024", Language.VI, "05.2024"),
        ("12.2024", Language.VI, "12.2024"),
        ("1.2.3", Language.VI, "1.2.3"),
        ("A 1.500", Language.EN, "A 1.500"),
    ],
)
def test_a_number_alone_is_written_anew_where_its_notation_is_certain(text, target, expected):
    assert localise_alone(text, target) == expected
