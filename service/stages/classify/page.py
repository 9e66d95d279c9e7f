"""Where the article lies among the lines of a page: its title, first and last paragraph."""

import re
import sys
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile, groupby, takewhile

from service.article import CELL_SEPARATOR, BlockKind
from service.rules import LineRule, Place
from service.stages.classify.units import (
    MENU_CHARS,
    Unit,
    is_date_line,
    known_names,
    read_byline,
    read_signature,
    unsigned,
)
from service.text.dates import ends_with_date
from service.text.documents import role_of
from service.text.lines import (
    ends_sentence,
    has_inner_stop,
    is_headline,
    is_list_item,
    is_section,
    phrases_of,
)

# In words unless said otherwise, chosen on the `develop` slice of `scripts/evaluate_intake.py`.
MIN_STRANGE_MENU = 4  # lines
LIST_HEAD_WORDS = 6  # of a line over a list below the last paragraph
LONE_TITLE_WORDS = range(4, 31)  # of a title that all else was left away from
LINK_WORDS = 6  # what is shorter between paragraphs, under a label, may be a heading
TEASER_WORDS = 90  # what is longer below the article stays, whatever stands above it
# Shares of the words and pairs of words of a line that the article has too: a line that shares
# more belongs to the article. Of paragraphs, the last two of 640 news articles share 0.37 with
# the rest (median), the leads of other articles 0.15 and their titles 0.12 (95 %: 0.31).
SHARED_RATIO = 0.33
TITLE_SHARED_RATIO = 0.3
HEADER_CHARS = 40  # characters: what is longer above a menu is no name of a site
SLOGAN_CHARS = 32  # characters: a line of the site above the title is hardly longer
MIN_SENTENCE_WORDS = 5  # what is shorter below the article may be anybody's
TEASER_SHARED_RATIO, COMMENT_SHARED_RATIO = 0.22, 0.35  # the mean over the paragraphs in doubt


@dataclass(frozen=True, slots=True)
class Page:
    """Where the article lies among the units."""

    title: int | None
    start: int  # the first paragraph
    second: int  # the paragraph after it, or `start`
    end: int  # after the last paragraph
    vocabulary: frozenset[str]  # of its paragraphs
    furnished: bool  # something on the page certainly belongs to a site
    closed: bool  # something stands below the article that only stands there
    links_from: int  # from here on, what no label stands above are links all the same
    menus: frozenset[int] = frozenset()  # short lines in a row, furniture among them
    chronicle: bool = False  # dates head its paragraphs
    imprint_from: int = sys.maxsize  # from here on, the site speaks of itself

    def allows(self, rule: LineRule, at: int) -> bool:
        """Whether the rule may act on the unit."""
        above, below = at < self.start, at >= self.end
        return {
            Place.ANY: True,
            Place.EDGE: above or below or self.start < at < self.second,
            Place.OUTSIDE: above or below,
            Place.HEAD: above,
            Place.TAIL: below,
        }[rule.place]


def survey(units: Sequence[Unit]) -> Page:
    anchors = [at for at, unit in enumerate(units) if unit.prose and not unit.furniture]
    anchors = [at for at in anchors if not _is_exclamation(units[at])] or anchors
    if not anchors:  # an article of short sentences
        anchors = [
            at
            for at, unit in enumerate(units)
            if not unit.furniture and not unit.dateline and not is_headline(unit.text)
        ]
    furnished = any(unit.furniture or is_date_line(unit) for unit in units)
    vocabulary = _vocabulary(units, anchors)
    menus = _find_menus(units)
    title = _find_title(units, anchors, vocabulary, furnished, menus)
    first = next((at for at, unit in enumerate(units) if unit.fixed), len(units))
    if title is None or title >= first:  # a page's own title stands above the document
        own = (at for at, u in enumerate(units) if u.fixed and u.kind is BlockKind.TITLE)
        title = next(own, None if first < len(units) else title)
    if not anchors:
        start = 0 if title is None else title + 1
        return Page(title, start, start, len(units), vocabulary, furnished, False, len(units))
    end = _find_end(units, anchors, menus)
    closed = any(
        at in menus or (unit.furniture and unit.furniture.closes)
        for at, unit in enumerate(units[end:], start=end)
    )
    second = anchors[1] if len(anchors) > 1 else anchors[0]
    links = _find_links(units, end, vocabulary) if furnished else len(units)
    dates = sum(map(is_date_line, units[anchors[0] : end]))
    imprint = _find_imprint(units, end, vocabulary) if furnished else sys.maxsize
    shape = (vocabulary, furnished, closed, links, menus, dates > 1, imprint)
    return Page(title, anchors[0], second, end, *shape)


