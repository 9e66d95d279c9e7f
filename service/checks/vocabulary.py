"""The language tables of the checks, read once from `service/rules/`."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from service.article import Language
from service.text.dates_in_text import DateReader
from service.text.numerals import NumberReader, NumberWords, key_of

Table = dict[str, Any]


@cache
def read_table(*path: str) -> Table:
    """A TOML file of `service/rules/`."""
    file = resources.files("service.rules").joinpath(*path)
    return tomllib.loads(file.read_text(encoding="utf-8"))


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
        str(table["sign"]),
    )


@cache
def weekdays(language: Language) -> tuple[re.Pattern[str], dict[str, int]]:
    """What finds the names of weekdays, and their numbers: Monday is 1."""
    table = read_table(language.value, "dates.toml")
    names = _numbers(table["weekdays"])
    pattern = str(table["weekday"]).replace("<W>", "|".join(names))
    return re.compile(pattern, re.IGNORECASE), names


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
