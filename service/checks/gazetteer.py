"""The gazetteer: places, ministries, offices and leaders, as both languages write them."""

import re
from dataclasses import dataclass
from functools import cache

from service.checks.vocabulary import read_table
from service.text.phrases import PhraseIndex
from service.text.syllables import strip_diacritics

_NO_LETTER = re.compile(r"[^a-z0-9]")  # e.g. " " and "-" in "ba ria - vung tau"


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names with their Vietnamese and English forms."""

    index: PhraseIndex  # of the Vietnamese forms
    english: tuple[re.Pattern[str] | None, ...]  # by phrase; None: nothing is asked
    squeezed: tuple[str, ...]  # by phrase: the name without marks and spaces


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of `service/rules/gazetteer.toml`, compiled once."""
    table = read_table("gazetteer.toml")
    phrases: list[str] = []
    english: list[re.Pattern[str] | None] = []
    for name in table["others"]["vi"]:
        phrases.append(name)
        english.append(None)
    for name in table["provinces"]["names"]:
        phrases.append(name)
        english.append(_forms([strip_diacritics(name).lower()]))
    for place in table["place"]:
        for name in place["vi"]:
            phrases.append(name)
            english.append(_forms([*place["en"], strip_diacritics(name).lower()]))
    squeezed = tuple(_NO_LETTER.sub("", strip_diacritics(name).lower()) for name in phrases)
    return Gazetteer(PhraseIndex(phrases), tuple(english), squeezed)


def _forms(forms: list[str]) -> re.Pattern[str]:
    """Any of the forms at the start of a word; a form of up to three letters is a whole word."""
    ends = (re.escape(form) + (r"\b" if len(form) <= 3 else "") for form in forms)
    return re.compile(rf"\b(?:{'|'.join(ends)})")  # e.g. \b(?:china|chinese|prc\b)
