"""A real browser, and an article under review to look at."""

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from service.store.engine import Store, open_store
from service.store.reviews import ReviewStore
from tests.review.items import add_item, result_of
from tests.samples import VIETNAMESE

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => violations.push(e.blockedURI));
"""


# Not for the session: while it runs this thread has an event loop, and no test may start another.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "CI must have chromium"
        pytest.skip("needs Debian's chromium (apt-get install chromium)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., Page]]:
    """`visit(address, **context)`: a page of a fresh visitor.

    At the end of the test no page may have asked another host for anything, broken its own policy,
    or complained on the console.
    """
    opened: list[tuple[BrowserContext, Page, str]] = []

    def open_page(address: str, *, context: BrowserContext | None = None, **options) -> Page:
        host = address.split("/")[2]
        made = context or browser.new_context(**{"locale": "en-US", **options})
        page = made.new_page()
        page.add_init_script(WATCH)
        page.outside, page.complaints = [], []
        page.on("request", lambda r: page.outside.append(r.url) if host not in r.url else None)
        page.on("console", lambda m: page.complaints.append(m.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(address)
        opened.append((made, page, host))
        return page

    yield open_page
    for context, page, _ in opened:
        with contextlib.suppress(Exception):  # closed by the test
            assert page.evaluate("window.violations ?? []") == []
        assert [url for url in page.outside if not url.startswith(("data:", "blob:"))] == []
        assert [text for text in page.complaints if "Failed to load resource" not in text] == []
        context.close()


@pytest.fixture(scope="session")
def result(base_url) -> dict:
    """What the service makes of our Vietnamese sample."""
    return result_of(base_url, VIETNAMESE)


@pytest.fixture
def store(settings, base_url) -> Iterator[Store]:
    """The running service's own store."""
    opened = open_store(settings.store_url)
    yield opened
    opened.close()


@pytest.fixture
def reviews(store) -> ReviewStore:
    return ReviewStore(store)


@pytest.fixture
def one(reviews, result, base_url) -> str:
    """The address of an article with one output."""
    return f"{base_url}/review/articles/{add_item(reviews, [result])}"


@pytest.fixture
def two(reviews, result, base_url) -> str:
    """The address of an article with the outputs of two models."""
    return f"{base_url}/review/articles/{add_item(reviews, [result, other_output(result)])}"


def other_output(result: dict) -> dict:
    """The same article by another model: every target in other words, nothing found."""
    other = json.loads(json.dumps(result))
    other["provenance"]["model"] = "rival-model@7"
    for block in other["blocks"]:
        for segment in block["segments"]:
            segment["target"] = f"{segment['target']} (other)"
            segment["findings"] = []
    return other
