"""The language tables of the checks, read once from `service/rules/`."""

import tomllib
from functools import cache
from importlib import resources

from service.article import Language
from service.text.numerals import NumberReader, NumberWords, key_of

Table = dict[str, object]


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
            decimal=str(table["decimal"]),
            ones=_numbers(table["ones"]),
            tens=_numbers(table["tens"]),
            hundreds=_numbers(table["hundreds"]),
            scales=_numbers(table["scales"]),
            fillers=tuple(_section(table["fillers"])["words"]),
            hints={
                word: tuple(_key(value) for value in values)
                for word, values in _section(table["hints"]).items()
            },
        )
    )


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
