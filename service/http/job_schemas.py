"""Jobs over HTTP: what comes in and what goes out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from service.archive.options import options_of
from service.http.addresses import AddressRefused, check_url
from service.http.schemas import ArticleOptions, Body, GlossaryIn, UnicodeText, terms_of
from service.store.engine import Store
from service.store.glossaries import GlossaryStore
from service.store.values import Job, JobState, Progress
from service.store.webhooks import Webhook, WebhookState
from service.terms import TermList

JSONL_TYPES = ("application/x-ndjson", "application/jsonl", "application/json-lines")


def _checked(url: str) -> str:
    try:
        check_url(url)
    except AddressRefused as error:
        raise ValueError(str(error)) from error
    return url


class WebhookIn(Body):
    """Where to post word of the job's end, signed as standardwebhooks.com describes."""

    url: Annotated[str, AfterValidator(_checked)] = Field(
        examples=["https://example.org/songngu"], description="https, with a public address"
    )
    secret: str = Field(
        min_length=16,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="signs each message; `whsec_` and base64, or any ASCII text",
    )


class JobOptions(ArticleOptions):
    """What holds for every article of a job; as for one article, but the memory is off by default.

    Without it, the same job gives the same bytes again.
    """

    name: UnicodeText = Field(default="", max_length=200, description="your own name for the job")
    memory: bool = Field(
        default=False, description="use segments that were translated before; remember these"
    )
    glossary: GlossaryIn | None = Field(
        default=None,
        description="your own terms, as they are when the job is taken; articles of the other "
        "direction are translated without them",
    )
    webhook: WebhookIn | None = None

    def stored(self, store: Store) -> dict[str, Any]:
        """The options as the store keeps them for the workers, with the terms themselves.

        Raises GlossaryNotFound; GlossaryBroken; GlossaryOtherDirection where no article of the job
        could use the glossary.
        """
        asked = self.options()
        terms = self._terms(store)
        if terms is not None:
            wanted = asked.source_language or (
                asked.target_language and asked.target_language.other
            )
            if wanted is not None:
                terms.glossary(wanted)
        return options_of(replace(asked, glossary=terms))

    def _terms(self, store: Store) -> TermList | None:
        if self.glossary is None:
            return None
        if self.glossary.terms is not None:
            return terms_of(self.glossary.terms, None, "request")
        return GlossaryStore(store).get(self.glossary.id or "", self.glossary.version).terms


class JobIn(JobOptions):
    """A job as a list; for more than a few megabytes send JSONL."""

    items: list[dict[str, Any]] = Field(
        min_length=1,
        description="articles: `text` or `html`, optionally `title` and `id`; other fields come "
        "back as `meta`",
        examples=[[{"id": "a1", "text": "Sáng 15/3/2024, Chủ tịch UBND tỉnh tiếp công dân."}]],
    )


class CountsOut(BaseModel):
    """How many articles are in each state."""

    queued: int
    leased: int = Field(description="being translated")
    waiting: int = Field(description="duplicates of articles that are not finished")
    done: int
    failed: int
    cancelled: int


class WebhookOut(BaseModel):
    url: str
    state: WebhookState
    attempts: int
    last_status: int | None
    last_error: str | None
    delivered_at: datetime | None


class JobBrief(BaseModel):
    """A job in a list."""

    id: str
    name: str
    state: JobState
    total: int = Field(description="articles received")
    created_at: datetime
    finished_at: datetime | None


class JobOut(JobBrief):
    """A job with how far it is."""

    options: dict[str, Any]
    counts: CountsOut
    rate: float = Field(description="articles finished a second over the last minute")
    eta_s: float | None = Field(description="seconds left at that rate; null: not known")
    webhook: WebhookOut | None = None
    links: dict[str, str]


class JobList(BaseModel):
    jobs: list[JobBrief]
    next: str | None = Field(description="the address of the jobs before these")


class Retried(BaseModel):
    retried: int = Field(description="articles that queue again")
    left: dict[str, int] = Field(
        description="articles that do not: `cancelled` (`?cancelled=true` takes them too), "
        "`unreadable` (their line held no article)"
    )
    job: JobOut


def brief(job: Job) -> JobBrief:
    """A job for a list."""
    return JobBrief(**_common(job))


def shown(job: Job, progress: Progress, webhook: Webhook | None = None) -> JobOut:
    """A job for its own page."""
    counts = progress.counts
    names = CountsOut.model_fields
    base = f"/v1/jobs/{job.id}"
    return JobOut(
        **_common(job),
        options=_told(job.options),
        counts=CountsOut(**{name: getattr(counts, name) for name in names}),
        rate=round(progress.rate, 3),
        eta_s=None if progress.eta_s is None else round(progress.eta_s, 1),
        webhook=None if webhook is None else _webhook(webhook),
        links={"self": base, "events": f"{base}/events", "results": f"{base}/results"},
    )


def _told(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, and of a glossary only which it is: it may have thousands of terms."""
    glossary = options.get("glossary")
    return {**options, "glossary": glossary["label"]} if glossary else dict(options)


def _common(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "name": job.name,
        "state": job.state,
        "total": job.total,
        "created_at": _time(job.created_at),
        "finished_at": _time(job.finished_at),
    }


def _webhook(webhook: Webhook) -> WebhookOut:
    return WebhookOut(
        url=webhook.url,
        state=webhook.state,
        attempts=webhook.attempts,
        last_status=webhook.last_status,
        last_error=webhook.last_error,
        delivered_at=_time(webhook.delivered_at),
    )


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
