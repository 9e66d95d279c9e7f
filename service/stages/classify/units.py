"""What can be told of a line alone: the rules that match it, names and dates on it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from service.article import BlockKind
from service.rules import LineRule, Place, load_line_rules, load_sites
from service.text.datelines import split_dateline
from service.text.dates import DateLine, read_date_line
from service.text.furniture import is_path, read_person, split_menu
from service.text.lines import (
    LONG_WORDS,
    Line,
    bare,
    count_words,
    ends_sentence,
    has_inner_stop,
    is_prose,
    split_captions,
)

# In words unless said otherwise, chosen on the `develop` slice of `scripts/evaluate_intake.py`.
MENU_CHARS = 24  # characters: what is no longer above the title is a menu item or a section
LONGEST_RULE_CHARS = 420  # longer lines are never furniture
_SIGNED = re.compile(r"(?<=[.!?”\"’/])\s*[-–—(/]{1,2} ?(?P<who>[^\W\d_][\w.+/ ]{1,30})\)?\.?$")
OLDEST_YEAR = 1996  # no site was on line before


@dataclass(frozen=True, slots=True)
class Unit:
    """A line with what can be told of it alone, then what it turned out to be."""

    line: Line
    words: int
    prose: bool
    furniture: LineRule | None
    day: DateLine | None
    caption: bool
    dateline: bool = False
    kind: BlockKind = BlockKind.PARAGRAPH
    rule: str = ""  # why it is removed
    byline: str | None = None
    dates: bool = False  # the article was published on `day`
    rank: int = 0  # of several dates, the lowest counts
    fixed: bool = False  # it is of a document's frame, and `kind` is known

    @property
    def text(self) -> str:
        return self.line.text


def look(line: Line) -> Iterator[Unit]:
    """One unit for a line, or two where a dateline stands at its head."""
    split = split_dateline(line.text, load_sites().agencies) if len(line.text) > 3 else None
    head, rest = split or ("", "")
    alone = not rest and (head.startswith("(") or head[-1:] in "-–—")
    if split and (alone or ends_sentence(rest) or is_prose(rest)):
        seen = _look_at(replace(line, text=head))
        yield replace(seen, dateline=True, prose=False, furniture=None)
        if rest:  # a caption has no dateline of its own
            text = _look_at(replace(line, text=rest))
            yield replace(text, caption=False, prose=is_prose(rest))
        return
    yield _look_at(line)


def _look_at(line: Line) -> Unit:
    text, words = line.text, count_words(line.text)
    short = len(text) <= LONGEST_RULE_CHARS
    furniture = _find_furniture(text) if short else None
    day = read_date_line(text) if words <= 16 and len(text) <= 120 else None
    caption = short and furniture is None and load_line_rules("captions").find(text) is not None
    if not caption and short and has_inner_stop(text):
        caption = _is_double_caption(text)
    return Unit(line, words, is_prose(unsigned(text)) and not caption, furniture, day, caption)


def unsigned(text: str) -> str:
    """The text without the agency that signs it behind its full stop: "… to Hanoi. — VNS".

    >>> unsigned("They went home. — VNS"), unsigned("They went home (by bus)")
    ('They went home.', 'They went home (by bus)')
    """
    match = _SIGNED.search(text, max(0, len(text) - 50))
    if match and all(x in load_sites().agencies for x in match["who"].casefold().split("/")):
        return text[: match.start()]
    return text


def _find_furniture(text: str) -> LineRule | None:
    """The rule for a line alone, or for every item of a menu that was copied as one line."""
    rules = load_line_rules("furniture")
    whole = next(filter(None, map(rules.find, dict.fromkeys((bare(text), text)))), None)
    if whole or ends_sentence(text):
        return whole
    items = split_menu(text)
    if len(items) < 2 and len(text.split()) < 4:
        return None
    found = [item for item in items if not item.isdigit() and rules.find(item)]
    needed = len(items) if len(items) < 4 else 0.6 * len(items)
    brief = all(len(item) <= MENU_CHARS for item in items)
    row = len(items) > 1 and len(found) >= needed and brief
    row = row or (bool(found) and is_path(text))
    if row or _is_run_of_items(text.split()):
        return replace(rules.rules[0], name="menu-row", place=Place.EDGE, opens=False, closes=False)
    return None


def _is_run_of_items(words: Sequence[str]) -> bool:
    """Whether the line begins with menu items and is made of them for the most part."""
    if not 4 <= len(words) <= LONG_WORDS:
        return False
    find = load_line_rules("furniture").find
    at = items = known = 0
    while at < len(words):
        sizes = range(min(5, len(words) - at), 0, -1)
        size = next((n for n in sizes if find(" ".join(words[at : at + n]))), 0)
        if not size and not items:
            return False
        items, known, at = items + bool(size), known + size, at + max(size, 1)
    return items >= 3 and (known == len(words) or (items >= 4 and known >= 0.6 * len(words)))


def _is_double_caption(text: str) -> bool:
    """Two or three captions that a page printed as one line."""
    find = load_line_rules("captions").find
    sentences = split_captions(text)
    return 2 <= len(sentences) <= 3 and all(find(sentence) for sentence in sentences)


def uncover_head(units: Sequence[Unit]) -> list[Unit]:
    """A title that reads like a caption ("Thủ tướng chủ trì phiên họp Chính phủ") is none.

    Captions stand below a title; so the first line long enough for one, with no paragraph above
    it, is a caption only if it names its picture.
    """
    for at, unit in enumerate(units):
        if unit.caption and _is_action(unit.text):
            bare_unit = replace(unit, caption=False, prose=is_prose(unit.text))
            return [*units[:at], bare_unit, *units[at + 1 :]]
        known = unit.furniture or is_date_line(unit)
        if unit.prose or unit.caption or (not known and len(unit.text) > MENU_CHARS):
            break
    return list(units)


def _is_action(text: str) -> bool:
    """Whether only what happens in it makes a line a caption."""
    rule = load_line_rules("captions").find(text)
    return rule is not None and rule.name.endswith("/speaks-at")


def is_date_line(unit: Unit, *, signed: bool = False) -> bool:
    """A date with nothing but names of the site, or of the author, beside it."""
    if unit.day is None or unit.day.day.year < OLDEST_YEAR:
        return False
    parts = split_menu(unit.day.rest)
    return all(is_site(part) or (signed and bool(read_signature(part))) for part in parts)


def is_site(text: str) -> bool:
    """A site's name, perhaps printed twice, or a section of it."""
    half = text[: len(text) // 2].strip()
    if half and text in (half * 2, f"{half} {half}"):
        return True
    name = text.casefold()
    return name in known_names() or name in load_sites().places or _find_furniture(text) is not None


@cache
def known_names() -> frozenset[str]:
    """Sites and agencies together, case-folded."""
    return load_sites().names | load_sites().agencies


def read_signature(text: str) -> str | None:
    """Who signed, where the line is a byline or nothing but names."""
    who = read_byline(text)
    if who or text.casefold() in load_sites().places:
        return who
    family = text.split()[0].casefold() in load_sites().family_names
    who = read_person(text, known_names(), frozenset() if family else load_sites().not_names)
    agencies = load_sites().agencies
    return who or (text if all(x in agencies for x in text.casefold().split("/")) else None)


def read_byline(text: str) -> str | None:
    """Who wrote the article, if the line says that and nothing more.

    >>> read_byline("Tin, ảnh: Nguyễn Văn A"), read_byline("By Jane Smith")
    ('Nguyễn Văn A', 'Jane Smith')
    """
    rule = load_line_rules("bylines").find(text) if len(text) <= 140 else None
    match = rule.line.fullmatch(text) if rule else None
    return match["who"].strip() if match else None
