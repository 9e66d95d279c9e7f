"""From a pasted article to its page, in a real browser."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.review.items import add_item
from tests.samples import VIETNAMESE


@pytest.fixture
def page(visit, base_url):
    return visit(base_url)


def translate(page, text):
    page.get_by_label("Paste an article").fill(text)
    page.get_by_role("button", name="Translate", exact=True).click()


def test_an_article_comes_back_side_by_side_with_its_summary_on_top(page):
    translate(page, VIETNAMESE)
    expect(page.locator("#rows")).to_be_visible(timeout=120_000)
    title = page.locator(".row.title")
    expect(title.locator(".source")).to_have_text(
        "Chủ tịch UBND tỉnh tiếp công dân định kỳ tháng 3"
    )
    boxes = [page.locator(selector).first.bounding_box() for selector in (".summary", ".row")]
    assert boxes[0]["y"] < boxes[1]["y"]
    source, target = title.locator(".cell").all()
    assert source.bounding_box()["y"] == target.bounding_box()["y"]
    assert source.bounding_box()["x"] < target.bounding_box()["x"]


def test_removed_lines_can_be_unfolded(page):
    translate(page, VIETNAMESE)
    page.get_by_text("Removed lines").click(timeout=120_000)
    expect(page.locator("#removed").get_by_text("Bình luận (0)")).to_be_visible()


def test_a_removed_line_can_be_put_back_and_corrections_stay(page):
    translate(page, VIETNAMESE)
    page.locator("#b3s1 a.edit").click(timeout=120_000)
    page.locator("textarea").fill("Corrected before.")
    page.keyboard.press("Escape")
    expect(page.locator("#b3s1 .target")).to_have_text("Corrected before.")
    before = page.locator(".row").count()
    page.locator("#removed > summary").click()
    line = page.locator("#removed li", has_text="Tin tức - Sự kiện")
    line.get_by_role("button", name="Put back").click()
    expect(page.locator(".row")).to_have_count(before + 1, timeout=60_000)
    expect(page.locator(".row .source").first).to_have_text("Tin tức - Sự kiện")
    expect(page.get_by_text("Corrected before.")).to_be_visible()
    expect(page.locator("#removed li", has_text="Tin tức - Sự kiện")).to_have_count(0)


def test_a_citation_leads_to_its_sentence(page):
    translate(page, VIETNAMESE)
    link = page.locator(".summary .cite").first
    link.click(timeout=120_000)
    row = page.locator(link.get_attribute("href"))
    expect(row).to_be_focused()
    expect(row).to_be_in_viewport()
    assert row.locator(".source").inner_text() in page.locator(".summary li").first.inner_text()


def with_a_lost_number(result):
    """The result with one finding: "12 lượt" of the source is "13 citizens" in the target."""
    changed = json.loads(json.dumps(result))
    segments = [s for block in changed["blocks"] for s in block["segments"]]
    for segment in segments:
        segment["findings"] = []
    segment = next(s for s in segments if "12 lượt" in s["source"])
    segment["target"] = "There were 13 citizens who gave their opinions."
    at = segment["source"].index("12")
    segment["findings"] = [
        {
            "check": "numbers",
            "severity": "major",
            "message": {"vi": "Số “12” thành “13”.", "en": "The number “12” became “13”."},
            "source_span": [at, at + 2],
            "target_span": [11, 13],
        }
    ]
    return changed


def test_pointing_at_what_was_found_explains_it_and_lights_up_its_partner(
    visit, base_url, reviews, result
):
    item = add_item(reviews, [with_a_lost_number(result)])
    page = visit(f"{base_url}/review/articles/{item}")
    row = page.locator(".row", has_text="13 citizens")
    marks = row.locator("mark")
    expect(marks).to_have_text(["12", "13"])
    for pointed in (0, 1):
        marks.nth(pointed).hover()
        expect(page.locator("#tip")).to_contain_text("The number “12” became “13”.")
        for mark in (marks.first, marks.last):
            expect(mark).to_have_class(re.compile("lit"))


def test_a_problem_is_told_in_words_and_the_text_is_kept(page):
    text = "Le gouvernement a annoncé hier de nouvelles mesures pour les familles."
    translate(page, text)
    expect(page.get_by_role("status")).to_contain_text("detected: fr", timeout=60_000)
    expect(page.get_by_label("Paste an article")).to_have_value(text)


def test_a_problem_is_told_in_vietnamese_too(visit, base_url):
    page = visit(base_url, locale="vi-VN")
    page.get_by_label("Dán bài viết").fill("   ")
    page.get_by_role("button", name="Dịch", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Hãy gửi ít nhất một câu")


def test_keyboard_alone_is_enough(page):
    page.get_by_label("Paste an article").focus()
    page.keyboard.type("The government held its regular meeting in Hanoi on Monday morning.")
    button = page.get_by_role("button", name="Translate", exact=True)
    for _ in range(12):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".row").first).to_be_visible(timeout=120_000)


def test_a_file_is_read_and_works_without_a_script(visit, base_url, tmp_path):
    page = visit(base_url, java_script_enabled=False)
    file = tmp_path / "article.txt"
    file.write_text("Chính phủ họp phiên thường kỳ tháng 3 tại thủ đô Hà Nội.", "utf-8")
    page.get_by_label("or an HTML or text file").set_input_files(file)
    page.get_by_role("button", name="Translate", exact=True).click()
    expect(page.locator(".row .source").first).to_contain_text("Chính phủ họp", timeout=120_000)


def test_the_interface_description_needs_no_outside_address(page, base_url):
    page.goto(f"{base_url}/docs")
    expect(page.get_by_text("/v1/articles").first).to_be_visible(timeout=60_000)
    page.get_by_text("/v1/articles").first.click()
    expect(page.get_by_text("tiếp công dân định kỳ").first).to_be_visible()
