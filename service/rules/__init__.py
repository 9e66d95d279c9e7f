"""Rules as data, with reasons: TOML files loaded and validated here.

A rule names one kind of line: furniture that a site prints around its articles, a caption, or a
byline. The name of a furniture rule is what a reader sees in `Removal.rule`. `drops` (lines that
the rule must match) and `keeps` (lines that it must not) are its tests: `LineRule.failures` checks
them in the test suite, never while serving.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

LANGUAGES = ("vi", "en")
# What `\p{Lu}` stands for in the classes of a rule's pattern: `À-Ỹ` would take in small letters.
CAPITALS = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"


class Place(StrEnum):
    """Where a rule may act, seen from the article's paragraphs."""

    ANY = "any"  # also between two paragraphs
    EDGE = "edge"  # above the second paragraph (below the lead) or below the last
    OUTSIDE = "outside"  # above the first or below the last
    HEAD = "head"  # above only
    TAIL = "tail"  # below only


class RuleBroken(ValueError):
    """A rule file does not say what a rule needs."""


@dataclass(frozen=True, slots=True)
class LineRule:
    """One kind of line; `line` must match it from end to end."""

    name: str
    why: str
    line: re.Pattern[str]
    place: Place
    opens: bool  # a label: the link-like lines that follow belong to it
    closes: bool  # printed below an article only: nothing of the article follows
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
class LineRules:
    """The rules of both languages for one purpose, in the order of their files."""

    rules: tuple[LineRule, ...]

    def find(self, text: str) -> LineRule | None:
        """The first rule that matches the whole of `text`.

        >>> load_line_rules("furniture").find("Bình luận (0)").name
        'vi/comment-count'
        """
        # One pattern of all of them takes three times as long: each alone knows how it may begin.
        for rule in self.rules:
            if rule.line.fullmatch(text) is not None:
                return rule
        return None


@dataclass(frozen=True, slots=True)
class Sites:
    """Names that tell a site, an agency, a place or a person; all case-folded."""

    names: frozenset[str]
    agencies: frozenset[str]
    places: frozenset[str]
    not_names: frozenset[str]
    family_names: frozenset[str]


@cache
def load_line_rules(purpose: str) -> LineRules:
    """Read and validate `purpose`.toml of every language, once: furniture, captions or bylines."""
    rules = tuple(
        _line_rule(f"{language}/{name}", entry)
        for language in LANGUAGES
        for name, entry in _read(language, f"{purpose}.toml").items()
    )
    return LineRules(rules)


@cache
def load_sites() -> Sites:
    """Read the names of sites, agencies and places, once."""
    raw = _read("sites.toml")
    return Sites(
        **{
            key: frozenset(name.casefold() for name in _texts(raw, key, "sites.toml"))
            for key in Sites.__slots__
        }
    )


def _read(*path: str) -> Mapping[str, object]:
    return tomllib.loads(resources.files(__name__).joinpath(*path).read_text(encoding="utf-8"))


def _line_rule(name: str, entry: object) -> LineRule:
    if not isinstance(entry, dict):
        raise RuleBroken(f"`{name}` must be a table.")
    if unknown := entry.keys() - {"why", "line", "place", "opens", "closes", "drops", "keeps"}:
        raise RuleBroken(f"`{name}` has unknown keys: {', '.join(sorted(unknown))}.")
    why, line = entry.get("why"), entry.get("line")
    opens, closes = entry.get("opens", False), entry.get("closes", False)
    if not (isinstance(why, str) and isinstance(line, str)):
        raise RuleBroken(f"`{name}` needs `why` and `line` as text.")
    if not (isinstance(opens, bool) and isinstance(closes, bool)):
        raise RuleBroken(f"`opens` and `closes` of `{name}` must be true or false.")
    try:
        pattern = re.compile(line.replace(r"\p{Lu}", CAPITALS), re.IGNORECASE)
        place = Place(entry.get("place", "edge"))
    except (re.error, ValueError) as error:
        raise RuleBroken(f"`{name}`: {error}.") from error
    drops, keeps = _texts(entry, "drops", name), _texts(entry, "keeps", name)
    return LineRule(name, why, pattern, place, opens, closes, drops, keeps)


def _texts(entry: Mapping[str, object], key: str, name: str) -> tuple[str, ...]:
    rows = entry.get(key)
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        raise RuleBroken(f"`{name}` needs `{key}`: a list with at least one text.")
    if not all(isinstance(row, str) for row in rows):
        raise RuleBroken(f"`{key}` of `{name}` must hold texts only.")
    return tuple(rows)
