"""Combining marks: capped alike in NFC and NFD."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from service.text.marks import MAX_MARKS, cap_marks, reorder_marks

CLUSTERS = st.text(st.sampled_from("aeếΐ\u0301\u0302\u0316\u0323\u0345\u031b "), max_size=30)


@given(CLUSTERS)
def test_both_normal_forms_are_capped_to_the_same_letters(text):
    forms = [cap_marks(unicodedata.normalize(form, text))[0] for form in ("NFC", "NFD")]
    assert len({unicodedata.normalize("NFC", form) for form in forms}) == 1


@given(CLUSTERS)
def test_no_letter_keeps_more_than_four_marks(text):
    run = 0
    for character in unicodedata.normalize("NFD", cap_marks(text)[0]):
        run = run + 1 if unicodedata.combining(character) else 0
        assert run <= MAX_MARKS


@given(CLUSTERS)
def test_what_is_within_the_cap_is_kept(text):
    capped, count = cap_marks(text)
    assert (capped == text) or count > 0


def test_vietnamese_letters_are_never_capped():
    text = unicodedata.normalize("NFD", "ẤẦẨẪẬắằẳẵặếềểễệốồổỗộớờởỡợứừửữự")
    assert cap_marks(text) == (text, 0)


def test_marks_of_greek_and_thai_are_kept():
    text = unicodedata.normalize("NFD", "ᾧ ᾂ") + " ที่ น้ำ"
    assert cap_marks(text) == (text, 0)


def test_a_tone_before_its_circumflex_or_breve_is_put_right():
    assert reorder_marks("c\u00f3\u0302 ga\u0301\u0306ng") == ("cố gắng", 2)
