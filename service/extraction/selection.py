"""Which lines of a page are its article, from the votes of two extractors and the page's shape.

The two say where the article stands. Where they agree is the core; the smallest element around the
core is the region. Inside it, between the first and the last line of the core, a line that one or
both passed over stays (a law's numbered headings, a table's row) unless its place or its links show
it to be furniture.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from service.extraction.elements import Element
from service.extraction.lines import Line
from service.extraction.places import element_signs

FURNITURE_SIGNS = ("menu", "related", "share", "comment", "promotion", "tags", "aside", "footer")
REGION_SHARE = 0.9  # of the core's characters inside the region
MIN_CORE_SHARE = 0.5  # of the better vote; below it the two speak of different texts
MAX_LINK_SHARE = 0.5  # of a line's characters; above it the line is a list of links
NUMBERED_WEIGHT = 200  # characters of prose that a numbered heading is worth
# "Điều 12. Phạm vi", "Chương II", "Article 3", "Mục 1": what a law may not lose.
NUMBERED = re.compile(
    r"(?:điều|chương|mục|phần|khoản|article|chapter|section|part)\s{1,3}(?:\d{1,4}|[ivxlc]{1,7})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Selection:
    """For each line of the page, the rule that takes it out; `None` for the article's lines."""

    rules: tuple[str | None, ...]
    region: Element
    first: int  # index of the first and the last line of the core
    last: int


def select_lines(lines: Sequence[Line], votes: Sequence[frozenset[int]]) -> Selection | None:
    """The article's lines among all; `None` where no voter found one."""
    core = _core(lines, [[_kept(line, vote) for line in lines] for vote in votes])
    chosen = [index for index, kept in enumerate(core) if kept]
    if not chosen:
        return None
    region = _region(lines, core)
    inside = _descendants(region, lines)
    outer = signs_around(region)
    first, last = chosen[0], chosen[-1]
    rules = tuple(
        _rule(
            line, line.place.signs - outer, kept=core[i], between=inside[i] and first <= i <= last
        )
        for i, line in enumerate(lines)
    )
    return Selection(rules, region, first, last)


def link_share(line: Line) -> float:
    """The share of a line's characters that are links, 0 to 1."""
    return line.link_chars / max(1, sum(chars for _, chars in line.nodes))


def signs_around(region: Element) -> frozenset[str]:
    """What the elements around a region, and itself, say: true of all of it, so no evidence."""
    found: set[str] = set()
    while region is not None:
        found |= element_signs(region)
        region = region.getparent()
    return frozenset(found)


def _kept(line: Line, vote: frozenset[int]) -> bool:
    """Whether at least half of the line's characters have the vote."""
    kept = sum(chars for node, chars in line.nodes if node in vote)
    return kept * 2 >= sum(chars for _, chars in line.nodes) and kept > 0


def _core(lines: Sequence[Line], votes: Sequence[Sequence[bool]]) -> Sequence[bool]:
    """Where all voters agree; the better vote alone where they agree on too little."""
    both = [all(kept) for kept in zip(*votes, strict=True)]
    best = max(votes, key=lambda vote: coverage(lines, vote))
    return both if coverage(lines, both) >= MIN_CORE_SHARE * coverage(lines, best) else best


def coverage(lines: Sequence[Line], kept: Sequence[bool]) -> float:
    """How much of an article the kept lines are: prose and numbered headings, not links."""
    score = 0.0
    for line, keep in zip(lines, kept, strict=True):
        if keep:
            links = link_share(line)
            score += len(line.text) * (1 - 2 * links)
            if NUMBERED.match(line.text):
                score += NUMBERED_WEIGHT
    return score


def _region(lines: Sequence[Line], core: Sequence[bool]) -> Element:
    """The innermost element that holds nearly all of the core."""
    held: Counter[Element] = Counter()
    for line, kept in zip(lines, core, strict=True):
        if kept:
            element = line.place.block
            while element is not None:
                held[element] += len(line.text)
                element = element.getparent()
    enough = REGION_SHARE * max(held.values())
    around = [element for element, chars in held.items() if chars >= enough]
    return max(around, key=lambda element: sum(1 for _ in element.iterancestors()))


def _descendants(region: Element, lines: Sequence[Line]) -> list[bool]:
    inside = set(region.iter())
    return [line.place.block in inside for line in lines]


def _rule(line: Line, signs: frozenset[str], *, kept: bool, between: bool) -> str | None:
    for sign in FURNITURE_SIGNS:
        if sign in signs:
            return sign
    if kept:
        return None
    if not between:
        return "outside-article"
    return "links" if link_share(line) >= MAX_LINK_SHARE and not NUMBERED.match(line.text) else None