def _find_menus(units: Sequence[Unit]) -> frozenset[int]:
    """Short lines in a row, few with figures: three with furniture among them, four without."""
    if any(_opens_document(unit.text) for unit in units):
        return frozenset()
    menus: set[int] = set()
    for alike, run in groupby(range(len(units)), key=lambda at: _is_like_menu(units[at])):
        lines = list(run)
        strange = [at for at in lines if not _is_known(units[at])]
        figures = sum(any(char.isdigit() for char in units[at].text) for at in strange)
        known = len(strange) < len(lines)
        if alike and len(lines) >= 3 and known and figures * 3 <= len(lines):
            menus.update(lines)
        elif alike:
            menus.update(_find_strange_menu(units, lines))
    return frozenset(menus)


def _find_strange_menu(units: Sequence[Unit], lines: Sequence[int]) -> Sequence[int]:
    """Of short lines in a row, a form's labels: four at least below any name, links under them."""
    own = list(dropwhile(lambda at: read_signature(units[at].text), lines))
    under = units[own[-1] + 1 : own[-1] + 2] if own else ()
    if len(own) < MIN_STRANGE_MENU or not under:
        return ()
    texts = [units[at].text for at in own]
    listed = is_headline(under[0].text) and under[0].words >= LINK_WORDS
    told = any(read_signature(text) or any(map(str.isdigit, text)) for text in texts)
    return own if listed and not told else ()


def _is_known(unit: Unit) -> bool:
    return unit.furniture is not None or is_date_line(unit)


def _is_like_menu(unit: Unit) -> bool:
    if _is_known(unit):
        return True
    special = unit.caption or unit.dateline or is_section(unit.text) or is_list_item(unit.text)
    short = len(unit.text) <= MENU_CHARS and is_headline(unit.text)
    return short and not special and CELL_SEPARATOR not in unit.text


def _find_title(
    units: Sequence[Unit],
    anchors: Sequence[int],
    vocabulary: frozenset[str],
    furnished: bool,
    menus: frozenset[int],
) -> int | None:
    """The line above the paragraphs that shares most words with them; the first where unsure."""
    first = anchors[0] if anchors else len(units)
    shares: dict[int, float] = {}
    for at, unit in enumerate(units[:first]):
        long_item = is_list_item(unit.text) and unit.words > LINK_WORDS
        if is_section(unit.text) or unit.caption:
            break
        if _opens_document(unit.text):  # what is in capitals above it is the issuing body
            shares = {
                line: share
                for line, share in shares.items()
                if not units[line].text.isupper() and share >= TITLE_SHARED_RATIO
            }
            break
        if long_item or CELL_SEPARATOR in unit.text:
            break
        if _can_be_title(unit):
            shares[at] = shared_ratio(unit.text, vocabulary)
    if len(units) == 1:  # a headline that was pasted by itself
        return 0 if shares and units[0].words in LONE_TITLE_WORDS else None
    if not shares:
        return None
    if not furnished:
        return min(shares)
    shares = {at: share for at, share in shares.items() if at not in menus} or shares
    likely = [at for at in shares if len(units[at].text) > MENU_CHARS or at == max(shares)]
    menu = max((at for at in menus if at < max(likely)), default=-1)
    likely = [at for at in likely if at > menu or len(units[at].text) > HEADER_CHARS] or likely
    best = max(likely, key=lambda at: shares[at])
    if any(unit.furniture and unit.furniture.opens for unit in units[: likely[-1]]):
        return best  # headlines of other articles stand above the title
    floor = min(TITLE_SHARED_RATIO, 0.6 * shares[best])
    own = next(at for at in likely if shares[at] >= floor)
    slogan = len(units[own].text) <= SLOGAN_CHARS and shares[own] < 0.6 * shares[best]
    return best if slogan else own


