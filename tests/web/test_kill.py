"""The server is killed while an editor saves: nothing is lost, nothing is saved twice."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import httpx2
from playwright.sync_api import expect

from service.store.engine import open_store
from service.store.reviews import ReviewStore
from tests.review.items import add_item, plain_result

COMMAND = "from service.cli import app; app()"


@contextlib.contextmanager
def server(port, folder):
    """`songngu serve` as a process of its own, so that it can be killed."""
    arguments = [sys.executable, "-c", COMMAND, "serve", "--port", str(port)]
    environment = {**os.environ, "SONGNGU_DATA_DIR": str(folder), "SONGNGU_ENGINE_REPLICAS": "1"}
    process = subprocess.Popen(arguments, env=environment, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx2.HTTPError):
                if httpx2.get(f"http://127.0.0.1:{port}/livez").status_code == 200:
                    break
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait(10)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_no_edit_is_lost_and_there_is_one_revision(visit, tmp_path):
    port = free_port()
    store = open_store(f"sqlite:///{tmp_path / 'songngu.db'}")
    reviews = ReviewStore(store)
    item = add_item(reviews, [plain_result(("Câu một.", "One."), ("Câu hai.", "Two."))])
    address = f"http://127.0.0.1:{port}/review/articles/{item}"
    with server(port, tmp_path) as first:
        page = visit(address)
        page.locator("#b1s1 a.edit").click()
        page.locator("textarea").fill("What was typed")
        # The answer never comes back, though the save may have been done.
        page.route("**/segments/b1s1", lambda route: kill_after(route, first))
        expect(page.locator(".saved")).to_contain_text("Not saved yet", timeout=30_000)
        page.unroute("**/segments/b1s1")
        page.locator("textarea").press_sequentially(", and more.")
        page.close()  # the browser crashes, too
    with server(port, tmp_path):
        page = visit(address, context=page.context)
        expect(page.locator("textarea")).to_have_value("What was typed, and more.")
        expect(page.locator(".saved")).to_contain_text("Saved at", timeout=30_000)
        page.keyboard.press("Escape")
        expect(page.locator("#b1s1 .target")).to_have_text("What was typed, and more.")
    history = reviews.history(item, "b1s1")
    store.close()
    assert [edit.text for edit in history] == ["What was typed, and more."]


def kill_after(route, process):
    """Let the server do the save, then kill it and lose the answer."""
    with contextlib.suppress(Exception):
        route.fetch()
    process.send_signal(signal.SIGKILL)
    route.abort()
