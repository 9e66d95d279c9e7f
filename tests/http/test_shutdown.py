"""The real process: it says where it listens, and stops when told to."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx2
import pytest


@pytest.fixture
def server():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("songngu")), "serve", "--port", str(port)]
    environment = {**os.environ, "SONGNGU_ENGINE_REPLICAS": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment) as process:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                httpx2.get(f"{address}/readyz", timeout=5)
                break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield process, address
        process.kill()


def test_it_prints_its_address_and_stops_on_sigterm_in_the_middle_of_an_article(server):
    process, address = server
    text = "\n\n".join(
        f"Trong tháng {n}, tỉnh đã giải quyết {n} hồ sơ về đất đai cho người dân."
        for n in range(2000)
    )
    sender = threading.Thread(target=lambda: _post_and_forget(address, text), daemon=True)
    sender.start()
    time.sleep(2)
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)
    assert time.monotonic() - started < 30  # 10 s of grace, and a batch on a busy machine
    printed = process.stderr.read().decode()
    assert re.search(re.escape(address), printed)
    assert "Traceback" not in printed


def _post_and_forget(address, text):
    with contextlib.suppress(httpx2.TransportError):
        httpx2.post(f"{address}/v1/articles", json={"text": text}, timeout=120)
