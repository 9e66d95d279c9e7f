"""Put back: a line that was wrongly removed comes into the article, which is translated anew."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from service.http.review.article import Item
from service.http.review.context import AnyCaller, Form, PageRoute, Reviews
from service.http.review.translating import new_item, request_again, translate
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
    outputs = await run_in_threadpool(reviews.outputs, item_id)
    article = with_line(outputs[0][1], raw.text, form.number("line", 0, MAX_LINE))
    asked = replace(request_again(raw), text=None, html=raw.html or raw.text or " article ")
    result = await translate(request, asked, article=article)
    anew = new_item(replace(asked, text=raw.text, html=raw.html), result, "")
    anew = replace(anew, options=dict(raw.options))
    segments = follow_segments(opened.sheet.rows, read_sheet(anew.outputs).rows)
    await run_in_threadpool(reviews.replace, item_id, anew, segments)
    return RedirectResponse(f"/review/articles/{item_id}#rows", status_code=303)
