"""A page's HTML to its article, in one process and with no limits of time."""

from service.article import Article, Block, BlockKind
from service.errors import NoArticleFound
from service.extraction.blocks import make_blocks, strip_by
from service.extraction.dates import read_date
from service.extraction.furniture import find_furniture
from service.extraction.lines import read_lines
from service.extraction.metadata import read_metadata
from service.extraction.prescan import check_page
from service.extraction.selection import find_article
from service.extraction.titles import find_title
from service.extraction.tree import parse_page
from service.extraction.watermark import vote

MIN_LETTER_SHARE = 0.5  # of the article's characters; binary data and key codes have fewer


def extract_page(html: str) -> Article:
    """The article of a page, and each other visible line with the rule that took it out.

    Raises `ArticleTooLong`, `HtmlTooComplex`, `NoArticleFound`. A page written to do harm may take
    minutes or all memory: `service.stages.extract.Extractor` runs this where it can kill it.
    """
    check_page(html)
    root = parse_page(html)
    metadata = read_metadata(root)
    lines, nodes = read_lines(root)
    selection = find_article(lines, vote(root, nodes))
    if selection is None:
        raise NoArticleFound
    title = find_title(lines, selection, metadata.declared)
    rules = find_furniture(lines, selection, title)
    blocks, removed = make_blocks(lines, selection, rules, title)
    if title is None and (declared := next(iter(metadata.declared), None)):
        blocks.insert(0, Block(BlockKind.TITLE, declared))
    _check_text(blocks)
    dates = (read_date(block.text) for block in blocks if block.kind is BlockKind.DATELINE)
    bylines = (strip_by(b.text) for b in blocks if b.kind is BlockKind.BYLINE)
    return Article(
        blocks=tuple(blocks),
        removed=tuple(removed),
        published=metadata.published or next(filter(None, dates), None),
        byline=metadata.byline or next(bylines, None),
    )


def _check_text(blocks: list[Block]) -> None:
    """Refuse what has no body, or a body that is no writing."""
    body = "".join(block.text for block in blocks if block.kind is not BlockKind.TITLE)
    letters = sum(map(str.isalpha, body))
    if not letters or letters < MIN_LETTER_SHARE * len("".join(body.split())):
        raise NoArticleFound
