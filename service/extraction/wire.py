"""How an article travels between the process that reads pages and the one that serves them.

JSON, not pickle: the reading process has seen hostile input.
"""

import json
from datetime import date

from service.article import Article, Block, BlockKind, Removal
from service.errors import ArticleError, ArticleTooLong, HtmlTooComplex, NoArticleFound


def write_article(article: Article) -> bytes:
    """An article as JSON."""
    value = {
        "blocks": [[block.kind, block.text] for block in article.blocks],
        "removed": [[gone.text, gone.line, gone.rule] for gone in article.removed],
        "published": article.published and article.published.isoformat(),
        "byline": article.byline,
    }
    return json.dumps(value, ensure_ascii=False).encode()


def write_error(error: ArticleError) -> bytes:
    """An error as JSON."""
    if isinstance(error, ArticleTooLong):
        return json.dumps({"error": error.slug, "size": error.size, "limit": error.limit}).encode()
    return json.dumps({"error": error.slug, "message": str(error)}).encode()


def read_answer(answer: bytes) -> Article:
    """The article that an answer holds; raises the error where it holds one.

    >>> read_answer(write_error(NoArticleFound()))
    Traceback (most recent call last):
    service.errors.NoArticleFound: No article was found in the page. Send the article's own page, \
or paste its text.
    """
    value = json.loads(answer)
    if slug := value.get("error"):
        if slug == ArticleTooLong.slug:
            raise ArticleTooLong(value["size"], value["limit"], "bytes of HTML")
        if slug == NoArticleFound.slug:
            raise NoArticleFound
        raise HtmlTooComplex(value["message"])
    published = value["published"]
    return Article(
        blocks=tuple(Block(BlockKind(kind), text) for kind, text in value["blocks"]),
        removed=tuple(Removal(text, line, rule) for text, line, rule in value["removed"]),
        published=date.fromisoformat(published) if published else None,
        byline=value["byline"],
    )
