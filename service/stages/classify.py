"""Pasted text in, typed blocks and an account of every line that was taken out.

The paragraphs tell where the article is; what is short and closed by no full stop around them is
judged by the rules of `service/rules`, by the label it stands under, and by its words. What is
doubtful stays.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.article import CELL_SEPARATOR, Article, Block, BlockKind, Removal
from service.rules import LineRule, Place, load_line_rules, load_sites
from service.text.datelines import split_dateline
from service.text.dates import DateLine, ends_with_date, read_date_line
from service.text.furniture import read_person, split_menu
from service.text.lines import (
    LONG_WORDS,
    Line,
    bare,
    count_words,
    ends_sentence,
    has_inner_stop,
    is_arrowed,
    is_headline,
    is_list_item,
    is_prose,
    is_section,
    phrases_of,
    split_captions,
    split_cells,
    split_lines,
)
from service.text.wrapping import join_wrapped

# All in words, chosen on the `develop` slice of `scripts/evaluate_intake.py`.
MENU_WORDS = 4  # what is shorter above the title is a menu item or the name of a section
LINK_WORDS = 6  # what is shorter between paragraphs, under a label, may be a heading
HEADING_WORDS = 14  # what is longer between paragraphs, without a full stop, is a caption
TEASER_WORDS = 90  # what is longer below the article stays, whatever stands above it
# Of the words and pairs of words of a line: one that shares more with the article belongs to it.
SHARED_RATIO = 0.33
TITLE_SHARED_RATIO = 0.3
TEASER_SHARED_RATIO, COMMENT_SHARED_RATIO = 0.22, 0.35  # the mean over the paragraphs in doubt
LEAD_WORDS = range(8, 91)
LONGEST_RULE_CHARS = 420  # longer lines are never furniture
OLDEST_YEAR = 1996  # no site was on line before
ROUNDS = 4  # the second look may find what the first one's removals laid open


def classify(text: str) -> Article:
    """Tell what each line of `text` is to the article; drop what belongs to the site.

    `text` is repaired: NFC, line ends as newlines, no control characters. Lines that a machine
    broke are joined by spaces; otherwise each block is one line, word for word.
    """
    units = [unit for line in join_wrapped(split_lines(text)) for unit in _look(line)]
    removed: list[Removal] = []
    published: list[tuple[int, date]] = []
    for _ in range(ROUNDS):
        judged = list(_judge(units))
        gone = [unit for unit in judged if unit.rule]
        removed += [Removal(text, at, u.rule) for u in gone for at, text in u.line.parts]
        published += [(u.rank, u.day.day) for u in judged if u.dates and u.day]
        units = [unit for unit in judged if not unit.rule]
        if not gone:
            break
    blocks = tuple(Block(unit.kind, _block_text(unit)) for unit in units)
    removed.sort(key=lambda removal: removal.line)
    return Article(
        blocks,
        tuple(removed),
        published=min(published)[1] if published else None,
        byline=next((unit.byline for unit in units if unit.byline), None),
    )


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

    @property
    def text(self) -> str:
        return self.line.text


def _look(line: Line) -> Iterator[Unit]:
    """One unit for a line, or two where a dateline stands at its head."""
    split = split_dateline(line.text, load_sites().agencies) if len(line.text) > 3 else None
    head, rest = split or ("", "")
    alone = not rest and (head.startswith("(") or head[-1:] in "-–—")
    if split and (alone or ends_sentence(rest) or is_prose(rest)):
        seen = _look_at(replace(line, text=head))
        yield replace(seen, dateline=True, prose=False, furniture=None)
        if rest:
            yield _look_at(replace(line, text=rest))
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
    return Unit(line, words, is_prose(text) and not caption, furniture, day, caption)


def _find_furniture(text: str) -> LineRule | None:
    """The rule for a line alone, or for every item of a menu that was copied as one line."""
    rules = load_line_rules("furniture")
    if (whole := rules.find(bare(text))) or ends_sentence(text):
        return whole
    items = split_menu(text)
    found = [rule for item in items if (rule := rules.find(item))]
    needed = len(items) if len(items) < 4 else 0.6 * len(items)
    brief = all(count_words(item) <= MENU_WORDS + 1 for item in items)
    row = len(items) > 1 and len(found) >= needed and brief
    if row or (len(items) == 1 and _is_run_of_items(text.split())):
        return replace(rules.rules[0], name="menu-row", place=Place.EDGE, opens=False, closes=False)
    return None


def _is_run_of_items(words: Sequence[str]) -> bool:
    """Whether the words are three menu items or more, one after the other."""
    if not MENU_WORDS <= len(words) <= LONG_WORDS:
        return False
    at = items = 0
    while at < len(words):
        sizes = range(min(5, len(words) - at), 0, -1)
        find = load_line_rules("furniture").find
        size = next((n for n in sizes if find(" ".join(words[at : at + n]))), 0)
        if not size:
            return False
        at, items = at + size, items + 1
    return items >= 3


def _is_double_caption(text: str) -> bool:
    """Two or three captions that a page printed as one line."""
    find = load_line_rules("captions").find
    sentences = split_captions(text)
    return 2 <= len(sentences) <= 3 and all(find(sentence) for sentence in sentences)


@dataclass(frozen=True, slots=True)
class Page:
    """Where the article lies among the units."""

    title: int | None
    start: int  # the first paragraph
    second: int  # the paragraph after it, or `start`
    end: int  # after the last paragraph
    vocabulary: frozenset[str]  # of its paragraphs
    furnished: bool  # something on the page certainly belongs to a site
    closed: bool  # something below the article certainly does

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


def _survey(units: Sequence[Unit]) -> Page:
    anchors = [at for at, unit in enumerate(units) if unit.prose and not unit.furniture]
    anchors = [at for at in anchors if not _is_exclamation(units[at])] or anchors
    if not anchors:  # an article of short sentences
        anchors = [
            at
            for at, unit in enumerate(units)
            if not unit.furniture and not unit.dateline and not is_headline(unit.text)
        ]
    furnished = any(unit.furniture for unit in units) or any(map(_is_date_line, units))
    vocabulary = _vocabulary(units, anchors)
    title = _find_title(units, anchors, vocabulary, furnished)
    if not anchors:
        start = 0 if title is None else title + 1
        return Page(title, start, start, len(units), vocabulary, furnished, closed=False)
    end = _find_end(units, anchors)
    closed = any(unit.furniture and unit.furniture.closes for unit in units[end:])
    second = anchors[1] if len(anchors) > 1 else anchors[0]
    return Page(title, anchors[0], second, end, vocabulary, furnished, closed)


def _find_title(
    units: Sequence[Unit], anchors: Sequence[int], vocabulary: frozenset[str], furnished: bool
) -> int | None:
    """The line above the paragraphs that shares most words with them; the first where unsure."""
    first = anchors[0] if anchors else len(units)
    shares: dict[int, float] = {}
    for at, unit in enumerate(units[:first]):
        long_item = is_list_item(unit.text) and unit.words > LINK_WORDS
        if is_section(unit.text) or _opens_document(unit.text) or unit.caption:
            break
        if long_item or CELL_SEPARATOR in unit.text:
            break
        if _can_be_title(unit):
            shares[at] = _shared(unit.text, vocabulary)
    if not shares or len(units) == 1:
        return None
    if not furnished:
        return min(shares)
    long = [at for at in shares if units[at].words > MENU_WORDS]
    floor = min(TITLE_SHARED_RATIO, 0.6 * max((shares[at] for at in long), default=0.0))
    own = [at for at in long if shares[at] >= floor]
    return own[0] if own else max(shares)


def _can_be_title(unit: Unit) -> bool:
    known = load_sites().names | load_sites().agencies
    return (
        is_headline(unit.text)
        and not (unit.furniture or unit.dateline or _is_date_line(unit))
        and not is_list_item(unit.text)
        and not _read_byline(unit.text)
        and unit.text.casefold() not in known
    )


def _is_exclamation(unit: Unit) -> bool:
    """One question, exclamation or unfinished sentence: a headline as well as a paragraph."""
    return is_headline(unit.text) and unit.words <= 30 and not has_inner_stop(unit.text)


def _shared(text: str, vocabulary: frozenset[str]) -> float:
    """The share of the line's words and pairs of words that the article has too."""
    phrases = phrases_of(text)
    return len(phrases & vocabulary) / max(len(phrases), 1)