def _can_be_title(unit: Unit) -> bool:
    return (
        is_headline(unit.text)
        and not (unit.furniture or unit.dateline or is_date_line(unit, signed=True))
        and not is_list_item(unit.text)
        and not DOCUMENT_NUMBER.match(unit.text)
        and not read_byline(unit.text)
        and unit.text.casefold() not in known_names()
    )


def _opens_document(text: str) -> bool:
    """The head of an official document: its lines are content, though short and capital."""
    return role_of(text) in ("motto", "type")


_TELEPHONE = re.compile(
    r"(?:điện thoại|đt|hotline|đường dây nóng|tel|telephone|phone)\b", re.IGNORECASE
)
DOCUMENT_NUMBER = re.compile(r"[Ss]ố ?: ?\d+[\w/-]*/")  # "Số: 123/2024/NĐ-CP"


def _find_end(units: Sequence[Unit], anchors: Sequence[int], menus: frozenset[int]) -> int:
    """One past the last unit of the article.

    Paragraphs below a label that only stands below articles are teasers, each under its headline,
    or comments, if they are few and short and most of the article stands above.
    """
    cuts: list[tuple[int, float]] = []  # where the article may end, and how foreign the rest is
    remaining = set(anchors)
    total = sum(units[at].words for at in anchors)
    furniture = others = below = headed = unheaded = 0
    for at in range(len(units) - 1, anchors[0], -1):
        unit = units[at]
        if at in remaining:
            if unit.words > TEASER_WORDS:
                break
            above = units[at - 1]
            link = is_headline(above.text) and not (above.caption or above.furniture or above.prose)
            below, others = below + unit.words, others - 1
            headed, unheaded = headed + link, unheaded + (not link)
            continue
        others += 1
        if not unit.furniture and at not in menus:
            continue
        furniture += 1
        certain = below and not unheaded and units[at + 1].furniture is not None
        if not below or furniture < (2 if certain else 3) or others < 0 or below > 0.6 * total:
            continue
        if unheaded and not (unit.furniture and "/comment-" in unit.furniture.name):
            continue  # only readers write paragraphs without a headline
        if unit.furniture and unit.furniture.closes:
            cuts.append((at, 1.1 if certain else COMMENT_SHARED_RATIO))
        elif at in menus:
            cuts.append((at, COMMENT_SHARED_RATIO))
        elif unit.furniture and unit.furniture.opens and headed >= 2 and not unheaded:
            cuts.append((at, TEASER_SHARED_RATIO))
    for cut, ratio in (cuts[-1:] + cuts[:1]) if cuts else ():
        middle = bisect_left(anchors, cut)
        own = _vocabulary(units, anchors[:middle])
        shared = [shared_ratio(units[at].text, own) for at in anchors[middle:]]
        if sum(shared) < ratio * len(shared):
            return _extend_end(units, anchors[middle - 1] + 1)
    return _extend_end(units, anchors[-1] + 1)


def _extend_end(units: Sequence[Unit], end: int) -> int:
    """What below the last paragraph belongs to the article still.

    Buttons, or a telephone number, may stand there, and the article go on in whole sentences.
    """
    while True:
        end = _extend_over_lists(units, end)
        after = end
        while after < len(units) and _is_between(units[after]):
            after += 1
        if not (end < after < len(units) and _is_sentence(units[after])):
            return end
        end = after + 1


def _extend_over_lists(units: Sequence[Unit], end: int) -> int:
    """Short sentences, lists and captions right below the last paragraph belong to it."""
    at = end
    while at < len(units) and at <= end + 1:
        unit = units[at]
        if unit.furniture or is_date_line(unit) or read_signature(unit.text):
            break
        sentence = not is_headline(unit.text) or (at == end and ends_sentence(unit.text))
        listed = is_list_item(unit.text) or CELL_SEPARATOR in unit.text or unit.caption
        listed = listed or _heads_list(units, at)
        if sentence or (listed and at == end):
            end = at + 1
        at += 1
    return end


