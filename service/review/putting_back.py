"""A removed line put back into an article of which only the Result is known."""

import json
from datetime import date

from service.article import Article, Block, BlockKind, Removal, Repair
from service.errors import ReviewItemNotFound


def with_line(result: str, line: int) -> Article:
    """The article of a Result (JSON) with the removed line of this number as its last paragraph.

    Where the line stood is not told. Raises ReviewItemNotFound for an unknown line.
    """
    told = json.loads(result)
    removed = [Removal(one["text"], one["line"], one["rule"]) for one in told["removed"]]
    wanted = next((one for one in removed if one.line == line), None)
    if wanted is None:
        raise ReviewItemNotFound
    blocks = [Block(BlockKind(one["kind"]), one["source"]) for one in told["blocks"]]
    published = told.get("published")
    return Article(
        blocks=(*blocks, Block(BlockKind.PARAGRAPH, wanted.text)),
        removed=tuple(one for one in removed if one is not wanted),
        repairs=tuple(Repair(one["rule"], one["count"]) for one in told["repairs"]),
        published=date.fromisoformat(published) if published else None,
        byline=told.get("byline"),
    )
