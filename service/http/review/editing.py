"""Correcting a segment: editor, autosave, conflict, history, undo.

The version that a text was made from comes as `If-Match: "3"` or as the field `version`. A save
that meets another version answers 409 with both texts.
"""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.errors import EditConflict, ReviewNotAccepted
from service.http.review.article import (
    Item,
    Opened,
    find_row,
    memory_of,
    open_item,
    render_row,
)
from service.http.review.context import (
    AnyCaller,
    Caller,
    Fields,
    Form,
    PageRoute,
    Reviews,
    render,
    wants_fragment,
)
from service.review import diff, revisions
from service.review.view import base_output, machine_text
from service.store.memory_index import Suggestion
from service.store.review_values import Edit, Save
from service.store.reviews import ReviewStore

MAX_TEXT_CHARS = 200_000
MAX_ID_CHARS = 64
MAX_SUGGESTIONS = 2

router = APIRouter(
    include_in_schema=False,
    route_class=PageRoute,
    prefix="/review/articles/{item_id}/segments/{segment}",
)


@router.get("")
def editor(
    request: Request, caller: AnyCaller, opened: Item, segment: str, reviews: Reviews
) -> Response:
    """The editor: a page, or the part of one that a script puts into the row."""
    edits = reviews.history(opened.item.id, segment)
    return _editor(request, caller, opened, segment, edits)


def _editor(
    request: Request, caller: Caller, opened: Opened, segment: str, edits: list[Edit]
) -> Response:
    row, number, _ = find_row(opened, segment)
    head = edits[-1] if edits else None
    base = base_output(row, head, opened.choices.get(segment), opened.order)
    template = "editor_fragment.html" if wants_fragment(request) else "editor.html"
    return render(
        request,
        caller,
        template,
        item=opened.item,
        sheet=opened.sheet,
        row=row,
        number=number,
        base=opened.order.index(base),
        text=head.text if head else machine_text(row, base),
        version=head.version if head else 0,
        edits=edits,
        can_undo=revisions.undo_target(edits) is not None,
        session=uuid.uuid4().hex,
        save_id=uuid.uuid4().hex,
        next=_next(opened, segment),
        suggestions=_suggestions(request, opened, row.source),
    )


def _suggestions(request: Request, opened: Opened, source: str) -> list[Suggestion]:
    """What people made of segments like this one."""
    memory = memory_of(request)
    if memory is None:
        return []
    return memory.suggest(source, opened.sheet.source_language, limit=MAX_SUGGESTIONS)


@router.post("")
def save(
    request: Request,
    caller: AnyCaller,
    opened: Item,
    segment: str,
    reviews: Reviews,
    form: Form,
) -> Response:
    """Save the text; scripts get 204 with the new ETag, forms go on to the next segment."""
    find_row(opened, segment)
    wanted = _save_of(request, caller, opened, segment, form)
    try:
        saved = reviews.save(wanted)
    except EditConflict:
        return _conflict(request, caller, opened, segment, reviews, wanted)
    if wants_fragment(request):
        headers = {"ETag": f'"{saved.version}"', "X-Revision": str(saved.number)}
        return Response(status_code=204, headers=headers)
    following = _next(opened, segment) if form.get("go") == "next" else segment
    return RedirectResponse(f"/review/articles/{opened.item.id}#{following}", status_code=303)


def _save_of(request: Request, caller: Caller, opened: Opened, segment: str, form: Fields) -> Save:
    text = form.get("text").replace("\r\n", "\n").strip("\n")
    if not text.strip() or len(text) > MAX_TEXT_CHARS:
        message = f"A segment must have 1 to {MAX_TEXT_CHARS:,} characters."
        raise ReviewNotAccepted(message)
    ids = [form.get(name)[:MAX_ID_CHARS] or uuid.uuid4().hex for name in ("session", "save_id")]
    return Save(
        item_id=opened.item.id,
        segment=segment,
        text=text,
        base=opened.order[form.number("base", 0, len(opened.order) - 1)],
        expected=_expected(request, form),
        reviewer_id=caller.reviewer.id,
        session=ids[0],
        save_id=ids[1],
    )


