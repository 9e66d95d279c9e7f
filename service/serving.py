"""One article through a shared pipeline: how urgent it is, until when, and while who waits.

serving.run(pipeline, request)                                        # a reader's article
serving.run(pipeline, request, Ticket(Priority.ARCHIVE, stop.is_set))  # an archive's
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from models.base import Generator, Translator
from models.batching import BatchedTranslator
from models.faults import CardError, ChecksumMismatch, FileMissing, NotInstalled, OutOfMemory
from models.pool import ModelPool
from models.summaries import BatchedGenerator
from models.tickets import WHENEVER, DeadlinePassed, Priority, Ticket
from service.abstracts import AUTO, no_model, not_installed, not_loaded, still_loading
from service.article import Language
from service.errors import (
    DirectionNotSupported,
    EngineError,
    ModelNotKnown,
    ModelUnavailable,
    WeightsBroken,
)
from service.intake import ArticleRequest
from service.pipeline import Pipeline
from service.result import Result
from service.stages.ground import Refusal, cannot_read
from service.stages.translate import Progress
from service.waiting import service_errors

__all__ = ["PooledModels", "Priority", "Ticket", "run", "with_ticket"]

_log = logging.getLogger("songngu")


def run(
    pipeline: Pipeline,
    request: ArticleRequest,
    ticket: Ticket = WHENEVER,
    progress: Progress | None = None,
) -> Result:
    """`pipeline.run` under a ticket; raises RequestAbandoned and TookTooLong as it says."""
    return with_ticket(pipeline, ticket).run(request, progress)


def with_ticket(pipeline: Pipeline, ticket: Ticket) -> Pipeline:
    """The same pipeline for one request: what it asks of its engines waits under the ticket."""
    translators = {
        direction: translator.under(ticket)
        if isinstance(translator, BatchedTranslator)
        else translator
        for direction, translator in pipeline.translators.items()
    }
    models = pipeline.models.under(ticket) if pipeline.models is not None else None
    return replace(pipeline, translators=translators, models=models)


def _none() -> tuple["SummaryModel", ...]:
    return ()


@dataclass(frozen=True, slots=True)
class SummaryModel:
    """A model that writes summaries, as requests know it."""

    id: str
    languages: frozenset[str]
    installed: bool
    key: str  # its name in the pool


@dataclass(frozen=True, slots=True)
class PooledModels:
    """A `service.pipeline.ModelSource` over the models of a pool."""

    pool: ModelPool
    known: Callable[[], frozenset[str]]  # ids of the models that can be asked for
    ticket: Ticket = WHENEVER
    summarisers: Callable[[], Sequence[SummaryModel]] = _none  # the best first
    summary_timeout_s: float = 60.0  # for loading and writing, of a ticket that has a deadline

    def under(self, ticket: Ticket) -> "PooledModels":
        return replace(self, ticket=ticket)

    def check(self, models: tuple[str, ...]) -> None:
        """Raise ModelNotKnown unless all can be asked for."""
        known = self.known()
        if not known.issuperset(models):
            raise ModelNotKnown(known)

    @contextmanager
    def lease(self, model: str, source: Language, target: Language) -> Iterator[Translator]:
        """The model for one direction; raises DirectionNotSupported, or an EngineError."""
        try:
            with service_errors(), self.pool.lease(model, self.ticket) as batcher:
                if (source.value, target.value) not in batcher.engine.directions:
                    raise DirectionNotSupported(model, source.value, target.value)
                yield batcher.view(self.ticket)
        except CardError as error:
            raise _told(model, error) from error

    def check_summary(self, model: str) -> None:
        """Raise ModelNotKnown unless a summary can be asked of it, installed or not."""
        known = {AUTO, *(one.id for one in self.summarisers())}
        if model not in known:
            raise ModelNotKnown(known, "summary.model")

    @contextmanager
    def writer(self, model: str, language: Language) -> Iterator[Generator | Refusal]:
        """The model, loaded, or why there is none; `auto` is the first for the language.

        Its `generate` raises a `WaitingError`.
        """
        known = [one for one in self.summarisers() if model in (AUTO, one.id)]
        fits = [one for one in known if language.value in one.languages]
        installed = [one for one in fits if one.installed]
        if not installed:
            yield _why_none(model, language, known=bool(known), fits=bool(fits))
            return
        ticket = self._ticket_for_summaries()
        with ExitStack() as held:
            found: Generator | Refusal
            name = installed[0].id
            try:
                batcher = held.enter_context(self.pool.lease(installed[0].key, ticket))
                found = BatchedGenerator(batcher, ticket)
            except DeadlinePassed:
                found = still_loading(name)
            except CardError as error:
                _log.error("model %s cannot write summaries: %s", name, error)
                found = not_loaded(name, error)
            yield found

    def _ticket_for_summaries(self) -> Ticket:
        """Of an article's time only a part is for its summary; who waits for ever still does."""
        if self.ticket.deadline is None:
            return self.ticket
        soon = time.monotonic() + self.summary_timeout_s
        return replace(self.ticket, deadline=min(self.ticket.deadline, soon))

    def close(self) -> None:
        self.pool.close()


def _why_none(model: str, language: Language, *, known: bool, fits: bool) -> Refusal:
    if model == AUTO:
        return no_model(language)
    return not_installed(model) if fits or not known else cannot_read(model, language)


def _told(model: str, error: CardError) -> EngineError:
    """What a sender may know of it; libraries name folders of the server in their complaints."""
    _log.error("model %s cannot be used: %s", model, error)
    if isinstance(error, FileMissing | ChecksumMismatch):
        return WeightsBroken(str(error))
    if isinstance(error, OutOfMemory | NotInstalled):
        return ModelUnavailable(str(error))
    return ModelUnavailable(f"Model `{model}` cannot be loaded. The service's log says why.")
