"""Raw pages in the shapes of real sites, each with the blocks that must come out of it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.article import BlockKind
from service.extraction.page import extract_page
from service.intake import ArticleRequest, read_article

FOLDER = Path(__file__).parent / "articles" / "html"
PAGES = sorted(path.stem for path in FOLDER.glob("*.html"))


def read_case(name: str) -> tuple[str, dict[str, Any]]:
    expected = json.loads((FOLDER / f"{name}.expected.json").read_text(encoding="utf-8"))
    return (FOLDER / f"{name}.html").read_text(encoding="utf-8"), expected


def test_there_are_pages_of_many_kinds() -> None:
    assert len(PAGES) >= 12


@pytest.mark.parametrize("name", PAGES)
def test_blocks(name: str) -> None:
    page, expected = read_case(name)
    blocks = [[str(block.kind), block.text] for block in extract_page(page).blocks]
    assert blocks == expected["blocks"]


@pytest.mark.parametrize("name", PAGES)
def test_date_and_byline(name: str) -> None:
    page, expected = read_case(name)
    article = extract_page(page)
    published = expected["published"]
    assert article.published == (date.fromisoformat(published) if published else None)
    assert article.byline == expected["byline"]


@pytest.mark.parametrize("name", PAGES)
def test_furniture_is_removed_and_accounted_for(name: str) -> None:
    page, expected = read_case(name)
    article = extract_page(page)
    kept = "\n".join(block.text for block in article.blocks)
    removed = "\n".join(removal.text for removal in article.removed)
    for phrase in expected["removed"]:
        assert phrase not in kept
        assert phrase in removed


@pytest.mark.parametrize("name", PAGES)
def test_every_line_is_in_one_place_only(name: str) -> None:
    page, _ = read_case(name)
    article = extract_page(page)
    numbers = [removal.line for removal in article.removed]
    assert numbers == sorted(set(numbers))
    assert all(removal.rule for removal in article.removed)
    titles = [block for block in article.blocks if block.kind is BlockKind.TITLE]
    assert len(titles) == 1


def test_a_dateline_of_a_page_is_set_apart_and_dates_the_article() -> None:
    said = [
        f"The council agreed on {n} new clinics for the coastal districts, which will open by the "
        f"end of the year, and on {n + 3} buses to reach them from the villages."
        for n in range(2, 8)
    ]
    head = "Hanoi, March 18, 2024 –"
    body = "".join(f"<p>{text}</p>" for text in [f"{head} {said[0]}", *said[1:]])
    html = f"<html><body><div><h1>Council plans clinics</h1>{body}</div></body></html>"
    article = read_article(ArticleRequest(html=html), extract_page, 10_000)
    assert [block.text for block in article.blocks] == ["Council plans clinics", head, *said]
    assert article.blocks[1].kind is BlockKind.DATELINE
    assert article.published == date(2024, 3, 18)
