"""Put back: a line that was wrongly removed comes into the article, which is translated anew."""

from dataclasses import replace
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from service.article import Article
from service.http.review.article import Item
from service.http.review.context import AnyCaller, Form, PageRoute, Reviews
from service.http.review.translating import new_item, request_again, translate
from service.intake import ArticleRequest, read_article
from service.review.putting_back import with_line
from service.review.sheet import follow_segments, read_sheet
from service.store.review_values import Role

MAX_LINE = 10**7

router = APIRouter(include_in_schema=False, route_class=PageRoute, prefix="/review/articles")


@router.post("/{item_id}/put-back")
async def put_back(
    request: Request, caller: AnyCaller, opened: Item, reviews: Reviews, form: Form
) -> Response:
    """Corrections stay with their sentences; votes on the whole article stay as they are."""
    caller.must_be(Role.REVIEWER)
    item_id = opened.item.id
    raw = await run_in_threadpool(reviews.raw, item_id)
    line = form.number("line", 0, MAX_LINE)
    asked = request_again(raw)
    options = dict(raw.options)
    if raw.text is None and raw.html is None:  # brought in from a job: only the outcome is known
        outputs = await run_in_threadpool(reviews.outputs, item_id)
        article = with_line(outputs[0][1], line)
    else:
        options["kept"] = sorted({*options.get("kept", ()), line})
        article = await run_in_threadpool(_read_again, request, asked, options["kept"])
    stand_in = replace(asked, text=None, html="the article is read already")
    result = await translate(request, stand_in, article=article)
    anew = replace(new_item(asked, result, ""), options=options)
    segments = follow_segments(opened.sheet.rows, read_sheet(anew.outputs).rows)
    await run_in_threadpool(reviews.replace, item_id, anew, segments)
    return RedirectResponse(f"/review/articles/{item_id}#rows", status_code=303)


def _read_again(request: Request, asked: ArticleRequest, kept: list[int]) -> Article:
    """The article with the lines of these numbers in it."""
    pipeline = request.app.state.pipeline
    extract = partial(pipeline.extract, keep=kept)
    return read_article(asked, extract, pipeline.max_article_chars, kept)
