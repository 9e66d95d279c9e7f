"""The visible lines of a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article import CELL_SEPARATOR
from service.extraction.lines import Line, is_data_table, read_lines
from service.extraction.tree import parse_page


def lines_of(body: str) -> list[Line]:
    return read_lines(parse_page(f"<html><body>{body}</body></html>"))[0]


def texts_of(body: str) -> list[str]:
    return [line.text for line in lines_of(body)]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<p>Một</p><p>Hai</p>", ["Một", "Hai"]),
        ("Một<br>Hai<br><br>Ba", ["Một", "Hai", "Ba"]),
        ("<p>Bộ <b>Y\n tế</b> họp</p>", ["Bộ Y tế họp"]),
        ("<div>Trước<p>Trong</p>Sau</div>", ["Trước", "Trong", "Sau"]),
        ("<p><b>Đ</b>iều 1</p>", ["Điều 1"]),
        ("<p>10 m<sup>3</sup></p>", ["10 m3"]),
        ("<p><span>Hà Nội</span>Tám tàu</p>", ["Hà Nội Tám tàu"]),
        ("<o:p>Một</o:p> <o:p>hai</o:p>", ["Một hai"]),
        ("<pre>Một\nHai</pre>", ["Một", "Hai"]),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", ["a", "b"]),
        ("<p style='display : none'>x</p><p hidden>y</p><script>z</script>w", ["w"]),
        ("<p>&#272;&#7841;i bi&#7875;u</p>", ["Đại biểu"]),
        ("<p>a\0b\ud800c</p>", ["a b c"]),
        ("<p> &nbsp; </p>", []),
    ],
)
def test_lines(body: str, texts: list[str]) -> None:
    assert texts_of(body) == texts


def test_a_row_of_data_is_one_line_with_its_cells() -> None:
    body = (
        "<table><tr><th>Năm</th><th>Thu<br>chi</th></tr><tr><td>2023</td><td></td></tr>"
        "<tr><td>2024</td><td><p>1.200</p><p>tỷ</p></td></tr></table>"
    )
    lines = lines_of(body)
    cells = [line.text.split(CELL_SEPARATOR) for line in lines]
    assert cells == [["Năm", "Thu chi"], ["2023"], ["2024", "1.200 tỷ"]]
    assert [line.is_row for line in lines] == [True, False, True]


def test_a_table_that_lays_out_the_page_is_no_data() -> None:
    long = "Đoạn văn dài. " * 100
    page = parse_page(f"<table><tr><td>Menu</td><td>{long}</td></tr><tr><td>a</td><td>b</td></tr>")
    assert not is_data_table(page.find(".//table"))
    nested = parse_page("<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td></tr>")
    assert not is_data_table(nested.find(".//table"))


def test_only_links_that_lead_somewhere_count_as_links() -> None:
    anchor, link = lines_of("<p><a name='dieu_1'>Điều 1</a></p><p><a href='/x'>Tin khác</a></p>")
    assert anchor.link_chars == 0
    assert link.link_chars == len("Tin khác")


TAGS = ["<p>", "</p>", "<b>", "</b>", "<br>", "<td>", "<table>", "<tr>", "<li>"]


@given(st.lists(st.sampled_from([*TAGS, "ế 1", "x", "\n"])))
def test_no_letter_is_lost_and_lines_are_clean(parts: list[str]) -> None:
    html = "".join(parts)
    texts = texts_of(html)
    shown = "".join(parts)
    for tag in TAGS:
        shown = shown.replace(tag, "")
    assert "".join("".join(texts).split()).count("ế") == shown.count("ế")
    assert all(text and text == " ".join(text.split(" ")) and "\n" not in text for text in texts)
