"""The language tables of the checks, read once from `service/rules/`."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from service.article import Language
from service.text.dates_in_text import DateReader
from service.text.numerals import NumberReader, NumberWords, key_of
from service.text.syllables import strip_diacritics

Table = dict[str, Any]


@cache
def read_table(*path: str) -> Table:
    """A TOML file of `service/rules/`."""
    file = resources.files("service.rules").joinpath(*path)
    return tomllib.loads(file.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class NameWords:
    """What tells names of people in Vietnamese text."""

    surnames: frozenset[str]
    not_people: frozenset[str]  # the first two or three words of other names
    plain_surnames: frozenset[str]  # in small letters without marks
    loans: frozenset[str]  # words that Vietnamese took over
    address: frozenset[str]  # before a name in either language, without marks: no part of it


@cache
def read_names() -> NameWords:
    """The words of `vi/names.toml`."""
    names = read_table("vi", "names.toml")
    return NameWords(
        frozenset(names["surnames"]),
        frozenset(names["not_people"]),
        frozenset(strip_diacritics(name).lower() for name in names["surnames"]),
        frozenset(names["loans"]),
        frozenset(names["address"]),
    )


@cache
def kept_words() -> frozenset[str]:
    """Vietnamese words that English texts keep: food, dress, music."""
    return frozenset(str(read_table("en", "kept_words.toml")["words"]).split())


@cache
def number_reader(language: Language) -> NumberReader:
    """The reader of numbers of one language."""
    table = read_table(language.value, "numerals.toml")
    return NumberReader(
        NumberWords(
            group=str(table["group"]),
            foreign_group=bool(table["foreign_group"]),
            ones=_numbers(table["ones"]),
            tens=_numbers(table["tens"]),
            hundreds=_numbers(table["hundreds"]),
            scales=_numbers(table["scales"]),
            letters=_numbers(table["letters"]),
            fillers=tuple(_section(table["fillers"])["words"]),
            before_roman=tuple(word.lower() for word in _section(table["roman"])["after"]),
            certain_from=int(table["certain_from"]),
            hints={
                word: tuple(_key(value) for value in values)
                for word, values in _section(table["hints"]).items()
            },
        )
    )


@cache
def date_reader(language: Language) -> DateReader:
    """The reader of dates and times of one language."""
    table = read_table(language.value, "dates.toml")
    return DateReader(
        _texts(table["dates"]),
        _texts(table["times"]),
        _numbers(table["months"]),
        _numbers(table["halves"]),
        _texts(table["signs"]),
        str(table["sign"]),
        str(table["time_sign"]),
    )


@cache
def weekdays(language: Language) -> tuple[re.Pattern[str], dict[str, int], list[str]]:
    """What finds the names of weekdays, their numbers, and what one of them must have in it.

    Monday is 1.
    """
    table = read_table(language.value, "dates.toml")
    names = _numbers(table["weekdays"])
    pattern = str(table["weekday"]).replace("<W>", "|".join(names))
    return re.compile(pattern, re.IGNORECASE), names, _texts(table["weekday_signs"])


@cache
def weekday_names(language: Language, number: int) -> tuple[str, ...]:
    """What a weekday is called, in small letters; Monday is 1."""
    names = _numbers(read_table(language.value, "dates.toml")["weekdays"])
    return tuple(name for name, own in names.items() if own == number)


def _texts(value: object) -> list[str]:
    if not isinstance(value, list):
        message = "A list of service/rules is not a list."
        raise TypeError(message)
    return [str(text) for text in value]


def _section(value: object) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        message = "A table of service/rules is not a table."
        raise TypeError(message)
    return value


def _numbers(value: object) -> dict[str, int]:
    return {word: int(str(number)) for word, number in _section(value).items()}


def _key(value: object) -> str:
    whole, _, decimals = str(value).partition(".")
    return key_of(whole + decimals, -len(decimals))