def _heads_list(units: Sequence[Unit], at: int) -> bool:
    """A short line over a list that is no menu: "Key dates", "- 5 August: the fair opens"."""
    below = units[at + 1 : at + 3]
    items = [unit for unit in below if not (unit.furniture or ends_with_date(unit.text))]
    short = units[at].words <= LIST_HEAD_WORDS and not units[at].text.isupper()
    return short and len(items) == 2 and all(is_list_item(unit.text) for unit in items)


def _is_between(unit: Unit) -> bool:
    """Furniture that stands inside articles too, and announces nothing."""
    name = unit.furniture.name.partition("/")[2] if unit.furniture else ""
    return name in ("share", "account", "text-controls", "view-count", "advert") or (
        name == "imprint" and _TELEPHONE.match(unit.text) is not None
    )


def _is_sentence(unit: Unit) -> bool:
    own = unit.furniture or unit.caption or unit.dateline or is_date_line(unit)
    return not own and unit.words >= MIN_SENTENCE_WORDS and ends_sentence(unit.text)


def _find_links(units: Sequence[Unit], end: int, vocabulary: frozenset[str]) -> int:
    """Where a list of links begins that no label stands above: lines foreign to the article."""
    if end and units[end - 1].text.endswith(":"):
        return len(units)  # a list that the article announces
    below = list(takewhile(lambda unit: not unit.furniture, units[end:]))
    signed = len(list(takewhile(_may_be_signed, below)))
    lines = [unit for unit in below[signed:] if is_headline(unit.text) and not unit.caption]
    furniture = sum(unit.furniture is not None for unit in units[end:])
    shared = [shared_ratio(unit.text, vocabulary) for unit in lines]
    listed = len(lines) >= 3 or furniture >= 2
    if lines and listed and sum(shared) < SHARED_RATIO * len(shared):
        return end + signed
    return len(units)


def _find_imprint(units: Sequence[Unit], end: int, vocabulary: frozenset[str]) -> int:
    """Where the site's own lines begin: labels with values, in a row to the page's end.

    Two at least, foreign to the article, behind furniture or links; a sentence may close them.
    """
    at = len(units)
    while at > end and units[at - 1].furniture:
        at -= 1
    if at - 1 > end and not is_headline(units[at - 1].text) and units[at - 1].words <= 30:
        at -= 1
    first, labelled = at, 0
    while first > end + 1 and (units[first - 1].furniture or _is_labelled(units[first - 1].text)):
        first -= 1
        labelled += not units[first].furniture
    shared = [shared_ratio(unit.text, vocabulary) for unit in units[first:]]
    behind = any(unit.furniture or is_date_line(unit) for unit in units[end:first])
    links = sum(is_headline(unit.text) and unit.words >= LINK_WORDS for unit in units[end:first])
    if labelled < 2 or not (behind or links > 1) or sum(shared) >= SHARED_RATIO * len(shared):
        return sys.maxsize
    return first


_LABEL = re.compile(r"[^\W\d][^:.!?]{1,40}: ?[^:]{1,100}[^:.!?;,]")  # "Trụ sở: 12 Lê Lợi, Huế"
_NUMBER = re.compile(r"(?:\d[ .\-/]?){5}")  # of a telephone, a licence, a counter


def _is_labelled(text: str) -> bool:
    if len(text) > 150 or not is_headline(text):
        return False
    return bool(_LABEL.fullmatch(text) or _NUMBER.search(text))


def _may_be_signed(unit: Unit) -> bool:
    """A name under the article, or what may be one."""
    if unit.caption or read_signature(unit.text):
        return True
    capitals = sum(word.strip("(")[:1].isupper() for word in unit.text.split())
    return unit.words <= 6 and not unit.text.isupper() and (capitals >= 2 or "(" in unit.text)


def _is_exclamation(unit: Unit) -> bool:
    """One question, exclamation or unfinished sentence: a headline as well as a paragraph."""
    text = unsigned(unit.text)
    return is_headline(text) and unit.words <= 30 and not has_inner_stop(text)


def shared_ratio(text: str, vocabulary: frozenset[str]) -> float:
    """The share of the line's words and pairs of words that the article has too."""
    phrases = phrases_of(text)
    return len(phrases & vocabulary) / max(len(phrases), 1)


def _vocabulary(units: Sequence[Unit], anchors: Sequence[int]) -> frozenset[str]:
    return frozenset(word for at in anchors for word in phrases_of(units[at].text))
