"""Accessible, narrow, light: on every page."""

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import expect

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.target + n.failureSummary).join(" | "))"""
PAGES = ("/", "/review", "/review/results", "/review/glossary", "/review/reviewers", "/sign-in")
# At 200 % zoom a 1280 px wide window has 640 CSS pixels.
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "zoomed": {
        "color_scheme": "light",
        "viewport": {"width": 640, "height": 450},
        "device_scale_factor": 2,
    },
}


def violations(page):
    page.evaluate(AXE)
    return page.evaluate(RUN)


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_any_page(visit, base_url, two, one, look):
    page = visit(base_url, **LOOKS[look])
    found = []
    for path in PAGES:
        page.goto(base_url + path)
        found += [f"{path} {violation}" for violation in violations(page)]
    for address in (two, f"{two}?diff=1", f"{one}/segments/b5s1", f"{one}/segments/b5s1/history"):
        page.goto(address)
        found += [f"{address} {violation}" for violation in violations(page)]
    assert found == []


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_while_editing(visit, one, look):
    page = visit(one, **LOOKS[look], locale="vi-VN")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("#removed > summary").click()
    page.keyboard.press("?")
    assert violations(page) == []


def test_no_sideways_scroll_on_a_narrow_screen(visit, base_url, two):
    page = visit(base_url, viewport={"width": 320, "height": 700})
    wide = []
    for address in (*(base_url + path for path in PAGES), two, f"{two}?diff=1"):
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        wide += [(address, width)] if width > 320 else []
    assert wide == []


def test_source_and_outputs_stand_side_by_side_and_stack_on_a_narrow_screen(visit, two):
    page = visit(two, viewport={"width": 900, "height": 700})
    cells = page.locator(".row").first.locator(".cell")
    assert len({cell.bounding_box()["y"] for cell in cells.all()}) == 1
    page.set_viewport_size({"width": 700, "height": 700})
    assert len({cell.bounding_box()["x"] for cell in cells.all()}) == 1


def test_the_page_is_light(visit, base_url, two):
    """Under 150 KB compressed, with everything that it loads."""
    page = visit(base_url)
    bodies = []
    page.on("response", lambda response: bodies.append(response))
    page.goto(two, wait_until="networkidle")
    loaded = [response.body() for response in bodies if not response.url.startswith("data:")]
    assert len(loaded) >= 4
    assert sum(len(gzip.compress(body)) for body in loaded) < 150_000


def test_each_language_is_marked_for_screen_readers(visit, two):
    page = visit(two, locale="vi-VN")
    assert page.locator("html").get_attribute("lang") == "vi"
    assert page.locator(".cell.source").first.get_attribute("lang") == "vi"
    assert page.locator(".cell.target").first.get_attribute("lang") == "en"
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name="Queue")).to_be_visible()
