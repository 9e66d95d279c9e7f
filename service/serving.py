"""One article through a shared pipeline: how urgent it is, until when, and while who waits.

serving.run(pipeline, request)                                        # a reader's article
serving.run(pipeline, request, Ticket(Priority.ARCHIVE, stop.is_set))  # an archive's
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from models.base import Translator
from models.batching import BatchedTranslator
from models.faults import CardError, ChecksumMismatch, FileMissing, NotInstalled, OutOfMemory
from models.pool import ModelPool
from models.tickets import WHENEVER, Priority, Ticket
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
from service.stages.translate import Progress

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


@dataclass(frozen=True, slots=True)
class PooledModels:
    """A `service.pipeline.ModelSource` over the models of a pool."""

    pool: ModelPool
    known: Callable[[], frozenset[str]]  # ids of the models that can be asked for
    ticket: Ticket = WHENEVER

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
            with self.pool.lease(model) as batcher:
                if (source.value, target.value) not in batcher.engine.directions:
                    raise DirectionNotSupported(model, source.value, target.value)
                yield batcher.view(self.ticket)
        except CardError as error:
            raise _told(model, error) from error

    def close(self) -> None:
        self.pool.close()


def _told(model: str, error: CardError) -> EngineError:
    """What a sender may know of it; libraries name folders of the server in their complaints."""
    _log.error("model %s cannot be used: %s", model, error)
    if isinstance(error, FileMissing | ChecksumMismatch):
        return WeightsBroken(str(error))
    if isinstance(error, OutOfMemory | NotInstalled):
        return ModelUnavailable(str(error))
    return ModelUnavailable(f"Model `{model}` cannot be loaded. The service's log says why.")
