"""The verdict on each line: its kind, or the rule that removes it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from service.article import CELL_SEPARATOR, BlockKind
from service.rules import LineRule, load_sites
from service.stages.classify.page import (
    DOCUMENT_NUMBER,
    LINK_WORDS,
    SHARED_RATIO,
    TEASER_WORDS,
    Page,
    shared_ratio,
    survey,
)
from service.stages.classify.units import (
    MENU_CHARS,
    OLDEST_YEAR,
    Unit,
    is_date_line,
    is_site,
    known_names,
    read_byline,
    read_signature,
)
from service.text.dates import ends_with_date, read_date_line
from service.text.furniture import split_menu
from service.text.lines import (
    LONG_WORDS,
    ends_sentence,
    has_inner_stop,
    is_arrowed,
    is_headline,
    is_list_item,
    is_section,
)

# In words, chosen on the `develop` slice of `scripts/evaluate_intake.py`.
LINK_MAX_WORDS = 25  # what is longer below the article, and under no label, stays
HEADING_WORDS = 14  # what is longer between paragraphs, without a full stop, is a caption
LEAD_WORDS = range(8, 91)
BOX_LABEL_WORDS = 4
BOX_SHARED_RATIO = 0.2  # of headlines in a box; the mean of other articles' titles is 0.12
SIGNING_LINES = 7  # for whom, as what, "(Đã ký)", the name
_SIGNS_FOR = re.compile(r"(?:TM|KT|TL|TUQ)\. ?[^\W\d_]{2}")  # "TM. CHÍNH PHỦ"
# Where and when a document was signed: "Khánh An, ngày 21 tháng 7 năm 2025", a place on no list
_DRAWN_UP = re.compile(r"[^\W\d_][^,:;.!?]{1,40}, ngày \d{1,2} tháng \d{1,2} năm \d{4}")
IMPRINT_WORDS = 30  # who runs the site, where, by which licence; how to cite it


def judge(units: Sequence[Unit]) -> Iterator[Unit]:
    """Each unit with its kind, or with the rule that removes it."""
    page = survey(units)
    under = ""  # the label that the unit stands under
    led = any(unit.fixed for unit in units)  # documents have no lead
    signing = 0  # lines left of the block that signs a document
    for at, unit in enumerate(units):
        before = units[at - 1] if at else None
        if at == page.title:
            under = ""
            yield replace(unit, kind=BlockKind.TITLE)
            continue
        if unit.fixed:
            under = ""
            title = unit.kind is BlockKind.TITLE  # of a page that has another one
            yield replace(unit, kind=BlockKind.HEADING if title else unit.kind)
            continue
        signing = (
            SIGNING_LINES if _SIGNS_FOR.match(unit.text) and unit.text.isupper() else signing - 1
        )
        if signing > 0 and at >= page.start and not unit.furniture:
            yield unit
            continue
        own = unit.furniture and unit.furniture.name.endswith("/press-imprint")
        judged = None if own else _judge_date(unit, at, page)
        if at >= page.end and at in page.menus and not read_signature(unit.text):
            under = under or "menu-run"
        if not judged and unit.furniture and page.allows(unit.furniture, at):
            if unit.furniture.opens or at >= page.end:
                under = unit.furniture.name
            yield replace(unit, rule=unit.furniture.name)
            continue
        if not judged and (rule := _reason_to_drop(unit, at, page, under)):
            dates = rule == "menu-run" and at < page.end and is_date_line(unit)
            judged = replace(unit, rule=rule, dates=dates, rank=2)
        if not judged and _opens_box(units, at, page):
            under = "box"
            judged = replace(unit, rule="box-label")
        if not judged and _is_among_furniture(units, at, page):
            judged = replace(unit, rule="among-furniture")
        if judged:
            yield judged
            continue
        if page.start <= at < page.end:
            under = ""
        after = units[at + 1].furniture if at + 1 < len(units) else None
        if signed := _judge_byline(unit, at, page, under, after):
            yield signed
            continue
        kind = _kind(units, at, page)
        if kind is BlockKind.PARAGRAPH and not led and _is_lead(units, at, page, before):
            kind = BlockKind.LEAD
        led = led or kind not in (BlockKind.DATELINE, BlockKind.BYLINE, BlockKind.CAPTION)
        yield replace(unit, kind=kind)


def _judge_date(unit: Unit, at: int, page: Page) -> Unit | None:
    """What a line about a date is: the site's, a document's, or the author's."""
    day = unit.day
    if unit.dateline:
        told = day is not None and day.day.year >= OLDEST_YEAR and at <= page.start
        return replace(unit, kind=BlockKind.DATELINE, dates=True, rank=2) if told else None
    lead = page.start < at < page.second and not page.chronicle
    inside = page.start <= at < page.end and not lead
    if day is None or day.day.year < OLDEST_YEAR or inside:
        return None
    rank = 3 if at >= page.end else 1 if page.title is not None and at < page.title else 0
    parts = [part for part in split_menu(day.rest) if part]
    if day.spelt and parts and all(part.casefold() in load_sites().places for part in parts):
        return replace(unit, kind=BlockKind.DATELINE, dates=True, rank=rank)
    if _DRAWN_UP.fullmatch(unit.text):
        return replace(unit, kind=BlockKind.DATELINE, dates=True, rank=rank)
    people = [who for part in parts if (who := read_signature(part))]
    if all(is_site(part) for part in parts) or _is_labelled_date(unit, at, page):
        return replace(unit, rule="date-line", dates=True, rank=rank)
    if people and all(is_site(part) or read_signature(part) for part in parts):
        return replace(unit, kind=BlockKind.BYLINE, byline=people[0], dates=True, rank=rank)
    return None


