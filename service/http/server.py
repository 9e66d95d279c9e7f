"""The server process: uvicorn, with word of the stop passed on to the application at once."""

import time
from types import FrameType

import uvicorn
from fastapi import FastAPI

STOP_WITHIN_S = 10


class _Server(uvicorn.Server):
    """Lets `/readyz` turn 503 and articles in work end when the signal comes, not afterwards."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.state.stopping_since = time.monotonic()
        super().handle_exit(sig, frame)


def run(app: FastAPI, host: str, port: int) -> bool:
    """Serve until told to stop; False where the service could not start."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=STOP_WITHIN_S,
        server_header=False,
    )
    server = _Server(config, app)
    server.run()
    return server.started
