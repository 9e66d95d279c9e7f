"""Work for a client that has gone, or for a service that stops, is given up at the next batch."""

import asyncio
import threading
import time

from fastapi import Request

from service.errors import EngineError
from service.intake import ArticleRequest
from service.pipeline import Pipeline
from service.result import Result

POLL_S = 0.5
# After the signal to stop, articles in work have this long; the server then has a little left of
# its own 10 s to send the answers.
GRACE_S = 7.0


class RequestAbandoned(EngineError):
    """Nobody waits for the answer any more, or the service is stopping."""

    slug = "request-abandoned"
    title = "The request was abandoned"


async def run_while_wanted(pipeline: Pipeline, article: ArticleRequest, request: Request) -> Result:
    """Run the pipeline in a thread; raises RequestAbandoned once it is of no use any more."""
    unwanted = threading.Event()

    def stop_if_unwanted(_done: int, _total: int) -> None:
        if unwanted.is_set():
            message = "The service is stopping, or the connection was closed. Send it again."
            raise RequestAbandoned(message)

    async def watch() -> None:
        # Starlette offers a question, not an event, for a connection that was closed.
        while not (await request.is_disconnected() or _stopping(request)):  # noqa: ASYNC110
            await asyncio.sleep(POLL_S)
        unwanted.set()

    watcher = asyncio.create_task(watch())
    try:
        return await asyncio.to_thread(pipeline.run, article, stop_if_unwanted)
    finally:  # also when this task is cancelled because the service stops
        unwanted.set()
        watcher.cancel()


def _stopping(request: Request) -> bool:
    since: float | None = request.app.state.stopping_since
    return since is not None and time.monotonic() - since > GRACE_S