def _is_labelled_date(unit: Unit, at: int, page: Page) -> bool:
    """Whether the one line between title and text is a date behind a label of two words or three.

    Labels no word list knows: "Đăng tải: 18/3/2024". Two such lines may be an invitation's.
    """
    between = range((page.title if page.title is not None else page.start) + 1, page.start)
    label = _label_of_date(unit.text)
    return at in between and 0 < len(label.split()) <= 3


def _label_of_date(text: str) -> str:
    """What stands before a colon and a date alone: "Release date" of "Release date: 18/3/2024"."""
    label, _, value = text.partition(":")
    day = read_date_line(value.strip())
    return label if day is not None and not day.rest else ""


def _judge_byline(
    unit: Unit, at: int, page: Page, under: str, after: LineRule | None
) -> Unit | None:
    if unit.caption:
        return None
    below, above = at >= page.end, (page.title or 0) < at < page.second
    last = after is not None and page.allows(after, at) and not unit.prose
    who = read_byline(unit.text) if below or above or last else None
    if not who and below and not under:
        who = read_signature(unit.text)
    if not who and above and unit.text.split()[0].casefold() in load_sites().family_names:
        who = read_signature(unit.text)
    return replace(unit, kind=BlockKind.BYLINE, byline=who) if who else None


def _reason_to_drop(unit: Unit, at: int, page: Page, under: str) -> str:
    """The rule that takes a line no word list knows; empty where it stays."""
    text, words = unit.text, unit.words
    linky = is_headline(text) and not (unit.caption or unit.dateline or has_inner_stop(text))
    if page.title is not None and at < page.title:
        return "menu-line" if len(text) <= MENU_CHARS else "line-above-title"
    menu = at in page.menus and not page.start <= at < page.end
    if (menu or (at in page.menus and at < page.second)) and not (
        unit.caption or read_signature(text)
    ):
        return "menu-run"
    if at < page.start:
        if text.casefold() in known_names():
            return "site-name"
        return f"listed-under:{under}" if under and linky and words >= LINK_WORDS else ""
    if is_arrowed(text) and linky:
        return "arrowed-link"
    if at < page.end:
        plain = linky and not (unit.prose or is_section(text) or is_list_item(text))
        foreign = shared_ratio(text, page.vocabulary) < SHARED_RATIO
        if under and plain and words >= LINK_WORDS and foreign and CELL_SEPARATOR not in text:
            return f"listed-under:{under}"
        return ""
    if is_headline(text) and words >= 4 and ends_with_date(text) and not _label_of_date(text):
        return "dated-link"
    if at >= page.links_from and linky and not under and words <= LINK_MAX_WORDS:
        return "" if read_signature(text) else "link-below-article"
    if text[0].islower() and text.count(",") >= 2 and linky:
        return "tag-line"
    if at >= page.imprint_from and unit.words <= IMPRINT_WORDS and not read_byline(text):
        return "imprint"
    if under and page.closed and unit.words <= TEASER_WORDS and not read_byline(text):
        return f"listed-under:{under}"
    if under and linky and not read_signature(text):
        return f"listed-under:{under}"
    return ""


