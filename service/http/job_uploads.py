"""How a job comes in: streamed, whole or not at all, and once under one Idempotency-Key."""

import contextlib
import hashlib
import json
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from service.errors import (
    BodyTooLarge,
    EngineBusy,
    JobNotAccepted,
    SongnguError,
)
from service.http.job_schemas import JobIn, JobOptions
from service.http.uploads import LineReader, item_of_record
from service.pipeline import Pipeline
from service.store.engine import Store
from service.store.idempotency import Claim, IdempotencyKeys, answer, compare
from service.store.jobs import JobStore, seal
from service.store.uploads import ALIVE_S, keep_alive, open_items
from service.store.values import Job, NewItem
from service.store.webhooks import arm

ENDPOINT = "POST /v1/jobs"
PIECE_BYTES = 262_144  # collected before a thread reads them
BINARY_PROBE_BYTES = 4096
ALIVE_EVERY_S = ALIVE_S / 6


@dataclass(frozen=True, slots=True)
class Limits:
    """What an upload may hold."""

    list_bytes: int
    queued_items: int


@dataclass(slots=True)
class Upload:
    """One request to make a job."""

    store: Store
    request: Request
    owner: str
    key: str | None
    limits: Limits

    async def receive(self, options: JobOptions | None) -> tuple[Job, bool]:
        """The job, and whether it is that of an earlier request with the same key.

        `options` are those of a JSONL upload; None for a JSON body, which holds its own.
        """
        keys = IdempotencyKeys(self.store)
        job_id = uuid.uuid4().hex
        claim = None
        if self.key is not None:
            claim = await run_in_threadpool(
                keys.claim, self.owner, ENDPOINT, self.key, reference=job_id
            )
            if claim.answered:
                return await self._replay(claim, options), True
        try:
            return await self._make(job_id, options, claim), False
        except BaseException:  # also when the client goes away
            await run_in_threadpool(self._undo, job_id, claim)
            raise

    def _undo(self, job_id: str, claim: Claim | None) -> None:
        with contextlib.suppress(SongnguError):  # what is left expires
            JobStore(self.store).delete(job_id)
            if claim is not None:
                IdempotencyKeys(self.store).forget(claim)

    async def _replay(self, claim: Claim, options: JobOptions | None) -> Job:
        digest = self._digest(options)
        async for chunk in self.request.stream():
            digest.update(chunk)
        compare(claim, digest.hexdigest())
        return await run_in_threadpool(JobStore(self.store).get, claim.reference or "", self.owner)

    def _digest(self, options: JobOptions | None) -> Any:  # noqa: ANN401 - hashlib's own type
        """A hash of the request but for its body."""
        return hashlib.sha256(options.model_dump_json().encode() if options else b"list")

    async def _make(self, job_id: str, options: JobOptions | None, claim: Claim | None) -> Job:
        await run_in_threadpool(self._admit, claim)
        digest = self._digest(options)
        if options is None:
            body = await self._whole(digest)
            job = await run_in_threadpool(read_list, body)
            items = [item_of_record(record, n) for n, record in enumerate(job.items, start=1)]
            await run_in_threadpool(self._begin, job_id, job)
            await run_in_threadpool(self._add, job_id, items)
            options = job
        else:
            await run_in_threadpool(self._begin, job_id, options)
            await self._stream(job_id, digest, claim)
        return await run_in_threadpool(self._accept, job_id, options, claim, digest.hexdigest())

    def _admit(self, claim: Claim | None) -> None:
        if claim is not None and claim.abandoned:  # by a process that was killed
            JobStore(self.store).delete(claim.abandoned)
        if open_items(self.store) >= self.limits.queued_items:
            message = "Too many articles are queued. Send the job again later."
            raise EngineBusy(message)

    def _begin(self, job_id: str, options: JobOptions) -> None:
        """Raises ModelNotKnown, and what `JobOptions.stored` raises, before anything is stored."""
        pipeline: Pipeline = self.request.app.state.pipeline
        if options.models and pipeline.models is not None:
            pipeline.models.check(tuple(options.models))
        JobStore(self.store).create(
            options.stored(self.store), owner=self.owner, name=options.name, job_id=job_id
        )
        keep_alive(self.store, job_id)

    async def _whole(self, digest: Any) -> bytes:  # noqa: ANN401
        parts, size = [], 0
        async for chunk in self.request.stream():
            digest.update(chunk)
            size += len(chunk)
            if size > self.limits.list_bytes:
                message = (
                    f"A list must have at most {self.limits.list_bytes:,} bytes. "
                    "Send JSONL as application/x-ndjson."
                )
                raise BodyTooLarge(message)
            parts.append(chunk)
        return b"".join(parts)

    async def _stream(self, job_id: str, digest: Any, claim: Claim | None) -> None:  # noqa: ANN401
        reader = LineReader()
        alive = time.monotonic()
        is_first = True
        async for piece in _pieces(self.request.stream()):
            if is_first and b"\0" in piece[:BINARY_PROBE_BYTES]:
                message = "The body is no text. Send JSONL in UTF-8, not compressed."
                raise JobNotAccepted(message)
            is_first = False
            digest.update(piece)
            await run_in_threadpool(lambda: self._add(job_id, reader.feed(piece)))  # noqa: B023
            if time.monotonic() - alive > ALIVE_EVERY_S:
                alive = time.monotonic()
                await run_in_threadpool(self._keep_alive, job_id, claim)
        await run_in_threadpool(lambda: self._add(job_id, reader.end()))

    def _keep_alive(self, job_id: str, claim: Claim | None) -> None:
        keep_alive(self.store, job_id)
        if claim is not None:
            IdempotencyKeys(self.store).extend(claim)

    def _add(self, job_id: str, items: list[NewItem]) -> None:
        total = JobStore(self.store).add_items(job_id, items, chunk=500)
        if total > self.limits.queued_items:
            message = f"A job holds at most {self.limits.queued_items:,} articles."
            raise JobNotAccepted(message)

    def _accept(
        self, job_id: str, options: JobOptions, claim: Claim | None, fingerprint: str
    ) -> Job:
        """The job runs, its key is answered and its webhook armed: all of it, or nothing."""
        if not JobStore(self.store).get(job_id).total:
            message = "The body holds no article. Send one JSON object a line."
            raise JobNotAccepted(message)

        def work(connection: Connection) -> None:
            seal(connection, self.store, job_id)
            if options.webhook is not None:
                arm(connection, job_id, options.webhook.url, options.webhook.secret)
            if claim is not None:
                answer(connection, claim, fingerprint)

        self.store.transact(work)
        return JobStore(self.store).get(job_id)


async def _pieces(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in fewer pieces."""
    held = bytearray()
    async for chunk in stream:
        held += chunk
        if len(held) >= PIECE_BYTES:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def read_list(body: bytes) -> JobIn:
    """The job in a JSON body; raises RequestValidationError."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise RequestValidationError([_NOT_JSON]) from None
    try:
        return JobIn.model_validate(value)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


_NOT_JSON: Mapping[str, Any] = {"type": "json_invalid", "loc": ("body",), "msg": "not JSON"}


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
