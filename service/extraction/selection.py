"""Where on a page its article is, from the votes of two extractors and the page's shape.

The two say where the article stands. Where they agree is the core; the smallest element around
nearly all of the core is the region. Inside it, between the first and the last line of the core,
a line that one or both passed over may still be of the article (a law's numbered headings, a
table's row): `furniture.py` judges each.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from service.extraction.elements import Element
from service.extraction.lines import Line
from service.extraction.places import element_signs

# Signs of the site's own parts, in the order in which they name the rule.
FURNITURE = ("menu", "related", "share", "comment", "promotion", "tags", "aside", "footer")
FURNITURE_SIGNS = frozenset(FURNITURE)
REGION_SHARE = 0.9  # of the core's characters inside the region
MAX_SIGN_SHARE = 0.5  # of the core's characters that furniture may cover
MIN_CORE_SHARE = 0.5  # of the better vote; below it the two speak of different texts
MIN_AGREED_CHARS = 1_000  # a text of its own
VIETNAMESE_SHARE = 0.03  # of characters that only Vietnamese has; its prose has about 0.12
MIN_NUMBERED = 3  # headings that make a page a law's, by which one vote can be judged
MIN_PROSE_SHARE = 0.85  # of the characters of all prose; notes and forms around a law are the rest
NUMBERED_WEIGHT = 200  # characters of prose that a numbered heading is worth
MIN_PROSE_CHARS = 60  # a sentence; most menu entries are shorter
# "Điều 12. Phạm vi", "Chương II", "Article 3", "Mục 1": what a law may not lose.
NUMBERED = re.compile(
    r"(?:điều|chương|mục|phần|khoản|article|chapter|section|part)\s{1,3}(?:\d{1,4}|[ivxlc]{1,7})\b",
    re.IGNORECASE,
)
# "đ", "ơ", "ặ"; the dot below as a mark of its own.
_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9\u0309\u0323]")
_SENTENCE_END = re.compile(r"[.!?…;:][\"'”’»)\]]{0,3}$")  # 'said.”'


@dataclass(frozen=True, slots=True)
class Selection:
    """Where the article is: indices into the page's lines."""

    votes: tuple[int, ...]  # for each line, how many extractors keep it
    inside: tuple[bool, ...]  # for each line, whether it is in the region
    signs: tuple[frozenset[str], ...]  # for each line, what is said of it but not of the region
    tags: tuple[str, ...]  # for each line, what kind of element it is in; "p" where the region is
    first: int  # first and last line of the article
    last: int


def find_article(lines: Sequence[Line], votes: Sequence[frozenset[int]]) -> Selection | None:
    """Where the article stands among the lines; `None` where no extractor found one."""
    kept = [[_is_kept(line, vote) for line in lines] for vote in votes]
    core = _core(lines, kept)
    if not any(core):
        return None
    region = _region(lines, core)
    signs = _signs_inside(lines, region, core)
    without = [is_core and not signs[i] & FURNITURE_SIGNS for i, is_core in enumerate(core)]
    if any(without):  # related headlines and the like widened the region
        core = without
        region = _region(lines, core)
        signs = _signs_inside(lines, region, core)
    elements = set(region.iter())
    inside = [line.place.block in elements for line in lines]
    counts = [sum(marks) for marks in zip(*kept, strict=True)]
    chosen = [i for i, is_core in enumerate(core) if is_core and inside[i]]
    first = _earlier_prose(lines, counts, inside, signs, chosen[0])
    elements.discard(region)
    tags = [line.place.tag if line.place.speaker in elements else "p" for line in lines]
    return Selection(tuple(counts), tuple(inside), tuple(signs), tuple(tags), first, chosen[-1])


