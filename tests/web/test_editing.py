"""Correcting in a real browser: autosave, conflict, history, undo; no text is ever lost."""

import re

from playwright.sync_api import expect

from service.store.review_values import Save
from tests.review.items import add_item, plain_result

SAVED = re.compile("Saved at")


def open_editor(page, segment):
    page.locator(f"#{segment} a.edit").click()
    box = page.locator(f"#{segment} textarea")
    expect(box).to_be_focused()
    return box


def item_of(address):
    return address.rsplit("/", 1)[-1]


def test_what_is_typed_is_saved_by_itself_as_one_revision(visit, one, reviews):
    page = visit(one)
    box = open_editor(page, "b3s1")
    box.fill("On the morning of March 15, 2024,")
    expect(page.locator("#b3s1 .saved")).to_have_text(SAVED)
    box.press_sequentially(" the chairman received citizens.")
    expect(page.locator("#b3s1 .saved")).to_have_text(SAVED)
    page.keyboard.press("Escape")
    expect(page.locator("textarea")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage)") == []  # the draft has done its work
    history = reviews.history(item_of(one), "b3s1")
    assert [edit.text for edit in history] == [
        "On the morning of March 15, 2024, the chairman received citizens."
    ]
    expect(page.locator("#live")).to_have_text("Saved")


def test_ctrl_enter_confirms_and_goes_on_and_the_doubt_is_settled(visit, one, reviews):
    page = visit(one)
    before = page.locator(".row.doubtful").count()
    page.keyboard.press("n")
    segment = page.locator(".row.current").get_attribute("id")
    page.keyboard.press("e")
    expect(page.locator(f"#{segment} textarea")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"#{segment}.edited")).to_be_visible()
    expect(page.locator("textarea")).to_be_focused()  # of the next sentence
    assert page.locator(".row.doubtful").count() == before - 1
    assert len(reviews.history(item_of(one), segment)) == 1


def test_two_editors_get_both_texts_and_lose_none(visit, one, reviews):
    lan, minh = visit(one), visit(one)
    for page in (lan, minh):
        open_editor(page, "b5s1")
    lan.locator("#b5s1 textarea").fill("Lan's translation.")
    expect(lan.locator("#b5s1 .saved")).to_have_text(SAVED)
    minh.locator("#b5s1 textarea").fill("Minh's translation.")
    conflict = minh.locator("#b5s1 form.conflict")
    expect(conflict).to_be_visible()
    expect(conflict.locator(".theirs")).to_have_text("Lan's translation.")
    expect(conflict.locator("textarea")).to_have_value("Minh's translation.")
    assert reviews.head(item_of(one), "b5s1").text == "Lan's translation."
    conflict.locator("textarea").fill("A third one.")
    conflict.get_by_role("button", name="Save mine over it").click()
    expect(minh.locator("#b5s1 .cell.target")).to_have_text("A third one.")
    texts = [edit.text for edit in reviews.history(item_of(one), "b5s1")]
    assert texts == ["Lan's translation.", "A third one."]


def test_a_conflict_can_be_left_to_what_is_saved(visit, one, reviews):
    page = visit(one)
    open_editor(page, "b5s1")
    save(reviews, one, "b5s1", "Someone else's.")
    page.locator("#b5s1 textarea").fill("Mine.")
    page.get_by_role("link", name="Keep the saved one").click()
    expect(page.locator("#b5s1 .cell.target")).to_have_text("Someone else's.")
    assert len(reviews.history(item_of(one), "b5s1")) == 1


def test_undo_goes_back_step_by_step_and_history_shows_every_text(visit, one, reviews):
    machine = visit(one).locator("#b5s1 .cell.target").inner_text()
    save(reviews, one, "b5s1", "First.")
    save(reviews, one, "b5s1", "Second.")
    page = visit(one)
    for wanted in ("First.", machine):
        open_editor(page, "b5s1")
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("#b5s1 textarea")).to_have_value(wanted)
        page.keyboard.press("Escape")
        expect(page.locator("#b5s1 .cell.target")).to_have_text(wanted)
    page.locator("#b5s1 [data-history]").click()
    expect(page.locator("#b5s1 .revisions > li")).to_have_count(5)


def test_leaving_the_editor_with_escape_keeps_what_was_written(visit, one, reviews):
    page = visit(one)
    open_editor(page, "b5s1").fill("Written just before leaving.")
    page.keyboard.press("Escape")
    expect(page.locator("#b5s1")).to_be_focused()
    assert reviews.head(item_of(one), "b5s1").text == "Written just before leaving."


def test_correcting_works_without_a_script(visit, one, reviews):
    page = visit(one, java_script_enabled=False)
    page.locator("#b5s1 a.edit").click()
    page.get_by_label("Translation of sentence").fill("Without a script.")
    save(reviews, one, "b5s1", "Someone was faster.")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.locator(".theirs")).to_have_text("Someone was faster.")
    expect(page.locator("textarea")).to_have_value("Without a script.")
    page.get_by_role("button", name="Save mine over it").click()
    expect(page.locator("#b5s1 .cell.target")).to_have_text("Without a script.")


def test_approving_offers_new_names_as_terms(visit, one, reviews, store):
    save(reviews, one, "b5s1", "The Provincial Office of Complaints asked for answers.")
    page = visit(one)
    page.get_by_role("button", name="Approve the article").click()
    expect(page.locator("#approval")).to_contain_text("This article is approved")
    offer = page.locator("#approval .term-pair").first
    expect(offer.get_by_label("Its translation")).to_have_value("Provincial Office of Complaints")
    offer.get_by_label("Term in the source").fill("ban tiếp công dân")
    page.get_by_role("button", name="Add to the glossary").click()
    expect(page.get_by_role("cell", name="ban tiếp công dân", exact=True)).to_be_visible()
    page.get_by_role("button", name="Take out ban tiếp công dân").click()
    expect(page.get_by_role("cell", name="ban tiếp công dân", exact=True)).to_have_count(0)


def test_an_approved_sentence_is_suggested_for_a_similar_one(visit, base_url, reviews):
    source = "Ủy ban nhân dân huyện Sông Mây họp thường kỳ về cấp nước sạch cho mười hai xã."
    first = add_item(reviews, [plain_result((source, "A draft."))])
    save(reviews, f"/{first}", "b1s1", "The Song May District People's Committee met on water.")
    page = visit(f"{base_url}/review/articles/{first}")
    page.get_by_role("button", name="Approve the article").click()
    expect(page.locator("#approval")).to_contain_text("This article is approved")
    similar = source.replace("mười hai", "mười ba")
    second = add_item(reviews, [plain_result((similar, "A draft."))])
    page.goto(f"{base_url}/review/articles/{second}")
    box = open_editor(page, "b1s1")
    expect(page.locator(".suggestion")).to_contain_text("met on water")
    page.get_by_role("button", name="Take it").click()
    expect(box).to_have_value("The Song May District People's Committee met on water.")
    expect(page.locator(".saved")).to_have_text(SAVED)


def save(reviews, address, segment, text):
    item, head = item_of(address), reviews.head(item_of(address), segment)
    version = head.version if head else 0
    reviews.save(
        Save(
            item_id=item,
            segment=segment,
            text=text,
            base=0,
            expected=version,
            reviewer_id="someone",
            session=f"s{version}",
            save_id=f"i{version}",
        )
    )
