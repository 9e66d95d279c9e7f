"""Reviewed articles as files: one article, or all that were corrected or approved."""

import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from service.archive.writers.word import to_docx
from service.errors import ReviewNotAccepted
from service.http.review.article import Opened, open_item
from service.http.review.context import AnyCaller, Caller, PageRoute, Reviews
from service.http.review.queue import queued
from service.render import to_html
from service.result import Result
from service.review.export.articles import ExportArticle, corrected, export_article
from service.review.export.lines import to_csv, to_jsonl
from service.review.export.xml import by_pair, to_tmx, to_xliff
from service.review.ranking import BAD, TIE
from service.review.view import base_output
from service.store.review_values import ReviewItem
from service.store.reviews import ReviewStore

MAX_ARTICLES = 2000

router = APIRouter(include_in_schema=False, route_class=PageRoute)

_TABLES: dict[str, tuple[str, Callable[[Sequence[ExportArticle]], str | bytes]]] = {
    "jsonl": ("application/jsonl; charset=utf-8", to_jsonl),
    "csv": ("text/csv; charset=utf-8", to_csv),
    "tmx": ("application/x-tmx+xml", to_tmx),
    "xliff": ("application/xliff+xml", to_xliff),
}
_DOCUMENTS: dict[str, tuple[str, Callable[[Result], str | bytes]]] = {
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        to_docx,
    ),
    "html": ("text/html; charset=utf-8", to_html),
}
STATES = ("all", "corrected", "approved")


@router.get("/review/export")
def export(request: Request, caller: AnyCaller, reviews: Reviews) -> Response:
    """`format`, and `item` or `state` (all, corrected, approved), `job` and `part`.

    Model names are left out of articles that the one who asks has still to vote on.
    """
    query = request.query_params
    wanted = query.get("format", "jsonl")
    opened = _wanted(caller, reviews, dict(query))
    if wanted in _TABLES:
        media, write = _TABLES[wanted]
        articles = [_article(one) for one in opened]
        if wanted == "xliff" and len(pairs := by_pair(articles)) > 1:
            files = ((f"{a}-{b}.xliff", to_xliff(own)) for (a, b), own in pairs.items())
            return _packed(files, wanted)
        return _file(write(articles), media, f"{_name(opened)}.{wanted}")
    if wanted not in _DOCUMENTS:
        message = f"`format` must be one of {', '.join((*_TABLES, *_DOCUMENTS))}."
        raise ReviewNotAccepted(message)
    media, render = _DOCUMENTS[wanted]
    try:
        documents = [render(_result(one, reviews)) for one in opened]
    except ImportError as error:
        message = "Word documents need the extra `office`: pip install 'songngu[office]'."
        raise ReviewNotAccepted(message) from error
    if len(documents) == 1:
        return _file(documents[0], media, f"{_name(opened)}.{wanted}")
    names = (f"{n:04}-{_slug(one.item.title)}.{wanted}" for n, one in enumerate(opened, start=1))
    return _packed(zip(names, documents, strict=True), wanted)


def _packed(files: Iterable[tuple[str, str | bytes]], wanted: str) -> Response:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return _file(packed.getvalue(), "application/zip", f"songngu-{wanted}.zip")


def _wanted(caller: Caller, reviews: ReviewStore, query: dict[str, str]) -> list[Opened]:
    if item := query.get("item"):
        return [open_item(item, caller, reviews)]
    state = query.get("state", "all")
    if state not in STATES:
        message = f"`state` must be one of {', '.join(STATES)}."
        raise ReviewNotAccepted(message)
    items = [
        item
        for item in queued(caller, reviews)
        if (state == "all" or item.approved or (state == "corrected" and item.edited))
        and query.get("job", item.job_id) == item.job_id
    ]
    return [open_item(item.id, caller, reviews) for item in _part(items, query.get("part"))]


def _part(items: Sequence[ReviewItem], part: str | None) -> Sequence[ReviewItem]:
    """What one file may hold; raises ReviewNotAccepted where that is not all and nobody said so."""
    parts = max(1, math.ceil(len(items) / MAX_ARTICLES))
    if part is None and parts == 1:
        return items
    if part not in (known := [str(number + 1) for number in range(parts)]):
        message = (
            f"These are {len(items)} articles, and one file holds {MAX_ARTICLES}: "
            f"add `part=1` to the address, up to `part={known[-1]}`, or name a `job`."
        )
        raise ReviewNotAccepted(message)
    first = int(part) * MAX_ARTICLES - MAX_ARTICLES
    return items[first : first + MAX_ARTICLES]


def _output(opened: Opened) -> int:
    """Whose texts stand where nobody corrected: the output that the reviewer chose, or A."""
    if opened.choice is not None and opened.choice not in (TIE, BAD):
        return int(opened.choice)
    return base_output(opened.sheet.rows[0], None, None, opened.order)


def _article(opened: Opened) -> ExportArticle:
    return export_article(
        opened.item.id,
        opened.sheet,
        opened.edits,
        output=_output(opened),
        approved=opened.item.approved,
        hidden=opened.hidden,
    )


def _result(opened: Opened, reviews: ReviewStore) -> Result:
    _, text = reviews.outputs(opened.item.id)[_output(opened)]
    try:
        result = Result.model_validate_json(text)
    except ValidationError as error:
        message = "The article was made by another version of Songngu. Paste it again."
        raise ReviewNotAccepted(message) from error
    return corrected(result, opened.sheet, opened.edits, hidden=opened.hidden)


def _file(content: str | bytes, media: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    # An exported page is opened from our own address: it may run nothing.
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return Response(content, media_type=media, headers=headers)


def _name(opened: Sequence[Opened]) -> str:
    return _slug(opened[0].item.title) if len(opened) == 1 else "songngu-review"


def _slug(title: str) -> str:
    """A file name in plain letters."""
    plain = unicodedata.normalize("NFD", title.replace("đ", "d").replace("Đ", "D"))
    words = re.findall(r"[A-Za-z0-9]+", re.sub(r"[\u0300-\u036f]", "", plain))
    return "-".join(words)[:60].strip("-").lower() or "article"
