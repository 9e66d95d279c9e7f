"""A removed line put back into its article, at the place where it stood."""

import json
from datetime import date

from service.article import Article, Block, BlockKind, Removal, Repair
from service.errors import ReviewItemNotFound
from service.stages.clean import clean

# So much of a line's beginning tells which block it became.
HEAD_CHARS = 40


def with_line(result: str, raw: str | None, line: int) -> Article:
    """The article of a Result (JSON) with one more paragraph: the removed line of this number.

    `raw` is the pasted text, which says where the line stood; without it, or where that cannot be
    told, the line becomes the last paragraph. Raises ReviewItemNotFound for an unknown line.
    """
    told = json.loads(result)
    removed = [Removal(one["text"], one["line"], one["rule"]) for one in told["removed"]]
    wanted = next((one for one in removed if one.line == line), None)
    if wanted is None:
        raise ReviewItemNotFound
    blocks = [Block(BlockKind(one["kind"]), one["source"]) for one in told["blocks"]]
    place = _place([block.text for block in blocks], raw, line)
    blocks.insert(place, Block(BlockKind.PARAGRAPH, wanted.text))
    published = told.get("published")
    return Article(
        blocks=tuple(blocks),
        removed=tuple(one for one in removed if one is not wanted),
        repairs=tuple(Repair(one["rule"], one["count"]) for one in told["repairs"]),
        published=date.fromisoformat(published) if published else None,
        byline=told.get("byline"),
    )


def _place(blocks: list[str], raw: str | None, line: int) -> int:
    """Before the block that the first kept line after it became.

    >>> _place(["Một hai.", "Ba."], "Một hai.\\nBình luận\\nBa.", 2)
    1
    """
    if raw is None:
        return len(blocks)
    for text in clean(raw)[0].splitlines()[line:]:
        head = text.strip()[:HEAD_CHARS]
        if not head:
            continue
        for number, block in enumerate(blocks):
            if block.startswith(head):
                return number
    return len(blocks)
