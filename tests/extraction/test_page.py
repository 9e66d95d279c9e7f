"""What a page gives, one situation at a time."""

import json
import re
import socket
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.article import Article, BlockKind
from service.errors import ArticleError, NoArticleFound
from service.extraction.page import extract_page
from service.extraction.wire import read_answer, write_article

TEXTS = [
    f"Sáng nay, tại trụ sở tỉnh, lãnh đạo các sở, ngành đã họp bàn về kế hoạch năm {2000 + n}, "
    f"trong đó có {n + 2} nhiệm vụ trọng tâm, và {n + 5} dự án lớn cần thêm vốn."
    for n in range(8)
]
MENU = "<ul class='menu'><li><a href='/a'>Trang chủ</a></li><li><a href='/b'>Liên hệ</a></li></ul>"


def page_of(*parts: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body>{MENU}<div>{''.join(parts)}</div></body></html>"


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def texts_of(article: Article, *kinds: BlockKind) -> list[str]:
    return [block.text for block in article.blocks if block.kind in kinds]


def rules_of(article: Article) -> dict[str, str]:
    return {removal.text: removal.rule for removal in article.removed}


def test_all_paragraphs_in_order_and_no_menu() -> None:
    article = extract_page(page_of("<h1>Tỉnh họp bàn</h1>", paragraphs(TEXTS)))
    assert texts_of(article, BlockKind.TITLE) == ["Tỉnh họp bàn"]
    assert texts_of(article, BlockKind.PARAGRAPH) == TEXTS
    assert rules_of(article) == {"Trang chủ": "menu", "Liên hệ": "menu"}


def test_a_law_in_a_layout_table_keeps_every_heading() -> None:
    law = "".join(
        f"<p><a name='dieu_{n}'><strong>Điều {n}. Phạm vi {n}</strong></a></p><p>{TEXTS[n % 8]}</p>"
        for n in range(1, 60)
    )
    page = f"<html><body><table><tr><td>{MENU}</td><td>{law}</td></tr></table></body></html>"
    headings = texts_of(extract_page(page), BlockKind.HEADING)
    assert headings == [f"Điều {n}. Phạm vi {n}" for n in range(1, 60)]


def test_where_one_extractor_finds_all_of_a_law_the_other_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("trafilatura.bare_extraction", lambda *_, **__: asked.append(1))
    law = [f"<p>Điều {n}. Phạm vi {n}</p><p>{TEXTS[n % 8]}</p>" for n in range(1, 20)]
    article = extract_page(page_of("<h1>Luật mẫu</h1>", *law))
    assert not asked
    assert sum(block.text.startswith("Điều") for block in article.blocks) == 19
    extract_page(page_of("<h1>Tỉnh họp bàn</h1>", paragraphs(TEXTS)))
    assert asked


def test_a_line_put_back_stands_where_the_page_has_it() -> None:
    link = "<p><a href='/1'>Khai mạc lễ hội đầu xuân tại tỉnh</a></p>"
    page = page_of("<h1>Họp</h1>", paragraphs(TEXTS[:4]), link, paragraphs(TEXTS[4:]))
    gone = next(r for r in extract_page(page).removed if r.text.startswith("Khai mạc"))
    article = extract_page(page, keep={gone.line})
    texts = texts_of(article, BlockKind.PARAGRAPH)
    assert texts == [*TEXTS[:4], gone.text, *TEXTS[4:]]
    assert gone not in article.removed


def test_words_of_a_site_below_the_last_paragraph_go_out_with_their_rule() -> None:
    body = f"{paragraphs(TEXTS)}<p>Bình luận (0)</p><p>Chia sẻ</p><p>Kết quả bước đầu</p>"
    article = extract_page(page_of("<h1>Tỉnh họp bàn</h1>", body))
    rules = rules_of(article)
    assert rules["Bình luận (0)"] == "vi/comment-count"
    assert rules["Chia sẻ"] == "vi/share"
    assert "Kết quả bước đầu" in [block.text for block in article.blocks]


def test_text_right_after_what_is_hidden_stays() -> None:
    hidden = f"<div>{TEXTS[1]}<span style='DISPLAY: none'>ẩn</span> {TEXTS[2]}</div>"
    article = extract_page(page_of("<h1>Họp</h1>", f"<p>{TEXTS[0]}</p>", hidden))
    body = " ".join(block.text for block in article.blocks)
    assert TEXTS[2] in body
    assert "ẩn" not in body


def test_headlines_between_paragraphs_go_out_with_their_label() -> None:
    related = (
        "<p>Có thể bạn quan tâm:</p><p><a href='/1'>Khai mạc lễ hội đầu xuân tại tỉnh</a></p>"
        "<p><a href='/2'>Thu ngân sách vượt kế hoạch năm</a></p>"
    )
    page = page_of("<h1>Họp</h1>", paragraphs(TEXTS[:4]), related, paragraphs(TEXTS[4:]))
    article = extract_page(page)
    assert texts_of(article, BlockKind.PARAGRAPH) == TEXTS
    rules = rules_of(article)
    assert rules["Có thể bạn quan tâm:"] == "label"
    assert rules["Thu ngân sách vượt kế hoạch năm"] == "links"


def test_names_that_cover_the_article_say_nothing_of_it() -> None:
    post = f"<article class='post tag-budget print share'>{paragraphs(TEXTS)}</article>"
    beside = "<div class='share'><a href='#'>Facebook</a></div>"
    article = extract_page(page_of("<div>", "<h1>Họp</h1>", post, beside, "</div>"))
    assert texts_of(article, BlockKind.PARAGRAPH) == TEXTS
    assert "Facebook" in rules_of(article)


def test_the_day_that_the_page_shows_wins_over_midnight_elsewhere() -> None:
    head = "<meta property='article:published_time' content='2024-03-17T20:00:00Z'>"
    shown = "<h1>Tỉnh họp bàn kế hoạch</h1><p class='date'>18/03/2024 03:00</p>"
    article = extract_page(page_of(shown, paragraphs(TEXTS), head=head))
    assert article.published == date(2024, 3, 18)


def test_a_paragraph_with_a_link_stays() -> None:
    linked = f"{TEXTS[3]} Xem <a href='/nd'>Nghị định số 15/2020/NĐ-CP</a> để biết thêm."
    article = extract_page(page_of(paragraphs([*TEXTS[:3], linked, *TEXTS[4:]])))
    assert re.sub("<.*?>", "", linked) in texts_of(article, BlockKind.PARAGRAPH)


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (
            "<meta property='article:published_time' content='2024-03-05T23:30:00+07:00'>",
            "",
            "2024-03-05",
        ),
        ("<meta name='pubdate' content='05/03/2024 10:00'>", "", "2024-03-05"),
        ("", "<span class='date'>Thứ Ba, 05/03/2024</span>", "2024-03-05"),
        ("", "<time datetime='2024-03-05'>hôm qua</time>", "2024-03-05"),
        ("<meta name='pubdate' content='không rõ'>", "", None),
    ],
)
def test_published(head: str, body: str, expected: str | None) -> None:
    page = page_of("<h1>Tỉnh họp bàn kế hoạch</h1>", body, paragraphs(TEXTS), head=head)
    published = extract_page(page).published
    assert published == (date.fromisoformat(expected) if expected else None)


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"@type": "Person", "name": "Lê Thị Mai"}, "Lê Thị Mai"),
        ([{"name": "Lê Mai"}, {"name": "Vũ An"}], "Lê Mai, Vũ An"),
        ({"@type": "Organization", "name": "Báo Tỉnh"}, None),
        ({"@type": "Person", "name": "tracuuluat.example"}, None),
        ("https://example.org/me", None),
        (7, None),
    ],
)
def test_byline_of_structured_data(author: object, expected: str | None) -> None:
    data = json.dumps({"@type": "NewsArticle", "author": author})
    head = f"<script type='application/ld+json'>{data}</script>"
    assert extract_page(page_of(paragraphs(TEXTS), head=head)).byline == expected


