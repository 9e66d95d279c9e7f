"""Pasted pages in old encodings, decomposed, or in two languages: read from raw input to blocks."""

import json
from pathlib import Path

import pytest

from service.article import Article
from service.intake import ArticleRequest, read_article
from service.stages.detect import detect_blocks

CASES = sorted((Path(__file__).parent / "articles" / "damaged").glob("*.txt"))


def no_pages(html: str) -> Article:
    raise AssertionError(html)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_article_comes_out_repaired_each_block_in_its_language(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    article = read_article(ArticleRequest(text=path.read_text("utf-8")), no_pages, 10_000)
    languages = detect_blocks([block.text for block in article.blocks])
    found = [
        {"kind": block.kind.value, "language": language and language.value, "text": block.text}
        for block, language in zip(article.blocks, languages, strict=True)
    ]
    assert found == expected["blocks"], expected["why"]
    assert [repair.rule for repair in article.repairs] == expected["repairs"]
    assert [removal.line for removal in article.removed] == expected["removed_lines"]
    published = article.published and article.published.isoformat()
    assert published == expected["published"]
