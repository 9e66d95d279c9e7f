"""Names stay hidden until the vote is stored, everywhere."""

import httpx2
from playwright.sync_api import expect

from service.review.blind import rounds_due
from tests.review.items import add_item
from tests.web.conftest import other_output

FORMATS = ("jsonl", "csv", "tmx", "xliff", "docx", "html")


def item_of(address):
    return address.rsplit("/", 1)[-1]


def once(reviews, result, base_url):
    """An item that the local reviewer is asked about once."""
    while True:
        item = add_item(reviews, [result, other_output(result)])
        if rounds_due("local", item, 2) == 1:
            return f"{base_url}/review/articles/{item}"


def test_no_name_before_the_vote_and_all_names_after_it(visit, base_url, reviews, result):
    address = once(reviews, result, base_url)
    names = (result["provenance"]["model"], "rival-model@7")
    page = visit(base_url)
    seen = []
    page.on("response", lambda response: seen.append(response))
    page.goto(address, wait_until="networkidle")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator("textarea").fill("Edited.")
    page.keyboard.press("Escape")
    expect(page.locator("textarea")).to_have_count(0)
    page.keyboard.press("d")
    page.wait_for_load_state("networkidle")
    told = "".join(str(r.all_headers()) + r.url for r in seen)
    told += "".join(r.text() for r in seen if r.status == 200) + page.content()
    assert [name for name in names if name in told] == []
    page.get_by_label("Version A").check()
    page.get_by_label("wrong names").check()
    page.get_by_role("button", name="Store the vote").click()
    expect(page.locator("#vote")).to_contain_text("Your vote is stored")
    for name in names:
        expect(page.locator("#vote")).to_contain_text(name)
    for language in ("vi", "en"):
        page.goto(f"{base_url}/ui/{language}?back=/review/results")
        for name in names:
            expect(page.get_by_role("rowheader", name=name).first).to_be_visible()


def test_exports_before_the_vote_have_no_name_either(base_url, two, result):
    names = [result["provenance"]["model"].encode(), b"rival-model"]
    with httpx2.Client(base_url=base_url) as client:
        for wanted in FORMATS:
            answer = client.get(f"/review/export?format={wanted}&item={item_of(two)}")
            assert answer.status_code == 200, wanted
            assert [name for name in names if name in unpacked(answer.content)] == [], wanted


def unpacked(content):
    import io
    import zipfile

    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_a_stored_vote_is_final(visit, base_url, reviews, result):
    address = once(reviews, result, base_url)
    first, second = visit(address), visit(address)
    first.get_by_label("Equally good").check()
    first.get_by_role("button", name="Store the vote").click()
    expect(first.locator("#vote")).to_contain_text("Your vote is stored")
    second.get_by_label("All bad").check()
    second.get_by_role("button", name="Store the vote").click()
    expect(second.get_by_role("heading")).to_have_text("Your vote on this article is stored")
    votes = [vote.choice for vote in reviews.votes(item_id=item_of(address))]
    assert votes == ["tie"]


def test_voting_works_without_a_script(visit, base_url, reviews, result):
    address = once(reviews, result, base_url)
    page = visit(address, java_script_enabled=False)
    page.locator("#b5s1 button.letter").last.click()
    expect(page.locator("#b5s1 .chosen")).to_have_count(1)
    page.get_by_label("Version B").check()
    page.get_by_role("button", name="Store the vote").click()
    expect(page.locator("#vote")).to_contain_text("Your vote is stored")
