#!/usr/bin/env python3
"""Weight, speed and fairness of the review form, in Debian's chromium against a server of its own.

Example:
    python scripts/measure_review.py --segments 500 --kills 20
"""

import contextlib
import gzip
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from playwright.sync_api import CDPSession, Page, Route, sync_playwright

from service.review.blind import first_share, shown_order
from service.review.sheet import read_sheet
from service.store.engine import open_store
from service.store.review_values import NewReviewItem
from service.store.reviews import ReviewStore

COMMAND = "from service.cli import app; app()"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
SOURCE = (
    "Chủ tịch UBND tỉnh yêu cầu Sở Y tế báo cáo Chính phủ trước ngày {n}/3/2024, kèm {n} phụ lục."
)
TARGET = "The provincial chairman asked the Department of Health to report by March {n}: {n} notes."
# Time from a key to the frame after it (Event Timing API), worst of all keys pressed.
WATCH = """
window.slow = [];
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => violations.push(e.blockedURI));
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.name === "keydown") slow.push(entry.duration);
  }
}).observe({type: "event", durationThreshold: 16, buffered: true});
"""

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    segments: Annotated[int, typer.Option(help="Sentences of the long article.")] = 500,
    kills: Annotated[int, typer.Option(help="How often the server is killed.")] = 5,
    keys: Annotated[int, typer.Option(help="How many keys are pressed.")] = 60,
) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("needs Debian's chromium (apt-get install chromium)")
    folder = Path(tempfile.mkdtemp(prefix="songngu-review-"))
    store = open_store(f"sqlite:///{folder / 'songngu.db'}")
    reviews = ReviewStore(store)
    item = _add(reviews, segments)
    short = _add(reviews, 4)
    figures: dict[str, Any] = {"segments": segments, "load_average": os.getloadavg()[0]}
    orders = [shown_order("reviewer", n, 2) for n in range(1000)]
    figures["first_place_share_of_1000"] = first_share(orders)
    port = _free_port()
    try:
        with sync_playwright() as playwright, _server(port, folder):
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            address = f"http://127.0.0.1:{port}/review/articles/{item}"
            figures |= _load(browser.new_page(), address, f"http://127.0.0.1:{port}")
            figures |= _press(browser.new_page(), address, keys)
            browser.close()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            if kills:
                figures |= _kill(browser.new_page(), reviews, short, folder, kills)
            browser.close()
    finally:
        store.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures, indent=2))


def _add(reviews: ReviewStore, segments: int) -> str:
    """An article of so many sentences, with two outputs."""
    outputs = []
    for model in ("one@1", "two@1"):
        blocks = []
        for n in range(1, segments + 1):
            source, target = SOURCE.format(n=n), f"{TARGET.format(n=n)} ({model})"
            segment = {"id": f"b{n}s1", "source": source, "target": target, "findings": []}
            blocks.append({"kind": "paragraph", "segments": [segment]})
        result = {
            "title": {"source": "Bài dài", "target": "Long"},
            "source_language": "vi",
            "target_language": "en",
            "summary": {"source": [], "target": []},
            "blocks": blocks,
            "removed": [],
        }
        outputs.append((model, json.dumps(result, ensure_ascii=False)))
    sheet = read_sheet(outputs)
    return reviews.add(
        NewReviewItem(
            outputs=tuple(outputs), title=sheet.title, source_language="vi",
            target_language="en", segments=segments, flagged=0,
        )
    )  # fmt: skip


