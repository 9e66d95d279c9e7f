"""One real server for all tests that speak HTTP, and a guard against the outside world."""

import contextlib
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator

import httpx2
import pytest
import uvicorn

from service.http.app import create_app
from service.settings import Settings

# Nothing is written to the user's own data folder, by the commands that tests start neither.
_data = tempfile.TemporaryDirectory(prefix="songngu-data-")
os.environ["SONGNGU_DATA_DIR"] = _data.name


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Small enough for a busy machine; short limits so that tests of limits are quick."""
    return Settings(engine_replicas=1, body_timeout_s=2.0, data_dir=_data.name)


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[str]:
    """A server on a free port of the loopback address; yields its base address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(
        create_app(settings), host="127.0.0.1", port=port, log_level="error", lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 120
    while not server.started and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started, "the server did not start"
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="session")
def base_url(settings) -> Iterator[str]:
    with running(settings) as address:
        yield address


@pytest.fixture
def client(base_url) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=base_url, timeout=120) as one:
        yield one


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch) -> None:
    """No test may reach anything but this machine."""
    connect = socket.socket.connect

    def guarded(self, address, *rest):
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address}")
        return connect(self, address, *rest)

    monkeypatch.setattr(socket.socket, "connect", guarded)
