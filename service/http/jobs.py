"""`/v1/jobs`: archives, uploaded as a list or as JSONL and translated behind the readers' articles.

Jobs belong to whoever made them: `request.state.owner`, the id of an API key where there are keys.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from service.errors import JobNotFound
from service.http.job_results import (
    RangeNotSatisfiable,
    etag_of,
    matches,
    stream,
    wanted_range,
)
from service.http.job_schemas import (
    JSONL_TYPES,
    JobIn,
    JobList,
    JobOptions,
    JobOut,
    Retried,
    brief,
    shown,
)
from service.http.job_uploads import Upload
from service.http.problems import described, problem
from service.http.schemas import LanguageChoice
from service.stages.spell_names import NameStyle
from service.store.engine import Store
from service.store.jobs import JobStore
from service.store.values import Job, JobState
from service.store.webhooks import webhook_of

MAX_POSITION = 2**31 - 1
EVENT_S = 1.0  # between looks at a job that is watched
QUIET_S = 15.0  # after which a watcher is sent a sign of life
ENDED = (JobState.DONE, JobState.CANCELLED)
GLOSSARY = r"^[a-z0-9][a-z0-9._-]{0,63}(@[1-9][0-9]{0,8})?$"
RESULTS_TYPE = "application/x-ndjson"

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])
NOT_FOUND = described({404: "No such job", 503: "The store is busy or cannot be reached"})
_ARRIVING = described(
    {
        404: "The glossary, or the job that this Idempotency-Key made, is not there any more",
        408: "The body stands still",
        409: "A request with this Idempotency-Key is still running",
        413: "The body is too large",
        422: "The body's shape cannot be used, or the Idempotency-Key belongs to another body",
        503: "The queue is full, or the store cannot be reached",
        507: "The disk is full",
    }
)
# The body is not read by the framework, so that its description has to bring its own parts.
_HERE = "#/paths/~1v1~1jobs/post/requestBody/content/application~1json/schema/$defs/"
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": JobIn.model_json_schema(ref_template=_HERE + "{model}")},
            JSONL_TYPES[0]: {
                "schema": {"type": "string", "description": "one JSON object a line"},
                "example": '{"id": "a1", "text": "Sáng 15/3/2024, UBND tỉnh họp."}\n',
            },
        },
    }
}


@router.post("", status_code=202, responses=_ARRIVING, openapi_extra=_BODY)
async def create_job(
    request: Request,
    response: Response,
    source_language: LanguageChoice = "auto",
    target_language: LanguageChoice = "auto",
    summary_sentences: Annotated[int, Query(ge=0, le=50)] = 3,
    summary_words: Annotated[int | None, Query(ge=1, le=5000)] = None,
    summary_title: bool = False,
    summary_model: Annotated[str | None, Query(min_length=1, max_length=64)] = None,
    repair: bool = True,
    names: NameStyle = NameStyle.KEEP,
    models: Annotated[list[str] | None, Query(description="may be given several times")] = None,
    memory: bool = False,
    glossary: Annotated[
        str | None,
        Query(pattern=GLOSSARY, description="a stored glossary: `id`, or `id@version`"),
    ] = None,
    name: Annotated[str, Query(max_length=200)] = "",
    webhook_url: str | None = None,
    webhook_secret: Annotated[str | None, Header()] = None,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> JobOut:
    """Take an archive in: JSON with a list of articles, or JSONL with one a line.

    The query parameters and `Webhook-Secret` are for JSONL; a list has its options in the body. A
    line that cannot be read becomes a failed article and does not stop the others.
    """
    options = None
    if _is_jsonl(request):
        options = _options(
            source_language=source_language,
            target_language=target_language,
            summary={
                "sentences": summary_sentences,
                "words": summary_words,
                "title": summary_title,
                "model": summary_model,
            },
            repair=repair,
            names=names,
            models=models,
            memory=memory,
            glossary=_stored_glossary(glossary),
            name=name,
            webhook={"url": webhook_url, "secret": webhook_secret} if webhook_url else None,
        )
    state = request.app.state
    upload = Upload(_store(request), request, _owner(request), idempotency_key, state.job_limits)
    job, again = await upload.receive(options)
    state.work_arrived.set()
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    if again:
        response.headers["Idempotency-Replayed"] = "true"
    return await run_in_threadpool(_shown, request, job)


@router.get("", responses=described({503: "The store cannot be reached"}))
def list_jobs(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[float | None, Query(description="seconds since 1970")] = None,
) -> JobList:
    """Your jobs, newest first."""
    found = _jobs(request).jobs(_owner(request), before=before, limit=limit)
    more = (
        f"/v1/jobs?limit={limit}&before={found[-1].created_at!r}" if len(found) == limit else None
    )
    return JobList(jobs=[brief(job) for job in found], next=more)


@router.get("/{job_id}", responses=NOT_FOUND)
def get_job(job_id: str, request: Request) -> JobOut:
    """One job: counts, rate, time left."""
    return _shown(request, _job(request, job_id))


@router.delete("/{job_id}", status_code=204, responses=NOT_FOUND)
def delete_job(job_id: str, request: Request) -> None:
    """Remove a job with all its articles and results; what is in work is given up."""
    jobs = _jobs(request)
    jobs.cancel(_job(request, job_id).id)
    jobs.delete(job_id)


@router.post("/{job_id}/cancel", responses=NOT_FOUND)
def cancel_job(job_id: str, request: Request) -> JobOut:
    """Give up what is not finished; the results so far stay."""
    return _shown(request, _jobs(request).cancel(_job(request, job_id).id))


@router.post("/{job_id}/retry", responses=NOT_FOUND)
def retry_job(
    job_id: str,
    request: Request,
    cancelled: Annotated[bool, Query(description="cancelled articles too")] = False,
) -> Retried:
    """Queue the failed articles again."""
    count = _jobs(request).retry(_job(request, job_id).id, cancelled=cancelled)
    request.app.state.work_arrived.set()
    job = _shown(request, _job(request, job_id))
    left = {"cancelled": job.counts.cancelled, "unreadable": job.counts.failed}
    return Retried(
        retried=count, left={why: number for why, number in left.items() if number}, job=job
    )


@router.get(
    "/{job_id}/events",
    responses={**NOT_FOUND, 200: {"content": {"text/event-stream": {}}}},
    response_class=StreamingResponse,
)
async def job_events(job_id: str, request: Request) -> StreamingResponse:
    """The job as server-sent events: `progress` whenever it changed, `end` when it has ended."""
    await run_in_threadpool(_job, request, job_id)
    return StreamingResponse(
        _events(request, job_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(request: Request, job_id: str) -> AsyncIterator[str]:
    said, at = "", time.monotonic()
    while request.app.state.stopping_since is None:
        try:
            job = await run_in_threadpool(lambda: _shown(request, _job(request, job_id)))
        except JobNotFound:  # deleted while it was watched
            return
        ended = job.state in ENDED
        now = job.model_dump_json()
        if now != said or ended:
            said, at = now, time.monotonic()
            yield f"event: {'end' if ended else 'progress'}\ndata: {now}\n\n"
        elif time.monotonic() - at > QUIET_S:
            at = time.monotonic()
            yield ": still here\n\n"
        if ended:
            return
        await asyncio.sleep(EVENT_S)


@router.get(
    "/{job_id}/results",
    responses={
        **NOT_FOUND,
        200: {"content": {RESULTS_TYPE: {}}, "description": "one finished article a line"},
        206: {"description": "a part of it"},
        304: {"description": "as you have it"},
        **described({416: "The range begins behind the end"}),
    },
    response_class=StreamingResponse,
)
def job_results(
    job_id: str,
    request: Request,
    after: Annotated[
        int, Query(ge=-1, le=MAX_POSITION, description="only behind this position")
    ] = -1,
    if_none_match: Annotated[str | None, Header()] = None,
    if_range: Annotated[str | None, Header()] = None,
    range: Annotated[str | None, Header()] = None,  # noqa: A002 - the header's name
) -> Response:
    """The finished articles in order, as JSONL; at any time, also while the job runs.

    Of a finished job also in parts: `Range`, `If-Range`, a strong `ETag`.
    """
    jobs, job = _jobs(request), _job(request, job_id)
    etag = etag_of(f"{jobs.version(job_id)}-{after}", finished=job.state in ENDED)
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if matches(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    stable = job.state in ENDED and after == -1
    headers["Accept-Ranges"] = "bytes" if stable else "none"
    if range and stable and if_range in (None, etag):
        return _part(request, job_id, etag, range, headers)
    return StreamingResponse(stream(jobs, job_id, after), media_type=RESULTS_TYPE, headers=headers)


def _part(
    request: Request, job_id: str, etag: str, header: str, headers: dict[str, str]
) -> Response:
    jobs, cache = _jobs(request), request.app.state.result_pages
    pages = cache.pages(jobs, job_id, etag)
    try:
        wanted = wanted_range(header, pages.total)
    except RangeNotSatisfiable as error:
        refused = problem(
            slug="range-not-satisfiable",
            title="The range begins behind the end",
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            detail=f"The results have {error.total:,} bytes.",
        )
        refused.headers["Content-Range"] = f"bytes */{error.total}"
        return refused
    start, end = wanted or (0, pages.total)
    headers["Content-Length"] = str(end - start)
    if wanted is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{pages.total}"
    return StreamingResponse(
        pages.part(jobs, job_id, start, end),
        status_code=200 if wanted is None else 206,
        media_type=RESULTS_TYPE,
        headers=headers,
    )


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def _jobs(request: Request) -> JobStore:
    return JobStore(_store(request))


def _owner(request: Request) -> str:
    return str(getattr(request.state, "owner", ""))


def _job(request: Request, job_id: str) -> Job:
    return _jobs(request).get(job_id, _owner(request))


def _shown(request: Request, job: Job) -> JobOut:
    store = _store(request)
    return shown(job, JobStore(store).progress(job.id), webhook_of(store, job.id))


def _is_jsonl(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in JSONL_TYPES


def _stored_glossary(named: str | None) -> dict[str, Any] | None:
    """What a body says of the glossary that a query names.

    >>> _stored_glossary("health@3"), _stored_glossary("health")
    ({'id': 'health', 'version': 3}, {'id': 'health', 'version': None})
    """
    if named is None:
        return None
    glossary_id, _, version = named.partition("@")
    return {"id": glossary_id, "version": int(version) if version else None}


def _options(**fields: Any) -> JobOptions:  # noqa: ANN401
    try:
        return JobOptions.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
