"""The gazetteer: places, ministries, offices and leaders, as both languages write them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from service.checks.vocabulary import Table, read_table
from service.text.phrases import PhraseIndex, fold
from service.text.syllables import strip_diacritics

_NO_LETTER = re.compile(r"[^a-z0-9]")  # e.g. " " and "-" in "ba ria - vung tau"


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names with their Vietnamese and English forms."""

    index: PhraseIndex  # of the Vietnamese forms
    is_proper: tuple[bool, ...]  # by phrase: it begins with a capital wherever it stands
    english: tuple[re.Pattern[str] | None, ...]  # by phrase; None: nothing is asked
    squeezed: tuple[str, ...]  # by phrase: the name without marks and spaces
    nouns: re.Pattern[str]  # provinces and countries as English names, without marks
    noun_starts: frozenset[str]  # their first words, in small letters
    asked: Mapping[str, re.Pattern[str]]  # by English name: the Vietnamese forms, folded
    countries: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]  # in Vietnamese and English


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of `service/rules/gazetteer.toml`, compiled once."""
    table = read_table("gazetteer.toml")
    phrases: list[str] = []
    english: list[re.Pattern[str] | None] = []
    is_proper: list[bool] = []
    for name in table["others"]["vi"]:
        phrases.append(name)
        is_proper.append(False)
        english.append(None)
    for name in table["provinces"]["names"]:
        phrases.append(name)
        is_proper.append(True)
        english.append(_forms([strip_diacritics(name).lower()]))
    for place in table["place"]:
        for name in place["vi"]:
            phrases.append(name)
            is_proper.append(False)
            english.append(_forms([*place["en"], strip_diacritics(name).lower()]))
    squeezed = tuple(_NO_LETTER.sub("", strip_diacritics(name).lower()) for name in phrases)
    asked = dict(_nouns(table))
    nouns = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, asked), key=len, reverse=True))})\b")
    index = PhraseIndex(phrases)
    countries = tuple(
        (re.compile(rf"(?<!^)\b{vi}\b"), re.compile(rf"\b(?:{'|'.join(en)})", re.IGNORECASE))
        for vi, en in table["countries"].items()
    )
    starts = frozenset(name.split()[0].lower() for name in asked)
    return Gazetteer(
        index, tuple(is_proper), tuple(english), squeezed, nouns, starts, asked, countries
    )


def _nouns(table: Table) -> Iterator[tuple[str, re.Pattern[str]]]:
    """English names of provinces and countries, with what must be in the Vietnamese."""
    for name in table["provinces"]["names"]:
        plain = strip_diacritics(name)
        glued = plain.replace(" ", "").lower()  # "Dalat Ultra Trail" in Vietnamese too
        forms = re.compile(rf"\b{re.escape(fold(name))}|{re.escape(plain.lower())}|\b{glued}")
        yield plain, forms
        if plain.count(" ") == 1:  # "Hanoi", "Danang"
            yield plain.replace(" ", "").capitalize(), forms
    for name, forms in table["nouns"].items():
        own = "|".join(re.escape(fold(form)) for form in [*forms, name])
        yield name, re.compile(rf"\b(?:{own})")  # e.g. \b(?:hàn|đại hàn|south korea)


def _forms(forms: list[str]) -> re.Pattern[str]:
    """Any of the forms at the start of a word; a form of up to three letters is a whole word."""
    ends = (re.escape(form) + (r"\b" if len(form) <= 3 else "") for form in forms)
    return re.compile(rf"\b(?:{'|'.join(ends)})")  # e.g. \b(?:china|chinese|prc\b)