def _opens_box(units: Sequence[Unit], at: int, page: Page) -> bool:
    """A short line between paragraphs with one or two headlines under it, foreign to the article.

    A heading of the article shares words with what stands under it.
    """
    unit = units[at]
    if not (page.furnished and page.start < at < page.end - 2):
        return False
    before = units[at - 1]
    if not (before.prose or before.caption or ends_sentence(before.text)):
        return False
    if len(unit.text) > MENU_CHARS or unit.words > BOX_LABEL_WORDS or not _is_plain(unit):
        return False
    listed = list(takewhile(_is_plain, units[at + 1 : at + 4]))
    if not 1 <= len(listed) <= 2 or not units[at + 1 + len(listed)].prose:
        return False
    shared = [shared_ratio(other.text, page.vocabulary) for other in listed]
    return max(shared) < BOX_SHARED_RATIO and all(other.words >= LINK_WORDS for other in listed)


def _is_plain(unit: Unit) -> bool:
    special = unit.prose or unit.caption or unit.dateline or unit.day or unit.furniture
    numbered = is_section(unit.text) or is_list_item(unit.text) or CELL_SEPARATOR in unit.text
    return is_headline(unit.text) and not (special or numbered)


def _is_among_furniture(units: Sequence[Unit], at: int, page: Page) -> bool:
    """A label that no rule knows, between two that rules know."""
    if not 0 < at < len(units) - 1 or len(units[at].text) > MENU_CHARS:
        return False
    if DOCUMENT_NUMBER.match(units[at].text):
        return False
    unit, around = units[at], (units[at - 1], units[at + 1])
    known = [
        is_date_line(other) or (other.furniture is not None and page.allows(other.furniture, at))
        for other in around
    ]
    return all(known) and is_headline(unit.text) and not (unit.caption or read_signature(unit.text))


def _kind(units: Sequence[Unit], at: int, page: Page) -> BlockKind:
    unit = units[at]
    text = unit.text
    if unit.dateline:
        return BlockKind.DATELINE
    if CELL_SEPARATOR in text:
        return BlockKind.TABLE_ROW
    if unit.caption or (page.title is not None and text == units[page.title].text):
        return BlockKind.CAPTION
    after = units[at + 1] if at + 1 < len(units) else None
    open_ended = not ends_sentence(text) and unit.words < LONG_WORDS
    if is_section(text):
        return BlockKind.HEADING if open_ended else BlockKind.PARAGRAPH
    if is_list_item(text):
        alone = open_ended and unit.words <= HEADING_WORDS and text[0].isdigit()
        heading = alone and after is not None and after.prose and not is_list_item(after.text)
        return BlockKind.HEADING if heading else BlockKind.LIST_ITEM
    if open_ended and at < page.start and unit.words > HEADING_WORDS and page.title is not None:
        return BlockKind.LEAD
    if open_ended and after is not None and at < page.end:
        between = at > page.start and unit.words > HEADING_WORDS
        return BlockKind.CAPTION if between else BlockKind.HEADING
    return BlockKind.PARAGRAPH


def _is_lead(units: Sequence[Unit], at: int, page: Page, before: Unit | None) -> bool:
    """The short first paragraph below a title, with the article itself still to come."""
    local = before is not None and before.dateline and not before.text.startswith("(")
    tabled = at + 1 < len(units) and CELL_SEPARATOR in units[at + 1].text
    return (
        page.title is not None
        and page.title < at <= page.start
        and units[at].words in LEAD_WORDS
        and page.second > page.start
        and not (local or tabled)
    )
