"""The raw input to an article: repaired characters, typed blocks, and what was taken out."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.article import Article, Block, BlockKind, Language, Removal
from service.errors import ArticleEmpty, ArticleNotText, ArticleTooLong
from service.memory import Memory
from service.rules import load_sites
from service.stages.classify import classify
from service.stages.clean import clean, clean_blocks
from service.stages.spell_names import NameStyle
from service.terms import TermList
from service.text.datelines import split_dateline
from service.text.dates import find_date

Extract = Callable[[str], Article]

# A text of which more than this share are control or replacement characters is binary data read as
# text; the share in the real pages at hand is 0.
MAX_JUNK_SHARE = 0.05
MAX_MODELS = 4  # compared in one request
_JUNK = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRequest:
    """One raw article and what is wanted of it; exactly one of `text` and `html` is given."""

    text: str | None = None
    html: str | None = None
    source_language: Language | None = None  # None: detected
    target_language: Language | None = None  # None: the other language
    summary_sentences: int = 3
    summary_words: int | None = None  # at most so many words in all; None: no limit
    summary_title: bool = False  # begin the summary with the title, to be read by itself
    summary_model: str | None = None  # id of a model to write it, or "auto"; None: chosen sentences
    repair: bool = True  # climb the repair ladder for segments with findings
    glossary: TermList | None = None  # the user's terms, before the built-in ones
    models: tuple[str, ...] = ()  # ids of models to translate with; none: the service's own
    memory: bool = False  # segments translated before are used again, and these remembered
    first: Memory | None = None  # in place of that memory: the article this is nearly a copy of
    names: NameStyle = NameStyle.KEEP  # how Vietnamese names are written in English


def read_article(
    request: ArticleRequest, extract: Extract, max_chars: int, keep: Collection[int] = ()
) -> Article:
    """The article in the request.

    `keep` numbers the lines of pasted text that are put back as paragraphs; for HTML, bind them to
    `extract`: `partial(extractor.extract, keep=keep)`.

    Raises ArticleEmpty, ArticleTooLong, ArticleNotText, and what `extract` raises.
    """
    raw = request.html if request.html is not None else (request.text or "")
    if not raw.strip():
        raise ArticleEmpty
    if request.html is not None:
        article = _repair(extract(raw))
    else:
        if len(raw) > max_chars:
            raise ArticleTooLong(len(raw), max_chars)
        _refuse_binary(raw)
        text, repairs = clean(raw)
        article = replace(classify(text, keep), repairs=repairs)
    size = sum(len(block.text) for block in article.blocks)
    if size > max_chars:
        raise ArticleTooLong(size, max_chars)
    if not any(_LETTER.search(block.text) for block in article.blocks):
        raise ArticleEmpty
    return article


def _refuse_binary(text: str) -> None:
    if len(_JUNK.findall(text)) > MAX_JUNK_SHARE * len(text):
        message = "The article looks like binary data. Send its text in UTF-8, or its HTML."
        raise ArticleNotText(message)


def _repair(article: Article) -> Article:
    """An extracted page with the characters of its blocks, removals and byline repaired.

    The blocks go together, since a short heading alone says too little of its encoding.
    """
    texts, repairs = clean_blocks([block.text for block in article.blocks])
    blocks = [Block(b.kind, text) for b, text in zip(article.blocks, texts, strict=True) if text]
    blocks = [part for block in blocks for part in _without_dateline(block)]
    others, _ = clean_blocks([*(r.text for r in article.removed), article.byline or ""])
    removed = [
        Removal(text, r.line, r.rule) for r, text in zip(article.removed, others, strict=False)
    ]
    published = article.published or _date_of_dateline(blocks)
    return Article(tuple(blocks), tuple(removed), repairs, published, others[-1] or None)


def _date_of_dateline(blocks: Sequence[Block]) -> date | None:
    """The day in the first dateline, where it has a year: "Hanoi, March 18, 2024 –"."""
    first = next((block.text for block in blocks if block.kind is BlockKind.DATELINE), "")
    return find_date(first)


def _without_dateline(block: Block) -> list[Block]:
    """The block; or, where a dateline stands at the head of a paragraph, the dateline before it."""
    if block.kind not in (BlockKind.LEAD, BlockKind.PARAGRAPH):
        return [block]
    split = split_dateline(block.text, load_sites().agencies)
    if split is None or not split[1]:
        return [block]
    return [Block(BlockKind.DATELINE, split[0]), Block(block.kind, split[1])]
