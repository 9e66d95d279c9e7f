"""Why translations were not made, in the service's own terms."""

from collections.abc import Iterator
from contextlib import contextmanager

from models.tickets import Cancelled, DeadlinePassed, EngineFailed, QueueFull
from service import errors


@contextmanager
def service_errors() -> Iterator[None]:
    """Raises RequestAbandoned, TookTooLong, EngineBusy or EngineFailed for an engine's errors."""
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