def _find_end(units: Sequence[Unit], anchors: Sequence[int]) -> int:
    """One past the last unit of the article.

    Paragraphs below a label that only stands below articles are teasers or comments, if they are
    few and short, speak of other things, and most of the article stands above.
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
        if not unit.furniture:
            continue
        furniture += 1
        if not below or furniture < 3 or others < 0 or below > 0.6 * total:
            continue
        if unit.furniture.closes:
            certain = not unheaded and units[at + 1].furniture is not None
            cuts.append((at, 1.1 if certain else COMMENT_SHARED_RATIO))
        elif unit.furniture.opens and headed >= 2 and not unheaded:
            cuts.append((at, TEASER_SHARED_RATIO))
    for cut, ratio in (cuts[-1:] + cuts[:1]) if cuts else ():
        middle = bisect_left(anchors, cut)
        own = _vocabulary(units, anchors[:middle])
        shared = [_shared(units[at].text, own) for at in anchors[middle:]]
        if sum(shared) < ratio * len(shared):
            return _extend_end(units, anchors[middle - 1] + 1)
    return _extend_end(units, anchors[-1] + 1)


def _vocabulary(units: Sequence[Unit], anchors: Sequence[int]) -> frozenset[str]:
    return frozenset(word for at in anchors for word in phrases_of(units[at].text))


def _extend_end(units: Sequence[Unit], end: int) -> int:
    """Short sentences, lists and captions right below the last paragraph belong to it."""
    at = end
    while at < len(units) and at <= end + 1:
        unit = units[at]
        if unit.furniture or _is_date_line(unit) or _signature(unit.text):
            break
        sentence = not is_headline(unit.text) or (at == end and ends_sentence(unit.text))
        listed = is_list_item(unit.text) or CELL_SEPARATOR in unit.text or unit.caption
        if sentence or (listed and at == end):
            end = at + 1
        at += 1
    return end


def _judge(units: Sequence[Unit]) -> Iterator[Unit]:
    """Each unit with its kind, or with the rule that removes it."""
    page = _survey(units)
    under = ""  # the label that the unit stands under
    led = False
    for at, unit in enumerate(units):
        before = units[at - 1] if at else None
        if at == page.title:
            yield replace(unit, kind=BlockKind.TITLE)
            continue
        if unit.furniture and page.allows(unit.furniture, at):
            if unit.furniture.opens or at >= page.end:
                under = unit.furniture.name
            yield replace(unit, rule=unit.furniture.name)
            continue
        judged = _judge_date(unit, at, page)
        if not judged and (rule := _reason_to_drop(unit, at, page, under)):
            judged = replace(unit, rule=rule)
        if judged:
            yield judged
            continue
        if page.start <= at < page.end:
            under = ""
        if signed := _judge_byline(unit, at, page, under):
            yield signed
            continue
        kind = _kind(units, at, page)
        if kind is BlockKind.PARAGRAPH and not led and _is_lead(units, at, page, before):
            kind = BlockKind.LEAD
        led = led or kind in (BlockKind.LEAD, BlockKind.PARAGRAPH)
        yield replace(unit, kind=kind)


def _known() -> frozenset[str]:
    return load_sites().names | load_sites().agencies


def _is_date_line(unit: Unit) -> bool:
    if unit.day is None or unit.day.day.year < OLDEST_YEAR:
        return False
    return all(_is_site(part) for part in split_menu(unit.day.rest))


def _judge_date(unit: Unit, at: int, page: Page) -> Unit | None:
    """What a line about a date is: the site's, a document's, or the author's."""
    day = unit.day
    inside = page.second <= at < page.end if page.second > page.start else page.start <= at < page.end
    if day is None or day.day.year < OLDEST_YEAR or inside:
        return None
    rank = 3 if at >= page.end else 1 if page.title is not None and at < page.title else 0
    parts = [part for part in split_menu(day.rest) if part]
    if day.spelt and parts and all(part.casefold() in load_sites().places for part in parts):
        return replace(unit, kind=BlockKind.DATELINE, dates=True, rank=rank)
    people = [who for part in parts if (who := _signature(part))]
    if all(_is_site(part) for part in parts):
        return replace(unit, rule="date-line", dates=True, rank=rank)
    if people and all(_is_site(part) or _signature(part) for part in parts):
        return replace(unit, kind=BlockKind.BYLINE, byline=people[0], dates=True, rank=rank)
    return None


