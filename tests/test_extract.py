"""The extractor answers every page in time, whatever the page, and leaves no process behind."""

from collections.abc import Iterator

import pytest

from service.article import BlockKind
from service.errors import ArticleTooLong, HtmlTooComplex, NoArticleFound
from service.stages.extract import Extractor

PARAGRAPH = (
    "Sáng nay, tại trụ sở tỉnh, lãnh đạo các sở, ngành đã họp bàn về kế hoạch năm tới, "
    "trong đó có 12 nhiệm vụ trọng tâm và 3 dự án lớn."
)
PAGE = (
    "<html><head><title>Tỉnh bàn kế hoạch năm tới</title></head><body><h1>Tỉnh bàn kế hoạch năm tới"
    "</h1>" + f"<p>{PARAGRAPH}</p>" * 5 + "</body></html>"
)


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    extractor = Extractor()
    yield extractor
    extractor.close()


def test_reads_a_page(extractor: Extractor) -> None:
    article = extractor.extract(PAGE)
    assert [block.kind for block in article.blocks] == [BlockKind.TITLE, *[BlockKind.PARAGRAPH] * 5]
    assert article.blocks[1].text == PARAGRAPH


@pytest.mark.parametrize(
    ("page", "error"),
    [
        ("", NoArticleFound),
        ("<p " + " ".join(f"a{i}=1" for i in range(100_000)) + ">x</p>", HtmlTooComplex),
        ("<div>" * 50_000, HtmlTooComplex),
        ("<p>a" * 900_000, ArticleTooLong),
        ("<p>a" * 400_000, HtmlTooComplex),
        ("<!--" + "x" * 1_000_000, NoArticleFound),
        ("<script>" + "let x = '<p>';" * 10_000 + "</script>", NoArticleFound),
        ("\0" * 100_000, NoArticleFound),
        ("\ud800" * 10_000, NoArticleFound),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else value[:12],
)
def test_refuses_a_hostile_page_and_goes_on(
    extractor: Extractor, page: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        extractor.extract(page)
    assert extractor.extract(PAGE).blocks[1].text == PARAGRAPH