def test_an_article_that_only_the_data_hold() -> None:
    data = json.dumps({"@type": "NewsArticle", "headline": "Họp", "articleBody": "\n".join(TEXTS)})
    page = f"<script type='application/ld+json'>{data}</script><div id='app'></div>"
    article = extract_page(f"<html><head>{page}</head><body><div id='app'></div></body></html>")
    assert texts_of(article, BlockKind.TITLE) == ["Họp"]
    assert texts_of(article, BlockKind.PARAGRAPH) == TEXTS


@pytest.mark.parametrize(
    "page",
    [
        "",
        " \n ",
        "<html></html>",
        "<script>let a = 1;</script>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "<![CDATA[ x ]]>",
        MENU,
        "<p><a href='/a'>Tin thứ nhất trong ngày</a></p><p><a href='/b'>Tin thứ hai</a></p>",
        bytes(n * 97 % 256 for n in range(20_000)).decode("latin-1"),
        bytes(n * n * 31 % 256 for n in range(20_000)).decode("utf-8", "replace"),
    ],
    ids=range(10),
)
def test_pages_without_an_article(page: str) -> None:
    with pytest.raises(NoArticleFound):
        extract_page(page)


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    image = "<img src='http://192.0.2.1/a.png'><iframe src='http://192.0.2.1/'></iframe>"
    link = "<link rel='stylesheet' href='http://192.0.2.1/a.css'><base href='http://192.0.2.1/'>"
    doctype = '<!DOCTYPE html SYSTEM "http://192.0.2.1/a.dtd">'
    page = doctype + page_of(image, paragraphs(TEXTS), head=link)
    assert texts_of(extract_page(page), BlockKind.PARAGRAPH) == TEXTS


TAGS = [
    "div",
    "p",
    "table",
    "tr",
    "td",
    "ul",
    "li",
    "b",
    "a href='/x'",
    "h1",
    "article",
    "br",
    "span",
]
PIECES = st.one_of(
    st.sampled_from([*(f"<{tag}>" for tag in TAGS), *(f"</{tag.split()[0]}>" for tag in TAGS)]),
    st.sampled_from(TEXTS),
    st.text(max_size=20),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_any_page_gives_an_article_or_a_known_error(pieces: list[str]) -> None:
    try:
        article = extract_page("".join(pieces))
    except ArticleError:
        return
    numbers = [removal.line for removal in article.removed]
    assert numbers == sorted(set(numbers))
    assert all(block.text.strip() and "\n" not in block.text for block in article.blocks)
    assert read_answer(write_article(article)) == article


@settings(max_examples=30, deadline=None)
@given(st.permutations(TEXTS), st.sampled_from(["p", "div", "br"]))
def test_paragraphs_come_back_to_the_letter(texts: list[str], tag: str) -> None:
    body = "".join(f"{text}<br>" if tag == "br" else f"<{tag}>{text}</{tag}>" for text in texts)
    article = extract_page(page_of("<h1>Tỉnh họp bàn</h1>", body))
    assert texts_of(article, BlockKind.PARAGRAPH) == texts
