"""The paste page in a real browser."""

import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.samples import VIETNAMESE

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Debian's chromium (apt-get install chromium)"
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def page(browser, base_url):
    opened = browser.new_page()
    opened.outside = []
    opened.complaints = []
    opened.on(
        "request",
        lambda request: (
            opened.outside.append(request.url) if not request.url.startswith(base_url) else None
        ),
    )
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.goto(base_url)
    yield opened
    assert [url for url in opened.outside if not url.startswith("data:")] == []
    opened.close()


def translate(page, text):
    page.get_by_label("Paste an article").fill(text)
    page.get_by_role("button", name="Translate", exact=True).click()


def test_an_article_comes_back_side_by_side_with_its_summary_on_top(page):
    translate(page, VIETNAMESE)
    result = page.get_by_role("region", name="Result")
    expect(result).to_be_visible(timeout=120_000)
    expect(result.locator(".pair.title div").nth(1)).to_have_text(
        "Chủ tịch UBND tỉnh tiếp công dân định kỳ tháng 3"
    )
    boxes = [page.locator(selector).first.bounding_box() for selector in (".summary", ".pair")]
    assert boxes[0]["y"] < boxes[1]["y"]
    source, target = page.locator(".pair.title > div:not(.kind)").all()
    assert source.bounding_box()["y"] == target.bounding_box()["y"]
    assert source.bounding_box()["x"] < target.bounding_box()["x"]
    assert page.complaints == []


def test_removed_lines_can_be_unfolded(page):
    translate(page, VIETNAMESE)
    page.get_by_text("Removed lines").click(timeout=120_000)
    expect(page.get_by_text("Bình luận (0)").last).to_be_visible()


def test_pointing_at_a_sentence_lights_up_its_partner(page):
    translate(page, VIETNAMESE)
    first = page.locator(".pair .segment").first
    first.hover(timeout=120_000)
    expect(page.locator(".segment.lit")).to_have_count(2)


def test_a_problem_is_told_in_words(page):
    translate(page, "Le gouvernement a annoncé hier de nouvelles mesures pour les familles.")
    expect(page.get_by_role("status")).to_contain_text("detected: fr", timeout=60_000)
    expect(page.get_by_role("region", name="Result")).to_be_hidden()


def test_hostile_text_stays_text(page):
    translate(
        page,
        "<img src=x onerror=document.title='hacked'> Chính phủ họp phiên thường kỳ tháng 3 tại "
        "thủ đô Hà Nội, bàn nhiều việc lớn của đất nước.",
    )
    expect(page.locator(".pair").first).to_be_visible(timeout=120_000)
    assert page.locator("#result img").count() == 0
    assert "hacked" not in page.title()


def test_keyboard_alone_is_enough(page):
    page.keyboard.press("Tab")
    page.keyboard.type("The government held its regular meeting in Hanoi on Monday morning.")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".pair").first).to_be_visible(timeout=120_000)
    assert page.evaluate("document.activeElement.id") == "result"


def test_no_sideways_scroll_on_a_narrow_screen(page):
    page.set_viewport_size({"width": 320, "height": 700})
    translate(page, VIETNAMESE)
    expect(page.locator(".pair").first).to_be_visible(timeout=120_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_interface_description_needs_no_outside_address(page, base_url):
    page.goto(f"{base_url}/docs")
    expect(page.get_by_text("/v1/articles").first).to_be_visible(timeout=60_000)
    page.get_by_text("/v1/articles").first.click()
    expect(page.get_by_text("tiếp công dân định kỳ").first).to_be_visible()
