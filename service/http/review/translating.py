"""From a raw article to the outputs that are compared."""

import asyncio
import time
from dataclasses import replace
from typing import Any

from fastapi import Request

from service.article import Article, Language
from service.errors import ArticleNotText, GlossaryOtherDirection, LanguageNotSupported
from service.http.abandonment import run_while_wanted
from service.http.review.context import Fields
from service.intake import ArticleRequest
from service.result import Result
from service.review.outputs import MAX_OUTPUTS, split_outputs
from service.review.sheet import read_sheet
from service.review.terms import term_list
from service.serving import PooledModels
from service.store.glossaries import GlossaryStore
from service.store.review_values import NewReviewItem, RawArticle
from service.terms import TermList

_PAGE_MARKS = ("<!doctype html", "<html", "<?xml")


def request_of(fields: Fields) -> ArticleRequest:
    """What the paste form asks for: the file where one was chosen, else the pasted text."""
    raw = _decoded(fields.file) if fields.file is not None else fields.get("raw")
    # A browser sends line ends of forms as CR LF (HTML 4.10.21.4).
    raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    html = looks_like_html(raw)
    models = fields.all("model")[:MAX_OUTPUTS]
    return ArticleRequest(
        text=None if html else raw,
        html=raw if html else None,
        source_language=_language(fields.get("source", "auto")),
        target_language=_language(fields.get("target", "auto")),
        summary_sentences=fields.number("sentences", 0, 20),
        models=models,
        # Remembered sentences would be alike in all outputs that are to be compared.
        memory=len(models) < 2,
    )


def looks_like_html(raw: str) -> bool:
    """Whether pasted text is a page's HTML.

    >>> looks_like_html("<html><body>Tin</body></html>"), looks_like_html("a < b")
    (True, False)
    """
    head = raw[:5000].lower()
    return head.lstrip().startswith(_PAGE_MARKS) or "<body" in head


def _decoded(file: bytes) -> str:
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "The file is not UTF-8 text. Convert it first, for example with iconv."
        raise ArticleNotText(message) from error


def _language(code: str) -> Language | None:
    return Language(code) if code in ("vi", "en") else None


async def translate(
    request: Request, asked_for: ArticleRequest, *, article: Article | None = None
) -> Result:
    """The answer of every model asked for, under the terms that reviewers taught.

    `article` stands in the place of what would be read from the request, which is then HTML.
    """
    deadline = time.monotonic() + request.app.state.article_timeout_s
    async with request.app.state.admission.slot():
        pipeline = request.app.state.pipeline
        if article is not None:
            pipeline = replace(pipeline, extract=lambda _html: article)
        for terms in await asyncio.to_thread(_taught, request, asked_for.source_language):
            asked = replace(asked_for, glossary=terms)
            try:
                return await run_while_wanted(pipeline, asked, request, deadline=deadline)
            except GlossaryOtherDirection:
                continue  # the article turned out to be in the other language
    raise LanguageNotSupported("?")  # cannot be: an article is in one of the two languages


def _taught(request: Request, source: Language | None) -> list[TermList | None]:
    """The reviewers' terms to try, by source language; None, which always fits, comes last."""
    glossaries = GlossaryStore(request.app.state.store)
    wanted = [source] if source is not None else list(Language)
    return [*filter(None, (term_list(glossaries, language) for language in wanted)), None]


def known_models(request: Request) -> list[str]:
    """Ids of the models that can be compared, the service's own first."""
    pipeline = request.app.state.pipeline
    models = pipeline.models if pipeline is not None else None
    if not isinstance(models, PooledModels):
        return []
    own = {t.model_id.partition("@")[0] for t in pipeline.translators.values()}
    return sorted(models.known(), key=lambda model: (model not in own, model))


def new_item(article: ArticleRequest, result: Result, created_by: str) -> NewReviewItem:
    """What the store keeps of an article that was pasted."""
    return item_of(
        result.model_dump_json(),
        text=article.text,
        html=article.html,
        options={
            "source": article.source_language.value if article.source_language else "auto",
            "target": article.target_language.value if article.target_language else "auto",
            "sentences": article.summary_sentences,
            "models": list(article.models),
        },
        created_by=created_by,
    )


def item_of(*results: str, **values: Any) -> NewReviewItem:  # noqa: ANN401 - fields of the item
    """An item with the outputs of all these Results, each with its alternatives."""
    outputs = tuple(own for result in results for own in split_outputs(result))[:MAX_OUTPUTS]
    sheet = read_sheet(outputs)
    return NewReviewItem(
        outputs=outputs,
        title=sheet.title[:300],
        source_language=sheet.source_language,
        target_language=sheet.target_language,
        segments=len(sheet.rows),
        flagged=sheet.flagged,
        **values,
    )


def request_again(raw: RawArticle) -> ArticleRequest:
    """What an item was made from, to be made anew."""
    options = raw.options
    asked = ArticleRequest(
        text=raw.text,
        html=raw.html,
        source_language=_language(options.get("source", "auto")),
        target_language=_language(options.get("target", "auto")),
    )
    models = tuple(options.get("models", ()))
    sentences = int(options.get("sentences", 3))
    return replace(asked, summary_sentences=sentences, models=models, memory=len(models) < 2)
