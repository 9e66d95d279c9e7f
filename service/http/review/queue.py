"""The Queue page: what is up for review, flagged first; a job's articles can be put in it."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.errors import ReviewNotAccepted
from service.http.review.context import (
    AnyCaller,
    Caller,
    Form,
    PageRoute,
    Reviews,
    render,
    store_of,
    translations,
)
from service.http.review.translating import item_of
from service.review import blind
from service.review.queueing import Filter, chosen, progress, with_votes
from service.store.jobs import JobStore
from service.store.review_values import ReviewItem, Role
from service.store.reviews import ReviewStore

MAX_IMPORT = 2000

router = APIRouter(include_in_schema=False, route_class=PageRoute)


def queued(caller: Caller, reviews: ReviewStore) -> list[ReviewItem]:
    """Every article as the reviewer sees it."""
    reviewer = caller.reviewer.id
    return with_votes(
        reviews.items(reviewer),
        reviews.votes(reviewer_id=reviewer),
        lambda item: blind.rounds_due(reviewer, item.id, item.outputs),
    )


@router.get("/review")
def queue_page(request: Request, caller: AnyCaller, reviews: Reviews) -> Response:
    everything = queued(caller, reviews)
    wanted = Filter.of(request.query_params)
    template = "queue_fragment.html" if _only_list(request) else "queue.html"
    return render(
        request,
        caller,
        template,
        items=chosen(everything, wanted),
        progress=progress(everything),
        filter=wanted,
        jobs=sorted({item.job_id for item in everything if item.job_id}),
        may_import=caller.reviewer.role.covers(Role.EDITOR),
    )


def _only_list(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


@router.get("/review/next")
def next_item(request: Request, caller: AnyCaller, reviews: Reviews) -> Response:
    """To the next article that waits for the reviewer; to the queue where none does."""
    everything = queued(caller, reviews)
    after = request.query_params.get("after", "")
    waiting = [item for item in chosen(everything, Filter(state="open")) if item.id != after]
    where = f"/review/articles/{waiting[0].id}" if waiting else "/review"
    return RedirectResponse(where, status_code=303)


@router.post("/review/jobs")
def import_job(request: Request, caller: AnyCaller, reviews: Reviews, form: Form) -> Response:
    """Put the finished articles of a job up for review; those that are already, stay as they are.

    Articles of several jobs that share their ids are compared: `job` may come up to four times.
    """
    caller.must_be(Role.EDITOR)
    ids = [job.strip() for job in " ".join(form.all("job")).replace(",", " ").split()]
    if not 1 <= len(ids) <= 4:
        message = "Give one to four job ids."
        raise ReviewNotAccepted(message)
    jobs = JobStore(store_of(request))
    for job_id in ids:
        jobs.get(job_id)  # raises JobNotFound
    known = reviews.known_positions(ids[0])
    others = [
        {found.external_id or found.position: found.result for found in jobs.iter_results(job_id)}
        for job_id in ids[1:]
    ]
    for found in jobs.iter_results(ids[0]):
        if found.result is None or found.position in known:
            continue
        if len(known) >= MAX_IMPORT:
            return _cut_short(request, caller)
        key = found.external_id or found.position
        results = [found.result, *(result for own in others if (result := own.get(key)))]
        reviews.add(item_of(*results, job_id=ids[0], position=found.position))
        known.add(found.position)
    return RedirectResponse(f"/review?job={ids[0]}", status_code=303)


def _cut_short(request: Request, caller: Caller) -> Response:
    _ = translations(caller.language).gettext
    detail = _("The queue holds the first %(limit)s articles of a job; the others stay in the job.")
    return render(
        request,
        caller,
        "message.html",
        title=_("Not the whole job is up for review"),
        detail=detail % {"limit": MAX_IMPORT},
    )
