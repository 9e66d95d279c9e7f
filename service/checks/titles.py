"""Is everybody's title of office the one that the source says?

A title that is left out is only noted: English news calls a Minister by name or "he". Where the
target has a title that the source does not, and the source one that the target does not, an
office was changed: Phó Bí thư (Deputy Secretary of the Party) and Thứ trưởng (Deputy Minister).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from service.article import Finding, Severity, Span
from service.checks.base import Check, Kind, Pair, Side, added, changed, lost
from service.checks.vocabulary import read_table
from service.text.phrases import PhraseIndex

ID = "titles"
TITLE: Kind = ("chức danh", "title")
MAX_TITLES = 50  # of a segment; one with more is none
# "Labour, Invalids and Social Affairs ", without another title
_STAR = r"(?:(?!the\b|deputy\b|vice\b|PM\b)[\w'’]+(?:,| and| &)? ){1,4}?"
# Countries whose ministers are secretaries.
_ABROAD = re.compile(
    r"\bU\.?[SK]\b|\bAmerica|\bUnited|\bBrit|\bState\b|\bPhilippin|\bFilipin|\bMexic|\bIndia"
    r"|\bTreasury|\bHomeland|\bPentagon|White House|\bWashington|\bLondon|\bTrump\b|\bBiden\b"
    r"|\bObama\b|\bHong Kong"
)
_HOUR = re.compile(r"\d ?$")  # e.g. "9 " before "PM"
# What every English title has in it, so that most texts need not be read further.
_SIGN = re.compile(
    r"minist|president|secretar|chair|director|governor|ambassador|consul|mayor|general|colonel"
    r"|premier|\bPM\b|\bCEO\b|head",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Title:
    names: frozenset[str]  # English titles that are this one, folded
    also: re.Pattern[str]  # what may stand for them
    abroad: re.Pattern[str]  # what may in some countries

    def may_be_in(self, rest: str, *, is_abroad: bool) -> bool:
        """Whether the rest of the text has a word for it."""
        if self.also.search(rest):
            return True
        return is_abroad and self.abroad.search(rest) is not None

    def accepts(self, office: "_Office", *, is_abroad: bool) -> bool:
        """Whether an English title is this one."""
        if office.name in self.names or self.also.fullmatch(office.name):
            return True
        return is_abroad and self.abroad.fullmatch(office.name) is not None


@dataclass(frozen=True, slots=True)
class _Titles:
    index: PhraseIndex  # of the Vietnamese titles
    by_phrase: tuple[_Title | None, ...]  # None: no title
    english: re.Pattern[str]  # any English title, the longest first
    names: tuple[str | None, ...]  # by group of `english`; None: no title
    start: re.Pattern[str]  # the first word of any of them


@dataclass(frozen=True, slots=True)
class _Office:
    """An English title at its place."""

    name: str
    span: Span


@cache
def _titles() -> _Titles:
    table = read_table("titles.toml")
    phrases: list[str] = list(table["others"]["vi"])
    by_phrase: list[_Title | None] = [None] * len(phrases)
    english: dict[str, str | None] = {name.lower(): None for name in table["others"]["en"]}
    for row in table["title"]:
        names = [str(name).lower() for name in row["en"]]
        english.update({name: name for name in names})
        title = _Title(frozenset(names), _any_of(row["also"]), _any_of(row.get("abroad", [])))
        phrases += row["vi"]
        by_phrase += [title] * len(row["vi"])
    ordered = sorted(english, key=lambda name: (-name.count(" "), -len(name)))
    groups = "|".join(f"({_pattern(name)})" for name in ordered)
    return _Titles(
        PhraseIndex(phrases),
        tuple(by_phrase),
        re.compile(rf"(?:{groups})(?!\w)", re.IGNORECASE),
        tuple(english[name] for name in ordered),
        re.compile(rf"\b(?:{'|'.join(sorted({n.split()[0] for n in ordered}))})", re.IGNORECASE),
    )


def _pattern(name: str) -> str:
    """A name as a pattern: "deputy * minister" takes "deputy health minister"."""
    return re.escape(name).replace(r"\*\ ", _STAR).replace(r"\ \*", "").replace(r"\ ", "[ -]")


def _any_of(names: Sequence[str]) -> re.Pattern[str]:
    own = "|".join(_pattern(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?:{own or '(?!)'})", re.IGNORECASE)


def _find(pair: Pair) -> Iterator[Finding]:
    vi, en = pair.by_language()
    if vi is None or en is None:
        return
    found = [(span, title) for span, title in _vietnamese(vi) if title is not None][:MAX_TITLES]
    if not found:
        return
    offices = list(islice(_english(en), MAX_TITLES)) if _SIGN.search(en.text) else []
    is_abroad = _ABROAD.search(en.text) is not None
    from_vi = [
        (span, title)
        for span, title in found
        if not any(title.accepts(office, is_abroad=is_abroad) for office in offices)
    ]
    from_en = [
        office.span
        for office in offices
        if not any(title.accepts(office, is_abroad=is_abroad) for _, title in found)
    ]
    for (own, _), other in zip(from_vi, from_en, strict=False):
        spans = (own, other) if vi is pair.source else (other, own)
        yield changed(ID, spans, pair, TITLE)
    rest = _blanked(en.text, offices)
    finding = lost if vi is pair.source else added
    for span, title in from_vi[len(from_en) :]:
        if not title.may_be_in(rest, is_abroad=is_abroad):
            yield finding(ID, span, vi.text, TITLE, Severity.MINOR)


def _vietnamese(vi: Side) -> Iterator[tuple[Span, _Title | None]]:
    titles = _titles()
    for found in titles.index.find(vi.cut):
        yield found.span, titles.by_phrase[found.phrase]


def _english(en: Side) -> Iterator[_Office]:
    titles = _titles()
    end = 0
    for start in titles.start.finditer(en.text):
        match = titles.english.match(en.text, start.start()) if start.start() >= end else None
        if match is None:
            continue
        end = match.end()
        name = titles.names[(match.lastindex or 1) - 1]
        is_hour = name == "pm" and _HOUR.search(en.text, max(0, match.start() - 3), match.start())
        if name is not None and not is_hour:
            yield _Office(name, Span(*match.span()))


def _blanked(text: str, offices: Sequence[_Office]) -> str:
    """The text without the titles found in it: a Deputy Minister is no Minister."""
    for office in offices:
        start, end = office.span.start, office.span.end
        text = text[:start] + " " * (end - start) + text[end:]
    return text


CHECK = Check(ID, "Has everybody the title that the source says?", _find)
