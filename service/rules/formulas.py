"""Lines of official documents that always read the same, in the other language."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from service.article import Language, Span

Table = Mapping[str, Mapping[str, Mapping[str, str]]]


@cache
def _table() -> Table:
    file = resources.files("service.rules").joinpath("formulas.toml")
    table: Table = tomllib.loads(file.read_text(encoding="utf-8"))
    return table


@cache
def _parts(target: Language) -> re.Pattern[str]:
    """The number of a part: "Điều 5. ", or all of a line, "CHƯƠNG II"."""
    names = "|".join(map(re.escape, _table()["parts"][target.other.value]))
    number = r"(?:\d{1,3}[a-zđ]?|[IVXLC]{1,7})"
    return re.compile(
        rf"(?P<name>(?:{names})) (?P<number>(?-i:{number}))(?:(?P<mark>[.:])(?=\s|$)|$)",
        re.IGNORECASE,
    )


@cache
def _lines(target: Language) -> dict[str, str]:
    return {line.casefold(): own for line, own in _table()["lines"][target.other.value].items()}


def find_formula(text: str, target: Language) -> tuple[Span, str] | None:
    """What at a text's head, or all of it, is a formula, and what it is in the target language.

    >>> find_formula("Điều 1. Phạm vi điều chỉnh", Language.EN)
    (Span(start=0, end=7), 'Article 1.')
    >>> find_formula("QUYẾT ĐỊNH:", Language.EN), find_formula("Điều 5 quy định", Language.EN)
    ((Span(start=0, end=11), 'DECISION:'), None)
    """
    part = _parts(target).match(text)
    if part:
        names = {
            name.casefold(): own for name, own in _table()["parts"][target.other.value].items()
        }
        name = _as_written(names[part["name"].casefold()], part["name"])
        return Span(0, part.end()), f"{name} {part['number']}{part['mark'] or ''}"
    line = text.rstrip(": ")
    own = _lines(target).get(line.casefold())
    return None if own is None else (Span(0, len(text)), _as_written(own, line) + text[len(line) :])


def _as_written(own: str, text: str) -> str:
    """In capitals where the text is."""
    return own.upper() if text.isupper() else own
