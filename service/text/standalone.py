"""What a summary may be made of: which segments, and whether each can be read by itself."""

import re
from collections.abc import Sequence

from service.article import BlockKind, Segment
from service.rules.openings import leans_on_previous
from service.text.documents import find_frame
from service.text.lines import ends_sentence

# Running text is summarised; the rest only where an article has nothing better, in this order.
# Bylines and datelines tell nothing of the article.
_TIERS = (
    frozenset({BlockKind.LEAD, BlockKind.PARAGRAPH}),
    frozenset({BlockKind.LIST_ITEM}),
    frozenset({BlockKind.CAPTION}),
    frozenset({BlockKind.TABLE_ROW}),
    frozenset({BlockKind.TITLE, BlockKind.HEADING}),
)

_OF_DOCUMENTS = frozenset({BlockKind.LEAD, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})

MIN_WORDS = 4  # shorter "sentences" are names, labels and cries

_WORD = re.compile(r"\S*\w\S*")  # "1.500 tỷ – 2%" has three
_QUOTES = '“”„«»"'
_OPENS = {"“": 1, "„": 1, "«": 1}
_QUOTE_PAIRS = (('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"))


def tellable(segments: Sequence[Segment]) -> list[Segment]:
    """The segments of the best kind that the article has: running text, else lists, and so on.

    Of an official document, only its provisions: numbered or not, but no parts of a list.
    """
    if provisions := _provisions(segments):
        return provisions
    for kinds in _TIERS:
        pool = [s for s in segments if s.kind in kinds and has_words(s.text)]
        if pool:
            return pool
    return []


def _provisions(segments: Sequence[Segment]) -> list[Segment]:
    """What a document provides; none where the segments are no document's."""
    blocks: dict[int, list[str]] = {}
    for segment in segments:
        blocks.setdefault(segment.block, []).append(segment.text)
    frame = find_frame([" ".join(texts) for texts in blocks.values()])
    if frame is None:
        return []
    own = {block for at, block in enumerate(blocks) if at not in frame.parts}
    return [
        segment
        for segment in segments
        if segment.block in own
        and segment.kind in _OF_DOCUMENTS
        and not is_fragment(segment.text)
        and (segment.kind is not BlockKind.LIST_ITEM or ends_sentence(segment.text))
        and not segment.text.endswith((";", ","))
    ]


def with_context(pool: Sequence[Segment], index: int, limit: int) -> set[int]:
    """The sentence and those before it that it needs; more than `limit` where it needs too many."""
    first = index
    while first > 0 and index - first < limit and needs_previous(pool[first].text):
        first -= 1
    return set(range(first, index + 1))


def count_words(text: str) -> int:
    """Words as a newsroom counts them: pieces between spaces with a letter or digit.

    >>> count_words("Hà Nội chi 1.500 tỷ đồng – tăng 2%")
    8
    """
    return len(_WORD.findall(text))


def has_words(text: str) -> bool:
    """Whether there is any letter or digit.

    >>> has_words("– – –"), has_words("2%")
    (False, True)
    """
    return _WORD.search(text) is not None


def needs_previous(text: str) -> bool:
    """Whether a sentence points back, or is speech without a speaker.

    >>> needs_previous("Tuy nhiên, tiến độ còn chậm."), needs_previous("Hà Nội mưa to.")
    (True, False)
    """
    return leans_on_previous(text) or is_bare_quote(text)


def is_fragment(text: str) -> bool:
    """Whether a sentence is too short or announces what follows it.

    >>> is_fragment("Cụ thể như sau:"), is_fragment("Tỉnh Lào Cai khởi công cây cầu.")
    (True, False)
    """
    return count_words(text) < MIN_WORDS or text.rstrip(" \"'”").endswith((":", "..."))


def is_bare_quote(text: str) -> bool:
    """Whether a sentence is someone's words without saying whose, or a part of a quote.

    A quote that begins after its speaker is named may end in a later sentence.

    >>> is_bare_quote("“Chúng tôi rất mừng.”"), is_bare_quote("“Tốt”, ông Nam nói.")
    (True, False)
    >>> is_bare_quote("Chúng tôi sẽ cố gắng”."), is_bare_quote("Ông Nam nói: “Chúng tôi rất mừng.")
    (True, False)
    """
    bare = text.strip()
    if not bare:
        return False
    marks = [char for char in bare if char in _QUOTES]
    unpaired = sum(_OPENS.get(mark, -1) for mark in marks if mark != '"')
    straight = marks.count('"') % 2
    if unpaired < 0 or (straight and bare.rstrip(".!?…, ").endswith('"')):
        return True  # the end of a quote that began before
    if (unpaired > 0 or straight) and bare[0] in _QUOTES:
        return True  # the beginning of one that ends later, without its speaker
    ends = bare.rstrip(".!?…, ")
    return any(
        bare.startswith(opening)
        and ends.endswith(closing)
        and bare.find(closing, 1) >= len(ends) - 1
        for opening, closing in _QUOTE_PAIRS
    )
