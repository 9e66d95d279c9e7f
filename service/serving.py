"""One article through a shared pipeline: how urgent it is, until when, and while who waits.

serving.run(pipeline, request)                                        # a reader's article
serving.run(pipeline, request, Ticket(Priority.ARCHIVE, stop.is_set))  # an archive's
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from models.batching import BatchedTranslator
from models.tickets import (
    WHENEVER,
    Cancelled,
    DeadlinePassed,
    EngineFailed,
    Priority,
    QueueFull,
    Ticket,
)
from service import errors
from service.intake import ArticleRequest
from service.pipeline import Pipeline
from service.result import Result
from service.stages.translate import Progress

__all__ = ["Priority", "Ticket", "run", "with_ticket"]


def run(
    pipeline: Pipeline,
    request: ArticleRequest,
    ticket: Ticket = WHENEVER,
    progress: Progress | None = None,
) -> Result:
    """`pipeline.run` under a ticket.

    Raises, besides what the pipeline raises, RequestAbandoned, TookTooLong, EngineBusy and
    EngineFailed.
    """
    with service_errors():
        return with_ticket(pipeline, ticket).run(request, progress)


def with_ticket(pipeline: Pipeline, ticket: Ticket) -> Pipeline:
    """The same pipeline for one request: what it asks of its engines waits under the ticket."""
    translators = {
        direction: translator.under(ticket)
        if isinstance(translator, BatchedTranslator)
        else translator
        for direction, translator in pipeline.translators.items()
    }
    return replace(pipeline, translators=translators)


@contextmanager
def service_errors() -> Iterator[None]:
    """Why the translations were not made, in the service's own terms."""
    try:
        yield
    except Cancelled as error:
        raise errors.RequestAbandoned from error
    except DeadlinePassed as error:
        raise errors.TookTooLong from error
    except QueueFull as error:
        message = "Too much is waiting for the translation engine. Try again later."
        raise errors.EngineBusy(message, error.retry_after_s) from error
    except EngineFailed as error:
        raise errors.EngineFailed from error
