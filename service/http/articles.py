"""`/v1/articles`: one article in, one answer out."""

import time

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from service.http.abandonment import run_while_wanted
from service.http.problems import ARTICLE_PROBLEMS
from service.http.schemas import ArticleIn, GlossaryIn
from service.pipeline import Pipeline
from service.result import Result
from service.store.glossaries import GlossaryStore
from service.terms import TermList

router = APIRouter(prefix="/v1/articles", tags=["articles"])


@router.post("", responses=ARTICLE_PROBLEMS)
async def translate_article(body: ArticleIn, request: Request) -> Result:
    """Clean, translate, check and summarise one article."""
    pipeline: Pipeline = request.app.state.pipeline
    deadline = time.monotonic() + request.app.state.article_timeout_s
    article = body.to_request(await _stored_terms(body.glossary, request))
    async with request.app.state.admission.slot():
        return await run_while_wanted(pipeline, article, request, deadline=deadline)


async def _stored_terms(asked: GlossaryIn | None, request: Request) -> TermList | None:
    if asked is None or asked.id is None:
        return None
    store = GlossaryStore(request.app.state.store)
    return (await run_in_threadpool(store.get, asked.id, asked.version)).terms
