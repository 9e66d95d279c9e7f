"""Numbers, dates and times of day as values that compare across languages."""

import pytest

from service.article import Language
from service.checks.vocabulary import date_reader, number_reader
from service.text.numerals import key_of

VI, EN = number_reader(Language.VI), number_reader(Language.EN)


def _first(reader, text: str) -> list[tuple[str, bool]]:
    return [(number.keys[0], number.certain) for number in reader.find(text)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("hai mươi mốt", "21e0"),
        ("mười lăm", "15e0"),
        ("một trăm linh năm", "105e0"),
        ("ba trăm hai mươi tư", "324e0"),
        ("hai nghìn không trăm hai mươi tư", "2024e0"),
        ("một triệu hai trăm nghìn", "12e5"),
        ("năm mươi triệu", "5e7"),
        ("3,5 tỷ", "35e8"),
        ("2 nghìn tỷ", "2e12"),
        ("1.234.567", "1234567e0"),
        ("5 trăm", "5e2"),
    ],
)
def test_vietnamese_numbers(text: str, key: str):
    assert _first(VI, text) == [(key, True)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("twenty-first", "21e0"),
        ("one hundred and five", "105e0"),
        ("two hundred thousand", "2e5"),
        ("three million two hundred thousand", "32e5"),
        ("1.5 trillion", "15e11"),
        ("1,234.50", "12345e-1"),
        ("nineteen", "19e0"),
    ],
)
def test_english_numbers(text: str, key: str):
    assert _first(EN, text) == [(key, True)]


def test_single_words_that_mean_something_else_are_uncertain():
    assert _first(VI, "năm") == [("5e0", False)]
    assert _first(EN, "one second") == [("1e0", False), ("2e0", False)]


def test_two_digits_in_a_row_are_two_numbers():
    assert [key for key, _ in _first(VI, "hai ba")] == ["2e0", "3e0"]


def test_a_year_after_a_number_is_no_five():
    assert _first(VI, "hai mươi năm") == [("2e1", True)]


def test_codes_are_compared_by_their_digits():
    assert _first(VI, "024.3804.3100")[0][0] == _first(EN, "024,3804,3100")[0][0] == "c02438043100"


def test_keys_have_no_outer_zeros():
    assert key_of("0150", -1) == key_of("15") == "15e0"


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        ("vi", "ngày 18 tháng 3 năm 2024", (18, 3, 2024)),
        ("vi", "18-3-2024", (18, 3, 2024)),
        ("vi", "sáng 5/6", (5, 6, None)),
        ("vi", "tháng Giêng năm 2024", (None, 1, 2024)),
        ("vi", "tháng 6/2014", (None, 6, 2014)),
        ("en", "March 18th, 2024", (18, 3, 2024)),
        ("en", "the 18th of March", (18, 3, None)),
        ("en", "2024-03-18", (18, 3, 2024)),
        ("en", "in May", (None, 5, None)),
    ],
)
def test_dates(language: str, text: str, parts: tuple[int | None, ...]):
    (date,) = date_reader(Language(language)).find_dates(text)
    assert (date.day, date.month, date.year) == parts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "tỷ số 3-2"),
        ("vi", "18/2024/NĐ-CP"),
        ("vi", "ngày 45/3/2024"),
        ("vi", "từ 1-3 nghìn tỷ"),
        ("en", "they may go"),
        ("en", "a 3/4 majority"),
    ],
)
def test_what_is_no_date(language: str, text: str):
    assert date_reader(Language(language)).find_dates(text) == []


def test_times_mean_both_halves_of_the_day_unless_they_say_which():
    vi, en = date_reader(Language.VI), date_reader(Language.EN)
    assert vi.find_times("14h30")[0].minutes == {870}
    assert vi.find_times("2 giờ 30 chiều")[0].minutes == {870}
    assert en.find_times("2:30 p.m.")[0].minutes == {870}
    assert en.find_times("2:30")[0].minutes == {150, 870}
    assert vi.find_times("làm việc 8 giờ mỗi ngày") == []
