"""The look at a page before any parser sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import ArticleTooLong, HtmlTooComplex
from service.extraction.prescan import (
    MAX_ATTRIBUTES,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_TAGS,
    check_page,
)


@pytest.mark.parametrize(
    "page",
    [
        "<p " + "a " * MAX_ATTRIBUTES + ">x</p>",
        "<p " + "a='<>' " * MAX_ATTRIBUTES + ">x</p>",
        "<div>" * MAX_DEPTH + "x",
        "<p>" * MAX_TAGS,
        "<p><br>" * (MAX_DEPTH * 2),
        "<ul>" + "<li>x" * (MAX_DEPTH * 2) + "</ul>",
        "<!-- " + "<div>" * (MAX_DEPTH * 2) + " -->",
        "<script>" + "'<div>'" * (MAX_DEPTH * 2) + "</script>",
        "<a/>" * (MAX_DEPTH * 2),
        "a" * MAX_BYTES,
    ],
    ids=lambda page: page[:12],
)
def test_lets_pages_up_to_the_limits_pass(page: str) -> None:
    check_page(page)


@pytest.mark.parametrize(
    "page",
    [
        "<p " + "a " * (MAX_ATTRIBUTES + 1) + ">x</p>",
        "<p " + "a=1 " * (MAX_ATTRIBUTES + 1),
        "<p " + "a='>'" * (MAX_ATTRIBUTES + 1) + ">",
        "<div>" * (MAX_DEPTH + 1) + "x",
        "<b>x" * (MAX_DEPTH + 1),
        "<div><p>" * (MAX_DEPTH + 1),
        "<script></script>" + "<div>" * (MAX_DEPTH + 1),
        "<!-- --><div></span>" * (MAX_DEPTH + 1),
        "<p>" * (MAX_TAGS + 1),
    ],
    ids=lambda page: page[:12],
)
def test_refuses_bombs(page: str) -> None:
    with pytest.raises(HtmlTooComplex):
        check_page(page)


@pytest.mark.parametrize("page", ["a" * (MAX_BYTES + 1), "ế" * (MAX_BYTES // 3 + 1)])
def test_refuses_pages_over_the_size_limit_in_bytes(page: str) -> None:
    with pytest.raises(ArticleTooLong, match="2,097,152 bytes"):
        check_page(page)


@given(st.text(alphabet="<>/=\"'! -ab[]CDATA\0\ud800pdiv", max_size=300))
def test_ends_on_any_text(page: str) -> None:
    check_page(page)
