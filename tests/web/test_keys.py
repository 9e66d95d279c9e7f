"""Every task by keyboard alone; input methods keep their keys."""

import re

from playwright.sync_api import expect

from tests.review.items import add_item, plain_result


def test_the_queue_is_worked_through_by_keyboard_alone(visit, base_url, reviews):
    results = [
        plain_result(("Câu một.", f"Sentence one, {name}."), ("Câu hai.", "Two."), model=name)
        for name in ("left@1", "right@1")
    ]
    items = [
        add_item(reviews, results, job_id="keyboard") for _ in range(10)
    ]  # some are asked about twice
    page = visit(f"{base_url}/review?job=keyboard")
    while True:
        page.goto(f"{base_url}/review?job=keyboard&state=open")
        if not page.locator("#list li").count():
            break
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator("#rows")).to_be_visible()
        page.keyboard.press("j")
        page.keyboard.press("2")  # B is better in this sentence
        expect(page.locator(".row.current .chosen")).to_have_count(1)
        page.keyboard.press("e")
        expect(page.locator("textarea")).to_be_focused()
        page.keyboard.type(" More.")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#b1s1.edited")).to_be_visible()
        expect(page.locator("#b2s1 textarea")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("textarea")).to_have_count(0)
        focused = page.evaluate("document.activeElement.className")
        assert "row" in focused, "focus was lost"
        page.keyboard.press("v")
        page.keyboard.press("Space")
        for _ in range(8):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.type") == "submit":
                break
        page.keyboard.press("Enter")
        expect(page.locator("#vote")).to_contain_text(
            re.compile("Your vote is stored|Once more, please")
        )
    voted = {vote.item_id for vote in reviews.votes() if not vote.segment}
    assert set(items) <= voted


def test_keys_of_an_input_method_are_left_alone(visit, two):
    page = visit(two)
    page.keyboard.press("j")
    row = page.locator(".row.current")
    name = row.get_attribute("id")
    for key in ("j", "1"):
        page.evaluate(
            """key => {
              const at = document.activeElement, bubbles = true;
              at.dispatchEvent(new CompositionEvent("compositionstart", {bubbles}));
              at.dispatchEvent(new KeyboardEvent("keydown", {key, isComposing: true, bubbles}));
              at.dispatchEvent(new KeyboardEvent("keydown", {key, keyCode: 229, bubbles}));
              at.dispatchEvent(new CompositionEvent("compositionend", {bubbles}));
            }""",
            key,
        )
    assert page.locator(".row.current").get_attribute("id") == name
    expect(page.locator(".cell.chosen")).to_have_count(0)


def test_enter_of_an_input_method_does_not_save(visit, one):
    page = visit(one)
    page.locator("#b5s1 a.edit").click()
    box = page.locator("textarea")
    box.evaluate(
        """box => box.dispatchEvent(new KeyboardEvent("keydown",
          {key: "Enter", ctrlKey: true, isComposing: true, bubbles: true}))"""
    )
    expect(box).to_be_focused()
    expect(page.locator("#b5s1.edited")).to_have_count(0)


def test_letters_are_text_in_the_editor_and_can_be_switched_off(visit, one):
    page = visit(one)
    page.locator("#b5s1 a.edit").click()
    box = page.locator("textarea")
    box.fill("")
    page.keyboard.type("jkedgn?019")
    expect(box).to_have_value("jkedgn?019")
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    page.keyboard.press("?")
    page.get_by_label("Single-letter keys on").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    expect(page.locator(".row.current")).to_have_count(0)


def test_what_differs_is_shown_in_words_and_not_by_colour_alone(visit, two):
    page = visit(two)
    page.keyboard.press("j")
    page.keyboard.press("d")
    change = page.locator(".row.current :is(ins, del)").first
    expect(change).to_be_visible()
    sign = change.evaluate("node => getComputedStyle(node, '::before').content")
    assert sign.strip('"') in ("[+", "[−")
    page.keyboard.press("d")
    expect(page.locator(".row.current :is(ins, del)")).to_have_count(0)


def test_every_mark_can_be_reached_and_is_explained(visit, one):
    page = visit(one)
    row = page.locator(".row:has(mark)").first
    row.focus()
    page.keyboard.press("g")
    mark = page.locator("mark:focus")
    expect(mark).to_have_attribute("aria-describedby", "tip")
    expect(page.locator("#tip")).not_to_be_empty()
    expect(page.locator("#tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#tip")).to_be_hidden()