def _is_site(text: str) -> bool:
    """A site's name, perhaps printed twice, or a section of it."""
    half = text[: len(text) // 2].strip()
    if half and text in (half * 2, f"{half} {half}"):
        return True
    name = text.casefold()
    return name in _known() or name in load_sites().places or _find_furniture(text) is not None


def _signature(text: str) -> str | None:
    """Who signed, where the line is a byline or nothing but names."""
    who = _read_byline(text)
    if who or text.casefold() in load_sites().places:
        return who
    family = text.split()[0].casefold() in load_sites().family_names
    who = read_person(text, _known(), frozenset() if family else load_sites().not_names)
    return who or (text if text.casefold() in load_sites().agencies else None)


def _read_byline(text: str) -> str | None:
    rule = load_line_rules("bylines").find(text) if len(text) <= 90 else None
    match = rule.line.fullmatch(text) if rule else None
    return match["who"].strip() if match else None


def _judge_byline(unit: Unit, at: int, page: Page, under: str) -> Unit | None:
    if unit.caption:
        return None
    below, above = at >= page.end, (page.title or 0) < at < page.second
    who = _read_byline(unit.text) if below or above else None
    if not who and below and not under:
        who = _signature(unit.text)
    if not who and above and unit.text.split()[0].casefold() in load_sites().family_names:
        who = _signature(unit.text)
    return replace(unit, kind=BlockKind.BYLINE, byline=who) if who else None


def _reason_to_drop(unit: Unit, at: int, page: Page, under: str) -> str:
    """The rule that takes a line no word list knows; empty where it stays."""
    text, words = unit.text, unit.words
    linky = is_headline(text) and not unit.caption and not unit.dateline
    if page.title is not None and at < page.title:
        return "menu-line" if words <= MENU_WORDS else "line-above-title"
    if at < page.start:
        if text.casefold() in _known():
            return "site-name"
        return f"listed-under:{under}" if under and linky and words >= LINK_WORDS else ""
    if is_arrowed(text) and linky:
        return "arrowed-link"
    if at < page.end:
        plain = linky and not (unit.prose or is_section(text) or is_list_item(text))
        foreign = _shared(text, page.vocabulary) < SHARED_RATIO
        if under and plain and words >= LINK_WORDS and foreign and CELL_SEPARATOR not in text:
            return f"listed-under:{under}"
        return ""
    if linky and words >= MENU_WORDS and ends_with_date(text):
        return "dated-link"
    if under and page.closed and unit.words <= TEASER_WORDS and not _read_byline(text):
        return f"listed-under:{under}"
    if under and linky and not _signature(text):
        return f"listed-under:{under}"
    return ""


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
    return (
        page.title is not None
        and page.title < at <= page.start
        and units[at].words in LEAD_WORDS
        and page.second > page.start
        and not local
    )


def _opens_document(text: str) -> bool:
    """The head of an official document: its lines are content, though short and capital."""
    return text.casefold().startswith(_DOCUMENT_HEADS) or text in _DOCUMENT_TYPES


_DOCUMENT_HEADS = ("cộng hòa xã hội chủ nghĩa", "cộng hoà xã hội chủ nghĩa", "độc lập - tự do")
_DOCUMENT_TYPES = frozenset(
    ("LUẬT", "NGHỊ ĐỊNH", "NGHỊ QUYẾT", "QUYẾT ĐỊNH", "THÔNG TƯ", "CHỈ THỊ", "THÔNG BÁO", "KẾ HOẠCH")
)


def _block_text(unit: Unit) -> str:
    cells = split_cells(unit.text)
    return CELL_SEPARATOR.join(cells)
