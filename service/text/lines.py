"""Lines of pasted text: what they look like, told without any list of words."""

import re
from dataclasses import dataclass

# A line with this many words and a closing mark is read as a sentence of the body; this many
# words make it one without the mark. Words, between white space; chosen on the development
# slice of `scripts/evaluate_intake.py`.
PROSE_WORDS = 12
LONG_WORDS = 40

_FINAL = re.compile(r"[.!?…:;][\"'”’»)\]]*$|\./\.$")  # «… kết thúc.”»
_INNER_STOP = re.compile(r"[.!?…][\"'”’)]* +[\"'“‘(]*[A-ZÀ-Ỹ0-9]")  # «… hết. Sau đó»
_DECORATION = " \t|•·●▪■◆►▶»«›‹>*_=~→←-–—"  # stands around buttons and menu items
_ITEM = re.compile(
    r"(?:[-–—+•●▪◦■◆►*✓✔➢]|\(?[a-zđ]\)|\(?\d{1,3}[.)]|\(?[ivx]{1,5}\))\s+\S"
)  # «- », «+ », «a) », «1. »
_BARE_ITEM = re.compile(r"[•●▪◦■◆►✓✔➢]\S")  # «•Một»


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of the input; `numbers` are the input lines (from 1) it was made of."""

    text: str
    numbers: tuple[int, ...]


def split_lines(text: str) -> list[Line]:
    r"""Every line that holds more than white space, without the white space around it.

    >>> split_lines("Một\n\n  Hai ")
    [Line(text='Một', numbers=(1,)), Line(text='Hai', numbers=(3,))]
    """
    return [
        Line(stripped, (number,))
        for number, line in enumerate(text.split("\n"), start=1)
        if (stripped := line.strip())
    ]


def bare(text: str) -> str:
    """`text` without the bullets, bars and arrows that sites put around labels.

    >>> bare("» Tin liên quan |")
    'Tin liên quan'
    """
    return text.strip(_DECORATION) or text


def count_words(text: str) -> int:
    return len(text.split())


def ends_sentence(text: str) -> bool:
    """Whether the line closes with a mark that ends a sentence or announces what follows."""
    return _FINAL.search(text[-6:]) is not None


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
    return words >= PROSE_WORDS or (words >= 6 and _INNER_STOP.search(text) is not None)


def is_list_item(text: str) -> bool:
    """Whether the line starts with a bullet, a number or a letter of a list.

    >>> is_list_item("- Một là"), is_list_item("a) Điều kiện"), is_list_item("2024 là năm")
    (True, True, False)
    """
    return _ITEM.match(text) is not None or _BARE_ITEM.match(text) is not None
