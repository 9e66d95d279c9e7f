"""Work for a client that has gone, or for a service that stops, is given up where it waits."""

import asyncio
import threading
import time
from concurrent.futures import Executor

from fastapi import Request

from service import serving
from service.intake import ArticleRequest
from service.pipeline import Pipeline
from service.result import Result

POLL_S = 0.5
# After the signal to stop, articles in work have this long; the server then has a little left of
# its own 10 s to send the answers.
GRACE_S = 7.0


async def run_while_wanted(
    pipeline: Pipeline, article: ArticleRequest, request: Request, *, deadline: float
) -> Result:
    """Run the pipeline in a thread; `deadline` is a moment of `time.monotonic()`.

    Raises RequestAbandoned once the answer is of no use any more, TookTooLong at the deadline.
    """
    unwanted = threading.Event()

    async def watch() -> None:
        # Starlette offers a question, not an event, for a connection that was closed.
        while not (await request.is_disconnected() or _stopping(request)):  # noqa: ASYNC110
            await asyncio.sleep(POLL_S)
        unwanted.set()

    watcher = asyncio.create_task(watch())
    ticket = serving.Ticket(cancelled=unwanted.is_set, deadline=deadline)
    threads: Executor = request.app.state.threads
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(threads, serving.run, pipeline, article, ticket)
    finally:  # also when this task is cancelled because the service stops
        unwanted.set()
        watcher.cancel()


def _stopping(request: Request) -> bool:
    since: float | None = request.app.state.stopping_since
    return since is not None and time.monotonic() - since > GRACE_S
