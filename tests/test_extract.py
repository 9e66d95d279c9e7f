"""The extractor answers every page in time, whatever the page, and leaves no process behind."""

import os
import random
import signal
import subprocess
import sys
import threading
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
# Within the limits of the look ahead, but more than any parser reads in a second.
SLOW_PAGE = "".join(f'<p class="c{n} x-y_z">x {n}</p>' for n in range(60_000))


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    extractor = Extractor()
    yield extractor
    extractor.close()


def process_of(extractor: Extractor) -> int:
    process = extractor._readers[0]._process
    assert process is not None
    return process.pid


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_reads_a_page(extractor: Extractor) -> None:
    article = extractor.extract(PAGE)
    assert [block.kind for block in article.blocks] == [BlockKind.TITLE, *[BlockKind.PARAGRAPH] * 5]
    assert article.blocks[1].text == PARAGRAPH


def test_keeps_its_process_for_the_next_page(extractor: Extractor) -> None:
    extractor.extract(PAGE)
    first = process_of(extractor)
    with pytest.raises(NoArticleFound):
        extractor.extract("")
    extractor.extract(PAGE)
    assert process_of(extractor) == first


@pytest.mark.parametrize(
    ("page", "error"),
    [
        ("", NoArticleFound),
        ("<p " + " ".join(f"a{i}=1" for i in range(100_000)) + ">x</p>", HtmlTooComplex),
        ("<div>" * 50_000, HtmlTooComplex),
        ("<p>a" * 900_000, ArticleTooLong),
        ("<p>a" * 400_000, HtmlTooComplex),
        ("<!--" + "x" * 1_000_000, NoArticleFound),
        ("<!--" * 200_000, NoArticleFound),
        ("<![CDATA[" * 200_000, NoArticleFound),
        ("<script>" + "let x = '<p>';" * 10_000 + "</script>", NoArticleFound),
        ("<" * 200_000, NoArticleFound),
        ("<a b='" * 100_000, HtmlTooComplex),
        ("\0" * 100_000, NoArticleFound),
        ("\ud800" * 10_000, NoArticleFound),
        (random.Random(7).randbytes(50_000).decode("latin-1"), NoArticleFound),
    ],
    ids=range(14),
)
def test_refuses_a_hostile_page_and_goes_on(
    extractor: Extractor, page: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        extractor.extract(page)
    assert extractor.extract(PAGE).blocks[1].text == PARAGRAPH


def test_entities_of_the_page_are_not_expanded(extractor: Extractor) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bom bom "><!ENTITY c "' + "&b;" * 999 + '">]>'
    article = extractor.extract(bomb + f"<p>{PARAGRAPH}</p>" * 5 + "<p>&c;</p>" * 99)
    assert "bom bom" not in "".join(block.text for block in article.blocks)


def test_a_page_that_takes_too_long_is_refused_and_its_process_killed() -> None:
    extractor = Extractor(timeout_s=0.3)
    try:
        extractor.extract(PAGE)
        first = process_of(extractor)
        with pytest.raises(HtmlTooComplex, match=r"within 0\.3 s"):
            extractor.extract(SLOW_PAGE)
        assert not is_running(first)
    finally:
        extractor.close()


def test_a_page_that_takes_too_much_memory_is_refused() -> None:
    extractor = Extractor(timeout_s=60.0, memory_bytes=150 * 1024**2)
    try:
        extractor.extract(PAGE)
        with pytest.raises(HtmlTooComplex, match="memory"):
            extractor.extract(SLOW_PAGE)
        assert extractor.extract(PAGE).blocks[1].text == PARAGRAPH
    finally:
        extractor.close()


def test_a_process_killed_from_outside_is_replaced(extractor: Extractor) -> None:
    extractor.extract(PAGE)
    os.kill(process_of(extractor), signal.SIGKILL)
    assert extractor.extract(PAGE).blocks[1].text == PARAGRAPH


def test_many_threads_share_two_processes() -> None:
    extractor = Extractor(workers=2)
    texts: list[str] = []

    def read(number: int) -> None:
        page = PAGE.replace("12 nhiệm vụ", f"{number} nhiệm vụ")
        texts.append(extractor.extract(page).blocks[1].text)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(100, 116)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    extractor.close()
    expected = {PARAGRAPH.replace("12 nhiệm vụ", f"{n} nhiệm vụ") for n in range(100, 116)}
    assert set(texts) == expected


def test_close_ends_the_process_and_a_later_call_starts_another() -> None:
    extractor = Extractor()
    extractor.extract(PAGE)
    first = process_of(extractor)
    extractor.close()
    assert not is_running(first)
    assert extractor.extract(PAGE).blocks
    extractor.close()


def test_the_process_ends_with_its_owner() -> None:
    """Also where the owner never closes it."""
    program = (
        "from service.stages.extract import Extractor; e = Extractor(); "
        "e.extract('<p>' + 'một hai ba, bốn năm. ' * 50 + '</p>'); "
        "print(e._readers[0]._process.pid)"
    )
    owner = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert not is_running(int(owner.stdout))


def test_nothing_is_started_before_the_first_page() -> None:
    extractor = Extractor(workers=3)
    with pytest.raises(ArticleTooLong):
        extractor.extract("x" * 3_000_000)
    assert all(reader._process is None for reader in extractor._readers)


def test_a_line_put_back_is_in_the_article(extractor: Extractor) -> None:
    page = PAGE.replace(
        "</body>", "<ul class='menu'><li><a href='/'>Trang chủ</a></li></ul></body>"
    )
    gone = extractor.extract(page).removed[-1]
    again = extractor.extract(page, keep={gone.line})
    assert again.blocks[-1].text == gone.text == "Trang chủ"
    assert gone not in again.removed
