"""`/v1/articles`: one article in, one answer out."""

import time

from fastapi import APIRouter, Request

from service.http.abandonment import run_while_wanted
from service.http.problems import ARTICLE_PROBLEMS
from service.http.schemas import ArticleIn
from service.pipeline import Pipeline
from service.result import Result

router = APIRouter(prefix="/v1/articles", tags=["articles"])


@router.post("", responses=ARTICLE_PROBLEMS)
async def translate_article(body: ArticleIn, request: Request) -> Result:
    """Clean, translate, check and summarise one article."""
    pipeline: Pipeline = request.app.state.pipeline
    deadline = time.monotonic() + request.app.state.article_timeout_s
    async with request.app.state.admission.slot():
        return await run_while_wanted(pipeline, body.to_request(), request, deadline=deadline)
