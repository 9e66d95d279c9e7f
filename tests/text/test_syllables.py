"""Which spellings are Vietnamese syllables."""

import pytest

from service.text.syllables import plain_syllables, strip_diacritics, syllables


def test_syllables_of_the_language():
    words = "nghiêng khuỷu quốc giếng gì ngoằn huỵch ấy ở uyên yếu kỹ ghế thuỷ thủy hoà hòa xoong"
    assert set(words.split()) <= syllables()


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("cê", "c does not stand before ê"),
        ("ka", "k does not stand before a"),
        ("nge", "ng takes an h before e"),
        ("hoc\u0300", "a rime in c takes no huyền"),
        ("tâ", "â needs a consonant or vowel behind it"),
        ("strong", "no such onset"),
        ("café", "two syllables"),
    ],
)
def test_spellings_that_the_orthography_excludes(word, why):
    assert word not in syllables(), why


def test_plain_syllables_have_no_diacritics():
    assert all(syllable.isascii() for syllable in plain_syllables())
    assert {"duong", "nghieng", "quoc"} <= plain_syllables()


@pytest.mark.parametrize("text", ["Đường Nguyễn Huệ", "ố Ộ ư Ỹ", "naïve Ærø ß"])
def test_stripping_keeps_the_length(text):
    assert len(strip_diacritics(text)) == len(text)
