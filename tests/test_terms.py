"""A user's glossary: every shape that spreadsheets and editors write, and errors that help."""

import pytest

from service.article import Language
from service.errors import GlossaryBroken, GlossaryOtherDirection
from service.terms import MAX_TERMS, read_terms


def rows(text, source=None):
    return [(row.source, row.target) for row in read_terms(text, source).rows]


ONE = [(("sở y tế",), ("Department of Health", "Health Department"))]


@pytest.mark.parametrize(
    "text",
    [
        "sở y tế\tDepartment of Health; Health Department",
        "\ufeffsource\ttarget\r\nsở y tế\tDepartment of Health;Health Department\r\n",
        "vi,en\nsở y tế,Department of Health; Health Department\n",
        "# ours\n\nTiếng Việt\tTiếng Anh\nsở y tế\tDepartment of Health; Health Department\t\n",
        'sở y tế,"Department of Health; Health Department"',
        "so\u031b\u0309 y te\u0302\u0301\tDepartment of Health; Health Department",
    ],
)
def test_tsv_and_csv_with_and_without_header(text):
    assert rows(text) == ONE


def test_quotes_hold_the_separator():
    text = '"Bộ Văn hóa, Thể thao và Du lịch","Ministry of Culture, Sports and Tourism"'
    assert rows(text)[0][1] == ("Ministry of Culture, Sports and Tourism",)


def test_semicolons_divide_columns_where_nothing_else_does():
    assert rows("thuật ngữ;bản dịch\nđặc khu;special zone") == [(("đặc khu",), ("special zone",))]


def test_a_header_of_languages_gives_the_direction():
    assert read_terms("vi,en\nđặc khu,special zone").source_language is Language.VI
    assert rows("vi,en\nđặc khu,special zone", Language.EN) == [(("special zone",), ("đặc khu",))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no terms"),
        ("vi\ten\n", "no terms"),
        ("đặc khu\tspecial zone\nmột cột", "Line 2 .* has 1"),
        ("a\tb\tc", "Line 1 .* has 3"),
        ("đặc khu\t", "Line 1 .* no words as its target"),
        ("…\tspecial zone", "Line 1 .* no words as its source"),
        ("# x\n\nđặc khu\tspecial zone\nĐặc Khu\tzone", "Line 4 .* line 3"),
        ('đặc khu,"special zone', "quotation mark"),
        ("đặc khu\t" + "x" * 300, "more than 200"),
        ("đặc khu\tspecial ｟0｠", "no term can have"),
    ],
)
def test_errors_name_the_line(text, words):
    with pytest.raises(GlossaryBroken, match=words):
        read_terms(text)


def test_too_many_terms_are_refused():
    with pytest.raises(GlossaryBroken, match="at most"):
        read_terms("".join(f"từ{n}\tword{n}\n" for n in range(MAX_TERMS + 1)))


def test_what_is_written_out_is_read_back():
    first = read_terms('vi,en\n"a, b","c ""d"" e"\nhọp,meeting; session')
    assert read_terms(first.to_tsv()) == first


def test_a_glossary_of_one_direction_asks_there_only():
    terms = read_terms("vi,en\nđặc khu,special zone")
    found = terms.glossary(Language.VI).check("Đặc khu Phú Quốc", "x", Language.VI)
    assert [use.applied for use in found] == [False]
    with pytest.raises(GlossaryOtherDirection, match="`vi`"):
        terms.glossary(Language.EN)
    assert len(read_terms("the board\tban").glossary(Language.EN).terms) == 1
