"""English plurals of terms, and where Vietnamese asks for one."""

import re
from collections.abc import Iterator
from typing import Final

_VOWEL_Y: Final = re.compile(r"[aeiou]y$")  # "survey", whose plural is "surveys"
_IRREGULAR: Final = {
    "man": "men", "woman": "women", "child": "children", "person": "people", "people": "people",
}  # fmt: skip
_PREPOSITION: Final = re.compile(r" (?:of|for|with|to|in|on|at) ")  # e.g. in "Ministry of Health"
# Before a noun: "các", "những", "nhiều", a number from two on; with a classifier between them.
_MANY: Final = re.compile(
    r"\b(?:các|những|nhiều|một số|mấy|vài|hai|ba|bốn|sáu|bảy|tám|chín|mười|hàng chục"
    r"|hàng trăm|trăm|nghìn|triệu|(?<![\d/.,-])(?<!năm )(?:[2-9]|[\d.]*\d\d))"
    r"(?: (?:cái|chiếc|đơn vị|vị|cơ quan|tổ chức))?\s$",
    re.IGNORECASE,
)
_LOOK_CHARS: Final = 40


def plurals(form: str) -> Iterator[str]:
    """The plural of an English term: of its last word, or of the noun before "of", "for", "with".

    >>> list(plurals("Deputy Chairman")), list(plurals("Ministry of Health"))
    (['Deputy Chairmen'], ['Ministries of Health'])
    """
    preposition = _PREPOSITION.search(form)
    end = preposition.start() if preposition else len(form)
    plural = _plural(form[:end])
    if plural:
        yield plural + form[end:]


def asks_for_plural(before: str) -> bool:
    """Whether a noun is in the plural, by the Vietnamese that stands before it.

    >>> asks_for_plural("Tỉnh thăm các "), asks_for_plural("12 "), asks_for_plural("năm 2024, ")
    (True, True, False)
    """
    return _MANY.search(before[-_LOOK_CHARS:]) is not None


def _plural(words: str) -> str:
    for ending, other in _IRREGULAR.items():
        if words.endswith(ending):
            return words.removesuffix(ending) + other
    if not words or not words[-1].isalpha() or words.endswith("s"):
        return ""
    if words.endswith("y") and not _VOWEL_Y.search(words):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith(("x", "ch", "sh")) else "s")
