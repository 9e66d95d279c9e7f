"""A page's HTML to its article, in one process and with no limits of time."""

from service.article import Article, BlockKind
from service.errors import NoArticleFound
from service.extraction.blocks import make_blocks
from service.extraction.dates import read_date
from service.extraction.lines import read_lines
from service.extraction.metadata import read_metadata
from service.extraction.prescan import check_page
from service.extraction.selection import select_lines
from service.extraction.tree import parse_page
from service.extraction.watermark import vote


def extract_page(html: str) -> Article:
    """The article of a page, and each other visible line with the rule that took it out.

    Raises `ArticleTooLong`, `HtmlTooComplex`, `NoArticleFound`. A page written to do harm may take
    minutes or all memory: `service.stages.extract.Extractor` runs this where it can kill it.
    """
    check_page(html)
    root = parse_page(html)
    metadata = read_metadata(root)
    lines, nodes = read_lines(root)
    selection = select_lines(lines, vote(root, nodes))
    if selection is None:
        raise NoArticleFound
    blocks, removed = make_blocks(lines, selection, metadata)
    if not any(block.kind is not BlockKind.TITLE for block in blocks):
        raise NoArticleFound
    visible = (read_date(b.text) for b in blocks if b.kind is BlockKind.DATELINE)
    by = next((b.text for b in blocks if b.kind is BlockKind.BYLINE), None)
    return Article(
        blocks=tuple(blocks),
        removed=tuple(removed),
        published=metadata.published or next((found for found in visible if found), None),
        byline=metadata.byline or by,
    )
