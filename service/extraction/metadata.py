"""Title, date and author as the page's head declares them, and dates in visible text."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.extraction.dates import read_date
from service.extraction.elements import Element

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>")  # "<p>", "</div>"
MAX_JSON_CHARS = 500_000  # of one JSON-LD script
# Names of meta elements, most reliable first.
_PUBLISHED = tuple(
    """
    article:published_time og:published_time datepublished date_published pubdate publishdate
    publish_date publish-date dc.date.issued dcterms.created dc.date dc.date.created sailthru.date
    article.published parsely-pub-date date
    """.split()  # noqa: SIM905  one per line would fill the screen
)
_AUTHOR = ("author", "article:author", "dc.creator", "byl", "parsely-author", "sailthru.author")
_TITLE = ("og:title", "twitter:title", "dc.title")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the head says; empty where it says nothing."""

    titles: tuple[str, ...] = ()  # of the article, most reliable first
    page_title: str = ""  # of the page; often the site's name only
    published: date | None = None
    byline: str | None = None
    body: str = ""  # the article's text where JSON-LD carries it

    @property
    def declared(self) -> tuple[str, ...]:
        """All titles, most reliable first."""
        return tuple(filter(None, (*self.titles, self.page_title)))


def read_metadata(root: Element) -> Metadata:
    """What meta elements, JSON-LD and `time` elements declare."""
    metas = _metas(root)
    news = list(_news_items(root))
    titles = [
        *(str(item["headline"]) for item in news if isinstance(item.get("headline"), str)),
        *(metas[name] for name in _TITLE if name in metas),
    ]
    page_title = next((title.text for title in root.iter("title") if title.text), "")
    dates = [
        *(str(item.get("datePublished") or "") for item in news),
        *(metas.get(name, "") for name in _PUBLISHED),
        *_published_elements(root),
    ]
    authors = [
        *(_author(item.get("author")) for item in news),
        *(metas.get(n, "") for n in _AUTHOR),
    ]
    bodies = (item.get("articleBody") for item in news)
    return Metadata(
        titles=tuple(dict.fromkeys(map(_clean, filter(str.strip, titles)))),
        page_title=_clean(page_title),
        published=next((found for text in dates if (found := read_date(text))), None),
        byline=next((name for author in authors if (name := _person(author))), None),
        body=next((_plain(body) for body in bodies if isinstance(body, str)), ""),
    )


def _metas(root: Element) -> dict[str, str]:
    """Each meta element's content by its name, property or itemprop; the first of a name counts."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        content = meta.get("content")
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if content and name and content.strip():
            metas.setdefault(name.strip().lower(), content[:5_000])
    return metas


def _news_items(root: Element) -> Iterator[dict[str, Any]]:
    """JSON-LD objects that describe an article."""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            try:
                data = json.loads(script.text[:MAX_JSON_CHARS], strict=False)
            except (ValueError, RecursionError):
                continue
            for item in _flat(data):
                kind = item.get("@type")
                kinds = kind if isinstance(kind, list) else [kind]
                if any(isinstance(k, str) and k.endswith(_ARTICLE_TYPES) for k in kinds):
                    yield item


_ARTICLE_TYPES = ("Article", "BlogPosting", "Report", "Legislation")


def _flat(data: object) -> Iterator[dict[str, Any]]:
    items = data if isinstance(data, list) else [data]
    for item in items:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            if isinstance(graph, list):
                yield from (entry for entry in graph if isinstance(entry, dict))


def _published_elements(root: Element) -> Iterator[str]:
    """What elements in the page give as its date; a page of many dates gives none."""
    marked = [e for e in root.iter() if e.get("itemprop") == "datePublished"]
    yield from (e.get("datetime") or e.get("content") or "" for e in marked)
    times = {time.get("datetime", "")[:10] for time in root.iter("time")} - {""}
    if len(times) == 1:
        yield from times


def _author(author: object) -> str:
    if isinstance(author, list):
        return ", ".join(name for entry in author[:5] if (name := _author(entry)))
    if isinstance(author, dict):
        named = author.get("name")
        return named if isinstance(named, str) and author.get("@type") != "Organization" else ""
    return author if isinstance(author, str) else ""


def _person(author: str) -> str | None:
    """A name; an address or a site is none."""
    name = _clean(author)
    is_site = "http" in name or "@" in name or re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", name)
    return None if not name or len(name) > 120 or is_site else name


def _plain(body: str) -> str:
    """Text without markup, which some sites leave in."""
    return html.unescape(_MARKUP.sub("\n", body)).replace("\x00", " ")


def _clean(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())
