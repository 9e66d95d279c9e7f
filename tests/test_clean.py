"""Characters: what is repaired, what is left alone, and what can never happen."""

import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.stages.clean import clean, clean_blocks

CASES = tomllib.loads(
    (Path(__file__).parent / "cases" / "characters.toml").read_text(encoding="utf-8")
)


def _rows(kind):
    return [pytest.param(row, id=row["why"]) for row in CASES[kind]]


@pytest.mark.parametrize("row", _rows("repaired"))
def test_damaged_text_is_repaired_and_the_repair_is_named(row):
    text, repairs = clean(row["raw"])
    assert text == row["out"]
    assert {repair.rule for repair in repairs} == set(row["rules"])
    assert all(repair.count > 0 for repair in repairs)


@pytest.mark.parametrize("row", _rows("kept"))
def test_sound_text_is_kept(row):
    assert clean(row["raw"]) == (row["raw"], ())


@pytest.mark.parametrize("row", _rows("kept"))
def test_sound_text_is_kept_many_times_over(row):
    text = "\n".join([row["raw"]] * 20)
    assert clean(text) == (text, ())


@pytest.mark.xfail(reason="accepted gaps, see the rows", strict=True)
@pytest.mark.parametrize("row", _rows("known_failure"))
def test_known_failures(row):
    assert clean(row["raw"])[0] == row["out"]


def test_a_lone_surrogate_is_replaced_and_counted():
    text, repairs = clean("a\ud800b\udfff")
    assert text == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
    assert [(repair.rule, repair.count) for repair in repairs] == [("lone-surrogates", 2)]


def test_stacked_marks_are_cut_to_four():
    text, repairs = clean("Hà Nội" + "\u0301\u0316" * 5000 + " mưa")
    assert sum(map(unicodedata.combining, text)) > 0
    assert len(text) <= len("Hà Nội mưa") + 4
    assert "stacked-marks" in {repair.rule for repair in repairs}


def test_a_million_marks_are_cut_before_they_are_normalised():
    # Quadratic time would show here as the suite's timeout: about ten minutes.
    assert len(clean("a" + "\u0301\u0316" * 500_000)[0]) <= 5


def test_marks_that_an_invisible_character_kept_apart_are_cut_too():
    assert len(clean("a" + "\u0301\u200b" * 1000)[0]) <= 5


def test_mojibake_of_an_old_encoding_is_undone_twice():
    tcvn3 = "Céng hoµ x· héi chñ nghÜa ViÖt Nam"
    assert clean(tcvn3.encode().decode("latin-1"))[0] == "Cộng hoà xã hội chủ nghĩa Việt Nam"


def test_an_old_encoding_is_told_in_one_line_of_a_sound_text():
    text = "Sở Y tế thông báo:\nCéng hoµ x· héi chñ nghÜa ViÖt Nam\nTrân trọng."
    cleaned, repairs = clean(text)
    assert cleaned.split("\n")[1] == "Cộng hoà xã hội chủ nghĩa Việt Nam"
    assert [(repair.rule, repair.count) for repair in repairs] == [("tcvn3", 1)]


# Anything, but dense in what the repairs look at.
TEXTS = st.text(
    st.sampled_from(
        "aeođĐÐðưệ 09\n\r\t\0\x85\x93\xad\xa0\u0301\u0302\u0323\u0316\u200b\u2028\u202e\ufeff"
        "\ud800µ§®¸×Ö©ÃÄÂ»‡¡ùøïöñ²½"
    )
    | st.characters(),
    max_size=60,
)


@given(TEXTS)
def test_cleaning_twice_changes_nothing_more(text):
    once = clean(text)[0]
    assert clean(once) == (once, ())


@given(TEXTS)
def test_composed_and_decomposed_text_come_out_alike(text):
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert clean(composed)[0] == clean(decomposed)[0]


@given(TEXTS)
def test_no_digit_is_lost(text):
    def digits(of):
        return [character for character in of if character in "0123456789"]

    assert digits(clean(text)[0]) == digits(text)


@given(TEXTS)
def test_what_comes_out_can_be_stored_and_sent(text):
    cleaned = clean(text)[0]
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in cleaned)


@given(TEXTS)
def test_lines_stay_lines(text):
    plain = text.translate(dict.fromkeys(map(ord, "\r\x0b\x0c\x85\u2028\u2029")))
    assert clean(plain)[0].count("\n") == plain.count("\n")


@given(st.lists(TEXTS, max_size=5))
def test_blocks_cleaned_together_stay_as_many(texts):
    cleaned, _ = clean_blocks(texts)
    assert len(cleaned) == len(texts)
    assert not any("\n" in text or text != text.strip() for text in cleaned)


def test_a_short_heading_is_repaired_with_its_article():
    blocks = ["Trung t©m", "Trung t©m phßng chèng thiªn tai cña tØnh ®· häp s¸ng nay"]
    cleaned, repairs = clean_blocks(blocks)
    assert cleaned[0] == "Trung tâm"
    assert [(repair.rule, repair.count) for repair in repairs] == [("tcvn3", 2)]
