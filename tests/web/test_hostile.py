"""Hostile text stays text, wherever it comes from."""

from playwright.sync_api import expect

from tests.review.items import add_item, plain_result

HOSTILE = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror='window.pwned=2'>",
    '"><svg onload=window.pwned=3>',
    "javascript:window.pwned=4",
    "</textarea></script><script>window.pwned=5</script>",
    "{{ 7*7 }}{% for x in y %}",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnol yrev\N{POP DIRECTIONAL FORMATTING}",
    "Z" + "\N{COMBINING GRAVE ACCENT}" * 10_000,
    "x" * 200_000,
    "' onmouseover='window.pwned=6",
)


def test_nothing_runs_and_the_layout_holds(visit, base_url, reviews):
    pairs = [(text, text[::-1] if len(text) < 100 else text) for text in HOSTILE]
    results = [plain_result(*pairs, model=f"m{n}<script>window.pwned=7</script>") for n in (1, 2)]
    for result in results:
        result["removed"] = [
            {"text": text, "line": n, "rule": "<b>rule</b>"} for n, text in enumerate(HOSTILE)
        ]
        result["summary"]["source"] = [{"text": HOSTILE[1], "cites": ["b1s1", "<nowhere>"]}]
    for shown in (results, results[:1]):
        address = f"{base_url}/review/articles/{add_item(reviews, shown)}"
        page = visit(address, viewport={"width": 320, "height": 700})
        page.locator("#removed > summary").click()
        for segment in ("b1s1", "b5s1"):
            page.locator(f"#{segment} a.edit").click()
            page.locator(f"#{segment} textarea").fill(HOSTILE[4])
            page.keyboard.press("Escape")
            expect(page.locator("textarea")).to_have_count(0)
        for path in (
            address,
            f"{address}?diff=1",
            f"{base_url}/review",
            f"{base_url}/review/results",
        ):
            page.goto(path)
            assert page.evaluate("window.pwned") is None, path
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        page.goto(f"{address}/segments/b5s1")
        expect(page.locator("textarea")).to_have_value(HOSTILE[4])
        assert page.evaluate("window.pwned") is None


def test_an_address_leads_nowhere_else(visit, base_url):
    page = visit(f"{base_url}/ui/vi?back=//elsewhere.example/")
    assert page.url == f"{base_url}/"
    page.goto(f"{base_url}/ui/vi?back=/\\elsewhere.example")
    assert page.url == f"{base_url}/"
    page.goto(f"{base_url}/review/glossary?source=<script>window.pwned=1</script>")
    assert page.evaluate("window.pwned") is None