def _load(page: Page, address: str, own: str) -> dict[str, Any]:
    """Weight, requests elsewhere, and the time until the page can be used, best of five."""
    page.add_init_script(WATCH)
    responses: list[Any] = []
    outside: list[str] = []
    page.on("response", lambda response: responses.append(response))
    page.on(
        "request", lambda r: outside.append(r.url) if not r.url.startswith((own, "data:")) else None
    )
    page.goto(address, wait_until="networkidle")
    bodies = [r.body() for r in responses if not r.url.startswith("data:")]
    times, servers, paints, burnt = [], [], [], []
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    for _ in range(5):
        before = _cpu_ms(session)
        page.goto(address, wait_until="load")
        burnt.append(_cpu_ms(session) - before)
        paints.append(page.evaluate("performance.getEntriesByType('paint')[0].startTime"))
        timing = page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
        times.append(timing["domContentLoadedEventEnd"])
        servers.append(timing["responseStart"])
    return {
        "page_gz_bytes": sum(len(gzip.compress(body)) for body in bodies),
        "of_it_files_gz_bytes": sum(len(gzip.compress(body)) for body in bodies[1:]),
        "outside_requests": len(outside),
        "csp_violations": len(page.evaluate("window.violations")),
        "interactive_ms_best": round(min(times)),
        "interactive_ms_median": round(statistics.median(times)),
        "first_byte_ms_best": round(min(servers)),
        "first_paint_ms_best": round(min(paints)),
        "browser_cpu_ms_best": round(min(burnt)),
    }


def _cpu_ms(session: CDPSession) -> float:
    """CPU time that the page's process has used, which other programs' load does not change."""
    metrics = {
        one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]
    }
    return 1000 * float(metrics["ProcessTime"])


def _press(page: Page, address: str, keys: int) -> dict[str, Any]:
    """Latency of J, G and D in the long article."""
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(300)
    for n in range(keys):
        page.keyboard.press("jjgk"[n % 4])
        page.wait_for_timeout(60)
    slow = sorted(page.evaluate("window.slow"))
    # Event Timing rounds to 8 ms and tells nothing under 16 ms.
    return {
        "keys_pressed": keys,
        "keys_over_16_ms": len(slow),
        "key_latency_ms_median": 16 if len(slow) * 2 < keys else slow[len(slow) // 2],
        "key_latency_ms_p95": slow[-max(1, keys // 20)] if len(slow) >= keys // 20 else 16,
        "key_latency_ms_max": slow[-1] if slow else 16,
    }


def _kill(page: Page, reviews: ReviewStore, item: str, folder: Path, kills: int) -> dict[str, Any]:
    """Kill the server at each save, before or after it is done; count lost and doubled edits."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}/review/articles/{item}"
    lost = doubled = 0
    process = _start(port, folder)
    try:
        for n in range(1, kills + 1):
            page.goto(address)
            page.locator("#b1s1 a.edit").click()
            before = len(reviews.history(item, "b1s1"))
            holder = {"process": process}

            def kill(
                route: Route, done: bool = n % 2 == 0, holder: dict[str, Any] = holder
            ) -> None:
                if done:  # the save is done, its answer lost
                    with contextlib.suppress(Exception):
                        route.fetch()
                holder["process"].send_signal(signal.SIGKILL)
                holder["process"].wait()
                route.abort()

            page.route("**/segments/b1s1", kill)
            wanted = f"Text number {n}."
            page.locator("textarea").fill(wanted)
            page.locator(".saved.bad").wait_for(timeout=30_000)
            page.unroute("**/segments/b1s1")
            process = _start(port, folder)
            page.locator(".saved:not(.bad):has-text('Saved at')").wait_for(timeout=60_000)
            history = reviews.history(item, "b1s1")
            lost += history[-1].text != wanted
            doubled += len(history) != before + 1
            page.keyboard.press("Escape")
    finally:
        process.kill()
        process.wait()
    return {"kills": kills, "edits_lost": lost, "edits_doubled": doubled}


@contextlib.contextmanager
def _server(port: int, folder: Path) -> Iterator[None]:
    process = _start(port, folder)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _start(port: int, folder: Path) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", COMMAND, "serve", "--port", str(port)]
    environment = {**os.environ, "SONGNGU_DATA_DIR": str(folder), "SONGNGU_ENGINE_REPLICAS": "1"}
    process = subprocess.Popen(arguments, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx2.HTTPError):
            if httpx2.get(f"http://127.0.0.1:{port}/livez").status_code == 200:
                return process
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    app()
