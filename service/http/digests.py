"""`/v1/digests`: several articles in, one summary of them all out."""

import asyncio
import time
from functools import partial
from typing import Self

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field, model_validator

from service.digest import (
    MAX_ARTICLES,
    DigestOptions,
    DigestResult,
    Outcome,
    digest_outcomes,
    without_summary,
)
from service.errors import ArticleError
from service.http.abandonment import run_while_wanted
from service.http.problems import ARTICLE_PROBLEMS
from service.http.schemas import EXAMPLE_TEXT, ArticleIn, Body, LanguageChoice, UnicodeText
from service.intake import ArticleRequest
from service.pipeline import Pipeline

router = APIRouter(prefix="/v1/digests", tags=["digests"])


class DigestArticleIn(Body):
    """One raw article of a digest, as pasted text or as a page's HTML."""

    name: UnicodeText | None = Field(
        default=None, max_length=200, description="comes back in the answer"
    )
    text: UnicodeText | None = Field(default=None, description="the page as pasted")
    html: UnicodeText | None = Field(default=None, description="the page's HTML")
    source_language: LanguageChoice = Field(default="auto", description="`auto` detects it")

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        self._article()
        return self

    def _article(self) -> ArticleIn:
        return ArticleIn(text=self.text, html=self.html, source_language=self.source_language)

    def to_request(self) -> ArticleRequest:
        return without_summary(self._article().to_request())


class DigestIn(Body):
    """Articles on one event, or of one day."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [{"articles": [{"name": "15-3.txt", "text": EXAMPLE_TEXT}], "sentences": 2}]
        },
    )

    articles: list[DigestArticleIn] = Field(min_length=1, max_length=MAX_ARTICLES)
    sentences: int = Field(default=5, ge=1, le=50, description="at most")
    words: int | None = Field(
        default=None, ge=1, le=5000, description="at most so many in all; sentences stay whole"
    )


@router.post("", responses=ARTICLE_PROBLEMS)
async def make_digest(body: DigestIn, request: Request) -> DigestResult:
    """Summarise several articles at once, each sentence in both languages with its sources.

    The articles may be in either language. One that cannot be used is reported under `articles`;
    the digest fails only where none can be used.
    """
    pipeline: Pipeline = request.app.state.pipeline
    started = time.perf_counter()
    outcomes: list[Outcome] = []
    async with request.app.state.admission.slot():
        for article in body.articles:
            deadline = time.monotonic() + request.app.state.article_timeout_s
            try:
                outcomes.append(
                    await run_while_wanted(
                        pipeline, article.to_request(), request, deadline=deadline
                    )
                )
            except ArticleError as error:
                outcomes.append(error)
        choose = partial(
            digest_outcomes,
            outcomes,
            pipeline.ranker,
            DigestOptions(body.sentences, body.words),
            names=[article.name for article in body.articles],
            started=started,
        )
        return await asyncio.to_thread(choose)
