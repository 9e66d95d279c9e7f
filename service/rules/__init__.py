"""Rules as data, with reasons: TOML files loaded and validated here.

A furniture rule names one kind of line that a site prints around its articles. The name is what
a reader sees in `Removal.rule`; `drops` and `keeps` are its tests, checked when the rules are
loaded for a test run (`FurnitureRule.failures`) and never while serving.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

LANGUAGES = ("vi", "en")


class Place(StrEnum):
    """Where a rule may act, seen from the article's paragraphs."""

    ANY = "any"  # also between two paragraphs
    EDGE = "edge"  # above the first or below the last paragraph
    HEAD = "head"  # above only
    TAIL = "tail"  # below only


class RuleBroken(ValueError):
    """A rule file does not say what a rule needs."""


@dataclass(frozen=True, slots=True)
class FurnitureRule:
    """One kind of line that belongs to the site; `line` must match it from end to end."""

    name: str
    why: str
    line: re.Pattern[str]
    place: Place
    opens: bool  # a label: the link-like lines that follow belong to it
    drops: tuple[str, ...]
    keeps: tuple[str, ...]

    def matches(self, text: str) -> bool:
        return self.line.fullmatch(text) is not None

    def failures(self) -> list[str]:
        """The rows of `drops` that do not match, and those of `keeps` that do."""
        missed = [f"{self.name} must drop: {row}" for row in self.drops if not self.matches(row)]
        taken = [f"{self.name} must keep: {row}" for row in self.keeps if self.matches(row)]
        return missed + taken


@dataclass(frozen=True, slots=True)
class Furniture:
    """All furniture rules of both languages, in the order of their files."""

    rules: tuple[FurnitureRule, ...]
    any_of: re.Pattern[str]  # matches whatever some rule matches: one call instead of many

    def find(self, text: str) -> FurnitureRule | None:
        """The first rule that matches the whole of `text`.

        >>> load_furniture().find("Bình luận (0)").name
        'vi/comment-count'
        """
        if not self.any_of.fullmatch(text):
            return None
        return next((rule for rule in self.rules if rule.matches(text)), None)


@dataclass(frozen=True, slots=True)
class Sites:
    """Names that stand alone beside dates and in datelines, case-folded."""

    names: frozenset[str]
    agencies: frozenset[str]


@cache
def load_furniture() -> Furniture:
    """Read and validate the furniture rules of every language, once."""
    rules = tuple(
        _furniture_rule(f"{language}/{name}", entry)
        for language in LANGUAGES
        for name, entry in _read(language, "furniture.toml").items()
    )
    any_of = re.compile("|".join(f"(?:{rule.line.pattern})" for rule in rules), re.IGNORECASE)
    return Furniture(rules, any_of)


@cache
def load_sites() -> Sites:
    """Read the names of sites and agencies, once."""
    raw = _read("sites.toml")
    return Sites(
        names=frozenset(name.casefold() for name in _texts(raw, "names", "sites.toml")),
        agencies=frozenset(name.casefold() for name in _texts(raw, "agencies", "sites.toml")),
    )


def _read(*path: str) -> Mapping[str, object]:
    return tomllib.loads(resources.files(__name__).joinpath(*path).read_text(encoding="utf-8"))


def _furniture_rule(name: str, entry: object) -> FurnitureRule:
    if not isinstance(entry, dict):
        raise RuleBroken(f"`{name}` must be a table.")
    if unknown := entry.keys() - {"why", "line", "place", "opens", "drops", "keeps"}:
        raise RuleBroken(f"`{name}` has unknown keys: {', '.join(sorted(unknown))}.")
    why, line, opens = entry.get("why"), entry.get("line"), entry.get("opens", False)
    if not (isinstance(why, str) and isinstance(line, str) and isinstance(opens, bool)):
        raise RuleBroken(f"`{name}` needs `why` and `line` as text, and `opens` as true or false.")
    try:
        pattern = re.compile(line, re.IGNORECASE)
        place = Place(entry.get("place", "edge"))
    except (re.error, ValueError) as error:
        raise RuleBroken(f"`{name}`: {error}.") from error
    drops, keeps = _texts(entry, "drops", name), _texts(entry, "keeps", name)
    return FurnitureRule(name, why, pattern, place, opens, drops, keeps)


def _texts(entry: Mapping[str, object], key: str, name: str) -> tuple[str, ...]:
    rows = entry.get(key)
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        raise RuleBroken(f"`{name}` needs `{key}`: a list with at least one text.")
    if not all(isinstance(row, str) for row in rows):
        raise RuleBroken(f"`{key}` of `{name}` must hold texts only.")
    return tuple(rows)
