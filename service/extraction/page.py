"""A page's HTML to its article, in one process and with no limits of time."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from service.article import Article, Block, BlockKind, Removal
from service.errors import NoArticleFound
from service.extraction.blocks import make_blocks, strip_by
from service.extraction.dates import read_date
from service.extraction.furniture import find_furniture
from service.extraction.lines import Line, collapse, read_lines
from service.extraction.metadata import Metadata, read_metadata
from service.extraction.prescan import check_page
from service.extraction.selection import find_article, suffices
from service.extraction.titles import find_title
from service.extraction.tree import parse_page
from service.extraction.watermark import vote
from service.rules import load_sites
from service.text.dates import read_date_line
from service.text.framed import frame_blocks
from service.text.furniture import read_person

MIN_LETTER_SHARE = 0.3  # of the body's characters; tables of figures have about 0.4
# Bytes of a picture or an archive read as Latin-1 have 0.53 letters and 0.14 controls; UTF-8 in
# capitals read as Latin-1, which can be repaired, 0.65 and 0.11.
MIN_TEXT_SHARE, MAX_CONTROL_SHARE = 0.6, 0.1
MIN_DECLARED_CHARS = 200  # of an article that only the page's data hold, not its visible text
_CONTROL = re.compile("[\x80-\x9f\ufffd]")


def extract_page(html: str, keep: Collection[int] = ()) -> Article:
    """The article of a page, and each other visible line with the rule that took it out.

    The lines numbered in `keep` (from 1, as removals are) are put back as paragraphs.

    Raises `ArticleTooLong`, `HtmlTooComplex`, `NoArticleFound`. A page written to do harm may take
    minutes or all memory: `service.stages.extract.Extractor` runs this where it can kill it.
    """
    check_page(html)
    root = parse_page(html)
    metadata = read_metadata(root)
    lines, nodes = read_lines(root)
    selection = find_article(lines, vote(root, nodes, partial(suffices, lines)))
    if selection is None:
        return _declared_article(metadata, lines)
    title = find_title(lines, selection, metadata.declared)
    rules = find_furniture(lines, selection, title)
    rules = [None if i + 1 in keep else rule for i, rule in enumerate(rules)]
    blocks, removed = make_blocks(lines, selection, rules, title, keep)
    blocks = frame_blocks(blocks)
    titled = any(block.kind is BlockKind.TITLE for block in blocks)
    if not titled and metadata.declared:
        blocks.insert(0, Block(BlockKind.TITLE, metadata.declared[0]))
    return _article(blocks, removed, metadata)


def _article(blocks: list[Block], removed: list[Removal], metadata: Metadata) -> Article:
    _check_text(blocks)
    shown = [read_date(block.text) for block in blocks if block.kind is BlockKind.DATELINE]
    bylines = (strip_by(block.text) for block in blocks if block.kind is BlockKind.BYLINE)
    return Article(
        blocks=tuple(blocks),
        removed=tuple(removed),
        published=_published(metadata.published, next(filter(None, shown), None)),
        byline=metadata.byline or next(bylines, None) or next(_beside_dates(blocks), None),
    )


def _beside_dates(blocks: Sequence[Block]) -> Iterator[str]:
    """Who stands on one line with the date: "Hồng Vân 09/08/2025 08:15"."""
    sites = load_sites()
    for block in blocks:
        day = read_date_line(block.text) if block.kind is BlockKind.DATELINE else None
        if day is not None and day.rest.casefold() not in sites.places and not day.spelt:
            who = read_person(day.rest, sites.names | sites.agencies, sites.not_names)
            if who:
                yield who


def _published(declared: date | None, shown: date | None) -> date | None:
    """The declared date, unless the page shows the day before or after: another clock's midnight.

    >>> _published(date(2024, 3, 17), date(2024, 3, 18))
    datetime.date(2024, 3, 18)
    """
    if declared is None or (shown and abs(declared - shown) == timedelta(days=1)):
        return shown
    return declared


def _declared_article(metadata: Metadata, lines: Sequence[Line]) -> Article:
    """The article in the page's JSON-LD, where scripts would have written the visible text."""
    if len(metadata.body) < MIN_DECLARED_CHARS:
        raise NoArticleFound
    texts = filter(None, map(collapse, metadata.body.splitlines()))
    blocks = [Block(BlockKind.TITLE, title) for title in metadata.declared[:1]]
    blocks += [Block(BlockKind.PARAGRAPH, text) for text in texts]
    removed = [Removal(line.text, i + 1, "outside-article") for i, line in enumerate(lines)]
    return _article(blocks, removed, metadata)


def _check_text(blocks: Sequence[Block]) -> None:
    """Refuse what has no body, or a body that is no writing."""
    body = "".join(block.text for block in blocks if block.kind is not BlockKind.TITLE)
    body = "".join(body.split())
    letters = sum(map(str.isalpha, body))
    controls = len(_CONTROL.findall(body))
    is_binary = letters < MIN_TEXT_SHARE * len(body) and controls > MAX_CONTROL_SHARE * len(body)
    if not letters or letters < MIN_LETTER_SHARE * len(body) or is_binary:
        raise NoArticleFound
