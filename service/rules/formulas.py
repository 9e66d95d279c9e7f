"""Tables of what always reads the same in documents; `service/text/formulas.py` finds it."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from service.article import Language

# By kind and source language: what it is there, and what in the other language.
Tables = Mapping[str, Mapping[str, Mapping[str, str]]]

# Vietnamese only: read backwards for English, where the first row of an English form counts.
_REVERSIBLE = ("offices", "bodies", "fields", "places", "local", "laws")


@cache
def _tables() -> Tables:
    file = resources.files("service.rules").joinpath("formulas.toml")
    tables: Tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return tables


@cache
def formulas(kind: str, target: Language) -> dict[str, str]:
    """The formulas of a kind into a language, by their case-folded source.

    >>> formulas("fields", Language.EN)["y tế"], formulas("fields", Language.VI)["health"]
    ('Health', 'Y tế')
    """
    if kind in _REVERSIBLE and target is Language.VI:
        rows = reversed(list(_tables()[kind]["vi"].items()))
        return dict(_both_spellings((en, vi) for vi, en in rows))
    return dict(_both_spellings(_tables()[kind][target.other.value].items()))


@cache
def provinces() -> frozenset[str]:
    """Provinces and cities of Vietnam, now and before 2025, case-folded."""
    file = resources.files("service.rules").joinpath("gazetteer.toml")
    names = tomllib.loads(file.read_text(encoding="utf-8"))["provinces"]["names"]
    more = ("Hồ Chí Minh", "Đắk Lắk", "Đắk Nông", "Kon Tum", "Hà Nam", "Bà Rịa - Vũng Tàu")
    return frozenset(name.casefold() for name in (*names, *more))


def _both_spellings(rows: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Case-folded; "Uỷ ban" beside "Ủy ban", "organisation" beside "organization"."""
    for source, own in rows:
        folded = source.casefold()
        yield folded, own
        yield folded.replace("ủy ban", "uỷ ban").replace("ization", "isation"), own


@cache
def any_of(kind: str, target: Language) -> str:
    """A pattern for any source of a kind, the longest first."""
    sources = sorted(formulas(kind, target), key=len, reverse=True)
    return "|".join(map(re.escape, sources))
