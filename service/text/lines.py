"""Lines of pasted text: what they look like, told without any list of words."""

import re
from dataclasses import dataclass
from itertools import pairwise

# A line with this many words and a closing mark is read as a sentence of the body; with
# `LONG_WORDS` it is one without the mark. Words are what stands between white space. Chosen on
# the `develop` slice of `scripts/evaluate_intake.py`.
PROSE_WORDS = 12
LONG_WORDS = 40

# Inside a class: capital letters of Vietnamese and English (`À-Ỹ` would take in small ones).
UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"

_FINAL = re.compile(r"[.!?…:;][\"'”’»)\]]*$|\./\.$")  # «… kết thúc.”»
_STOP = re.compile(
    r"(?:(?<!\.)\.|[;:])[\"'”’»)\]]*$"
)  # ends a sentence of prose, hardly ever a headline
_INNER_STOP = re.compile(
    r"(?<![A-ZĐ])[.!?…][\"'”’)]* +[\"'“‘(]*[" + UPPER + r"0-9]"
)  # «… hết. Sau đó»
_DECORATION = "[] \t|•·●▪■◆►▶»«›‹>*_=~→←-–—"  # stands around buttons and menu items
_ITEM = re.compile(
    r"(?:[-–—+•●▪◦■◆►*✓✔➢]|\(?[a-zđ]\)|\(?\d{1,3}[.)]|\(?[ivx]{1,5}\))\s+\S"
    r"|[•●▪◦■◆►✓✔➢]\S|\d{1,2}(?:\.\d{1,2}){1,3}\.? \S"
)  # «- Một», «+ Hai», «a) Ba», «1. Bốn», «•Năm», «2.1. Sáu»
_SECTION = re.compile(
    r"(?:phần|chương|mục|tiểu mục|điều|khoản|phụ lục|part|chapter|section|article|annex|appendix)"
    r" (?:thứ )?(?:\d{1,4}[a-zđ]?|[ivxlc]{1,7}|nhất|hai|ba|tư|năm|one|two|three)\b(?![,;])"
    r"|[IVX]{1,5}\s?[.)/-]\s*\S",
    re.IGNORECASE,
)  # «Điều 5. Quyền hạn», «Chương II», «I. KẾT QUẢ»
_ARROWED = re.compile(r"(?:>{1,3}|»+|=>|→|›)\s*\S")  # «>> Xem bài trước»
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of the input and the input lines, numbered from 1, that it was made of."""

    text: str
    parts: tuple[tuple[int, str], ...]

    @property
    def number(self) -> int:
        """The first of its input lines."""
        return self.parts[0][0]

    @property
    def last(self) -> int:
        return self.parts[-1][0]


def split_lines(text: str) -> list[Line]:
    r"""Every line that holds more than white space, without the white space around it.

    >>> [(line.text, line.number) for line in split_lines("Một\n\n  Hai ")]
    [('Một', 1), ('Hai', 3)]
    """
    return [
        Line(stripped, ((number, stripped),))
        for number, line in enumerate(text.split("\n"), start=1)
        if (stripped := line.strip())
    ]


def bare(text: str) -> str:
    """`text` without the bullets, bars and arrows that sites put around labels.

    >>> bare("» Tin liên quan |"), bare("-----")
    ('Tin liên quan', '-----')
    """
    return text.strip(_DECORATION).rstrip(": ") or text


def count_words(text: str) -> int:
    return len(text.split())


def phrases_of(text: str) -> set[str]:
    """The words of two letters or more, case-folded, and each pair of neighbours.

    >>> sorted(phrases_of("Họp báo"))
    ['báo', 'họp', 'họp báo']
    """
    words = _WORD.findall(text.casefold())
    return {*words, *(f"{word} {after}" for word, after in pairwise(words))}


def ends_sentence(text: str) -> bool:
    """Whether the line closes with a mark that ends a sentence or announces what follows."""
    return _FINAL.search(text[-6:]) is not None


def is_headline(text: str) -> bool:
    """Whether the line can be the title of some article: short, and closed by no full stop.

    >>> is_headline("Lotus color of Hue"), is_headline("The talks went on.")
    (True, False)
    """
    return _STOP.search(text[-6:]) is None and count_words(text) <= LONG_WORDS


def is_prose(text: str) -> bool:
    """Whether the line reads as a paragraph.

    >>> is_prose("Lotus color of Hue"), is_prose("He spoke to the press. The talks went on.")
    (False, True)
    """
    words = count_words(text)
    if words >= LONG_WORDS:
        return True
    if not ends_sentence(text):
        return False
    return words >= PROSE_WORDS or (words >= 6 and has_inner_stop(text))


def has_inner_stop(text: str) -> bool:
    """Whether one sentence ends inside the line and another begins."""
    return _INNER_STOP.search(text) is not None


def is_list_item(text: str) -> bool:
    """Whether the line starts with a bullet, a number or a letter of a list.

    >>> is_list_item("- Một là"), is_list_item("a) Điều kiện"), is_list_item("2024 là năm")
    (True, True, False)
    """
    return _ITEM.match(text) is not None


def is_section(text: str) -> bool:
    """Whether the line begins a numbered part of a legal text or a report.

    >>> is_section("Điều 5. Quyền hạn"), is_section("I. KẾT QUẢ"), is_section("Mục tiêu chung")
    (True, True, False)
    """
    return _SECTION.match(text) is not None


def is_arrowed(text: str) -> bool:
    """Whether the line is marked as a link by arrows in front of it."""
    return _ARROWED.match(text) is not None


def split_cells(text: str) -> list[str]:
    """The cells of a row that was copied out of a table.

    >>> split_cells("STT\\tĐơn vị\\tSố lượng")
    ['STT', 'Đơn vị', 'Số lượng']
    """
    return [cell.strip() for cell in text.split("\t")]


_CAPTION_END = re.compile(r"(?<=[^\WA-Z\d_][.!?]) +(?=[" + UPPER + "])|(?<=\\)[.!?]) +")


def split_captions(text: str) -> list[str]:
    """The sentences of a line that may be several captions in a row.

    >>> split_captions("Ông An phát biểu. Bà Lan phát biểu.")
    ['Ông An phát biểu.', 'Bà Lan phát biểu.']
    """
    return _CAPTION_END.split(text)
