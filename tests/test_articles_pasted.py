"""The hard cases: pasted pages in the shapes of real ones, and what must come out of them."""

import json
from pathlib import Path

import pytest

from service.article import BlockKind
from service.stages.classify import classify

CASES = sorted((Path(__file__).parent / "articles" / "pasted").glob("*.txt"))


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request):
    path = request.param
    expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    return classify(path.read_text("utf-8")), expected


def test_the_article_comes_out_block_by_block(case):
    article, expected = case
    found = [{"kind": block.kind.value, "text": block.text} for block in article.blocks]
    assert found == expected["blocks"], expected["why"]


def test_every_removed_line_is_accounted_for_with_its_rule(case):
    article, expected = case
    assert [removal.line for removal in article.removed] == expected["removed_lines"]
    assert all(removal.rule for removal in article.removed)


def test_date_and_byline_are_read(case):
    article, expected = case
    published = article.published.isoformat() if article.published else None
    assert (published, article.byline) == (expected["published"], expected["byline"])


def test_no_paragraph_is_ever_lost(case):
    article, expected = case
    kept = {block.text for block in article.blocks}
    prose = {BlockKind.PARAGRAPH.value, BlockKind.LEAD.value, BlockKind.LIST_ITEM.value}
    assert {block["text"] for block in expected["blocks"] if block["kind"] in prose} <= kept
