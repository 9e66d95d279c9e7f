"""Which terms a source uses, and whether its translation obeys."""

import pytest

from service.article import Language, Span
from service.glossary import (
    Glossary,
    GlossaryBroken,
    Term,
    government_glossary,
    plurals,
    read_glossary,
)

GLOSSARY = Glossary(
    [
        Term(("Ủy ban nhân dân",), ("People's Committee", "PC")),
        Term(("Ủy ban nhân dân tỉnh",), ("provincial People's Committee",)),
        Term(("hòa giải viên",), ("mediator",)),
        Term(("Bộ Y tế",), ("Ministry of Health",)),
    ]
)


def _uses(source: str, target: str, language: Language = Language.VI):
    return [(use.span.of(source), use.applied) for use in GLOSSARY.check(source, target, language)]


def test_the_longest_term_wins():
    source = "Theo Ủy ban nhân dân tỉnh, việc này đã xong."
    assert _uses(source, "The provincial People's Committee says so.") == [
        ("Ủy ban nhân dân tỉnh", True)
    ]


def test_tone_marks_may_stand_on_either_vowel():
    assert _uses("các hoà giải viên", "mediators") == [("hoà giải viên", True)]
    assert _uses("các hòa giải viên", "judges") == [("hòa giải viên", False)]


def test_a_term_is_whole_syllables():
    assert _uses("Bộ Y tếch", "x") == []
    assert _uses("cán bộ y tế", "health workers") == [("bộ y tế", False)]


def test_english_plurals_are_the_term_too():
    assert _uses("các bộ y tế", "health ministries; Ministries of Health") == [("bộ y tế", True)]
    assert _uses("Mediators met.", "Các hòa giải viên gặp nhau.", Language.EN) == [
        ("Mediators", True)
    ]


@pytest.mark.parametrize(
    ("form", "plural"),
    [
        ("Chairman", ["Chairmen"]),
        ("Deputy Ministry", ["Deputy Ministries"]),
        ("Secretariat of the Party", ["Secretariats of the Party"]),
        ("survey", ["surveys"]),
        ("people's affairs", []),
        ("branch", ["branches"]),
    ],
)
def test_plurals(form: str, plural: list[str]):
    assert list(plurals(form)) == plural


def test_a_read_glossary_asks_in_its_own_direction_only():
    glossary = read_glossary(
        ["# thuật ngữ\n", "đặc khu\tspecial zone; special zones\n"], Language.VI
    )
    assert [use.applied for use in glossary.check("Đặc khu Phú Quốc", "x", Language.VI)] == [False]
    assert glossary.check("The special zone", "x", Language.EN) == []


@pytest.mark.parametrize("line", ["one column", "a\tb\tc", "a\t", "\tb"])
def test_a_broken_line_is_named(line: str):
    with pytest.raises(GlossaryBroken, match="Line 2"):
        read_glossary(["đặc khu\tspecial zone", line], Language.VI)


def test_the_built_in_glossary_knows_its_terms():
    found = government_glossary().find("Bộ Giáo dục và Đào tạo họp.", Language.VI)
    assert [span for _, span in found] == [Span(0, 22)]
    assert found[0][0].en[0] == "Ministry of Education and Training"
