"""Which terms a source uses, and whether its translation obeys."""

import pytest

from service.article import Language, Span
from service.glossary import Glossary, Term, agreed_terms, government_glossary
from service.text.plurals import plurals

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
    assert _uses("cán bộ y tế", "health workers") == []
    assert _uses("các bộ y tế", "health workers") == [("bộ y tế", False)]


@pytest.mark.parametrize(
    "source",
    [
        "the Department of Planning and Finance (Department of Health)",
        "the Bank of Finance, Department of Health",
        "It was up to Finance. Department of Health heads agreed.",
    ],
)
def test_punctuation_parts_the_words_of_a_term(source):
    english = Glossary(
        [
            Term(("Sở Tài chính",), ("Finance Department",)),
            Term(("Sở Y tế",), ("Department of Health",)),
        ]
    )
    found = [span.of(source) for _, span in english.find(source, Language.EN)]
    assert found == ["Department of Health"]


def test_a_term_with_a_comma_is_found_with_it():
    listed = Glossary([Term(("cán bộ, công chức",), ("cadres, civil servants",))])
    [(_, span)] = listed.find("Cadres, civil servants and others", Language.EN)
    assert span == Span(0, 22)


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


def test_the_built_in_glossary_knows_its_terms():
    found = government_glossary().find("Bộ Giáo dục và Đào tạo họp.", Language.VI)
    assert [span for _, span in found] == [Span(0, 22)]
    assert found[0][0].en[0] == "Ministry of Education and Training"


def test_the_users_term_wins_over_a_built_in_one_at_the_same_place():
    user = Glossary([Term(("Bộ Y tế họp",), ("Health Ministry meets",))])
    source = "Bộ Y tế họp với Bộ Chính trị."
    assert list(agreed_terms(source, Language.VI, user).values()) == [
        "Health Ministry meets",
        "Politburo",
    ]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("các bộ y tế", "Ministries of Health"),
        ("12 bộ y tế", "Ministries of Health"),
        ("Bộ Y tế", "Ministry of Health"),
        ("năm 2024 Bộ Y tế", "Ministry of Health"),
    ],
)
def test_the_plural_is_asked_for_where_vietnamese_has_it(source: str, wanted: str):
    assert list(agreed_terms(source, Language.VI, GLOSSARY).values()) == [wanted]


def test_an_acronym_is_no_word():
    glossary = Glossary([Term(("công nghệ thông tin",), ("IT",))])
    assert glossary.find("Is it here?", Language.EN) == []
    assert len(glossary.find("The IT department", Language.EN)) == 1


@pytest.mark.parametrize(
    ("source", "terms"),
    [
        (
            "Comrade Hung, Deputy Secretary of the Provincial Party Committee",
            ["đồng chí", "Phó Bí thư Tỉnh ủy"],
        ),
        (
            "Member of the Standing Committee of the Provincial Party Committee",
            ["Ủy viên Ban Thường vụ Tỉnh ủy"],
        ),
        (
            "Vice Chairmen of the Provincial People's Committee",
            ["Phó Chủ tịch Ủy ban nhân dân tỉnh"],
        ),
        ("the 20th Provincial Party Congress", ["Đại hội Đảng bộ tỉnh"]),
        ("cadres and civil servants", ["cán bộ, công chức"]),
        # An office of another state, and a part of a longer word.
        ("the Deputy Secretary of State", []),
        ("the Atlanta Journal-Constitution", []),
    ],
)
def test_titles_of_provincial_government_are_agreed(source, terms):
    assert list(agreed_terms(source, Language.EN).values()) == terms