def suffices(lines: Sequence[Line], vote: frozenset[int]) -> bool:
    """Whether one extractor's vote leaves nothing for another to find.

    That is on pages of laws, if it keeps each numbered heading and nearly all prose.
    """
    numbered = [line for line in lines if NUMBERED.match(line.text)]
    if len(numbered) < MIN_NUMBERED or not all(_is_kept(line, vote) for line in numbered):
        return False
    prose = [line for line in lines if is_prose(line)]
    kept = sum(len(line.text) for line in prose if _is_kept(line, vote))
    return kept >= MIN_PROSE_SHARE * sum(len(line.text) for line in prose)


def link_share(line: Line) -> float:
    """The share of a line's characters that are links, 0 to 1."""
    return line.link_chars / max(1, sum(chars for _, chars in line.nodes))


def is_prose(line: Line) -> bool:
    """Whether a line reads as a sentence or more, not as a label or a list of links."""
    ends = _SENTENCE_END.search(line.text[-4:])
    return len(line.text) >= MIN_PROSE_CHARS and bool(ends) and link_share(line) < 0.3


def coverage(lines: Sequence[Line], kept: Sequence[bool]) -> float:
    """How much of an article the kept lines are: prose and numbered headings, not links."""
    score = 0.0
    for line, keep in zip(lines, kept, strict=True):
        if keep:
            score += len(line.text) * (1 - 2 * link_share(line))
            if NUMBERED.match(line.text):
                score += NUMBERED_WEIGHT
    return score


def _is_kept(line: Line, vote: frozenset[int]) -> bool:
    """Whether at least half of the line's characters have the vote."""
    kept = sum(chars for node, chars in line.nodes if node in vote)
    return kept * 2 >= sum(chars for _, chars in line.nodes)


def _core(lines: Sequence[Line], votes: Sequence[Sequence[bool]]) -> Sequence[bool]:
    """Where all extractors agree; the better one alone where they agree on too little.

    Law databases carry a text and its translation: where what only one extractor keeps is in
    another language, the agreement stands however small it is.
    """
    both = [all(kept) for kept in zip(*votes, strict=True)]
    best = max(votes, key=lambda vote: coverage(lines, vote))
    agreed = coverage(lines, both)
    if agreed >= MIN_CORE_SHARE * coverage(lines, best):
        return both
    only = [kept and not shared for kept, shared in zip(best, both, strict=True)]
    two_languages = _is_vietnamese(lines, both) != _is_vietnamese(lines, only)
    return both if agreed >= MIN_AGREED_CHARS and two_languages else best


def _is_vietnamese(lines: Sequence[Line], kept: Sequence[bool]) -> bool:
    text = " ".join(line.text for line, keep in zip(lines, kept, strict=True) if keep)
    return len(_VIETNAMESE.findall(text)) > VIETNAMESE_SHARE * len(text)


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


def _signs_inside(
    lines: Sequence[Line], region: Element, core: Sequence[bool]
) -> list[frozenset[str]]:
    """What is said of each line, less what is said of the region or of most of the core.

    What holds for all is no evidence: blogs name an article's element after its tags.
    """
    outer = element_signs(region)
    for element in region.iterancestors():
        outer |= element_signs(element)
    said: Counter[str] = Counter()
    for line, is_core in zip(lines, core, strict=True):
        if is_core:
            said.update(dict.fromkeys(line.place.signs, len(line.text)))
    chars = sum(len(line.text) for line, is_core in zip(lines, core, strict=True) if is_core)
    outer |= {sign for sign, covered in said.items() if covered > MAX_SIGN_SHARE * chars}
    return [line.place.signs - outer for line in lines]


def _earlier_prose(
    lines: Sequence[Line],
    counts: Sequence[int],
    inside: Sequence[bool],
    signs: Sequence[frozenset[str]],
    first: int,
) -> int:
    """Where the region's text starts, if one extractor passes over its first lines.

    That is its first line of prose that an extractor keeps, and the lines that one keeps right
    above it.
    """
    for i in range(first):
        if inside[i] and counts[i] and is_prose(lines[i]) and not signs[i] - {"lead"}:
            first = i
            break
    while first and inside[first - 1] and counts[first - 1] and not signs[first - 1]:
        if link_share(lines[first - 1]):
            break
        first -= 1
    return first