def _expected(request: Request, form: Fields) -> int:
    given = request.headers.get("if-match")
    if given is None:
        return form.number("version", 0, 10**8)
    text = given.removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit()):
        message = "`If-Match` must be the version that the text was made from."
        raise ReviewNotAccepted(message)
    return int(text[:9])


def _conflict(
    request: Request,
    caller: Caller,
    opened: Opened,
    segment: str,
    reviews: ReviewStore,
    mine: Save,
) -> Response:
    """Both texts side by side; nothing of either is lost."""
    head = reviews.head(opened.item.id, segment)
    row, number, _ = find_row(opened, segment)
    theirs = head.text if head else machine_text(row, mine.base)
    fragment = wants_fragment(request)
    return render(
        request,
        caller,
        "conflict_fragment.html" if fragment else "conflict.html",
        409,
        item=opened.item,
        sheet=opened.sheet,
        row=row,
        number=number,
        base=opened.order.index(mine.base),
        mine=mine.text,
        theirs=theirs,
        who=head.reviewer if head else "",
        version=head.version if head else 0,
        changes=diff.compare(theirs, mine.text),
        session=uuid.uuid4().hex,
        save_id=uuid.uuid4().hex,
    )


@router.get("/row")
def row(request: Request, caller: AnyCaller, opened: Item, segment: str) -> Response:
    """The row as it stands, for a script."""
    wanted = request.query_params.get("diff") == "1"
    return render_row(request, caller, opened, segment, diff=wanted)


@router.get("/history")
def history(
    request: Request, caller: AnyCaller, opened: Item, segment: str, reviews: Reviews
) -> Response:
    """Every revision, each with what it changed."""
    found, number, _ = find_row(opened, segment)
    edits = reviews.history(opened.item.id, segment)
    steps = []
    before = machine_text(found, edits[0].base if edits else opened.order[0])
    first = before
    for edit in edits:
        steps.append((edit, diff.compare(before, edit.text)))
        before = edit.text
    template = "history_fragment.html" if wants_fragment(request) else "history.html"
    return render(
        request,
        caller,
        template,
        item=opened.item,
        sheet=opened.sheet,
        row=found,
        number=number,
        machine=first,
        steps=list(reversed(steps)),
        current=revisions.position(edits),
        version=edits[-1].version if edits else 0,
    )


@router.post("/undo")
def undo(
    request: Request,
    caller: AnyCaller,
    opened: Item,
    segment: str,
    reviews: Reviews,
    form: Form,
) -> Response:
    """Go back one revision, or to the one named by `to`; adds a revision, removes none."""
    found, _, _ = find_row(opened, segment)
    edits = reviews.history(opened.item.id, segment)
    target = form.number("to", 0, 10**6) if form.get("to") else revisions.undo_target(edits)
    if not edits or target is None or target > edits[-1].number:
        message = "There is nothing to undo."
        raise ReviewNotAccepted(message)
    head = edits[-1]
    text = revisions.text_of(edits, target, machine_text(found, head.base))
    wanted = Save(
        item_id=opened.item.id,
        segment=segment,
        text=text,
        base=head.base,
        expected=_expected(request, form) if form.get("version") else head.version,
        reviewer_id=caller.reviewer.id,
        session=uuid.uuid4().hex,
        save_id=form.get("save_id")[:MAX_ID_CHARS] or uuid.uuid4().hex,
        restores=target,
    )
    try:
        reviews.save(wanted)
    except EditConflict:
        return _conflict(request, caller, opened, segment, reviews, wanted)
    if wants_fragment(request):
        again = open_item(opened.item.id, caller, reviews)
        return render_row(request, caller, again, segment)
    return RedirectResponse(f"/review/articles/{opened.item.id}#{segment}", status_code=303)


def _next(opened: Opened, segment: str) -> str:
    """The next segment; the last one is its own next."""
    ids = [one.id for one in opened.sheet.rows]
    return ids[min(ids.index(segment) + 1, len(ids) - 1)]
