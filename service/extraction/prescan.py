"""A linear look at a page before any parser sees it: parsers are quadratic, this is not."""

import re
from collections.abc import Iterator

from service.errors import ArticleTooLong, HtmlTooComplex
from service.extraction.elements import CLOSED_BY_NEXT, VOID

MAX_BYTES = 2 * 1024 * 1024  # of the page in UTF-8
MAX_ATTRIBUTES = 1_000  # in one tag; libxml2 compares each with all before it
MAX_DEPTH = 512  # open elements at one place
MAX_TAGS = 150_000  # in all; a law of 150 pages has about 5,000

# Comments, CDATA and raw text hold no tags: "<!-- <div> -->", "<script>'<div>'</script>".
_OPAQUE_ENDS = {
    "script": re.compile(r"</script", re.IGNORECASE),
    "style": re.compile(r"</style", re.IGNORECASE),
    "textarea": re.compile(r"</textarea", re.IGNORECASE),
    "title": re.compile(r"</title", re.IGNORECASE),
}
# "<div", "</div", "<o:p": the name of a tag, with its slash.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:_-]{0,63})")
# A whole tag after its name: ' class="a b" hidden/>'; possessive: no step back.
_WHOLE = re.compile(r"""(?:[^<>="']++|="[^"<>]*+"|='[^'<>]*+')*+>""")
# What stands inside a tag, one step at a time: a quoted value, a name, the end.
_PART = re.compile(r"""\s+|=\s*"[^"]*"|=\s*'[^']*'|=|[^\s=<>]+|(?P<end>[<>])""")


def check_page(html: str) -> None:
    """Refuse a page that a parser could choke on; time is linear in the page's length.

    Raises `ArticleTooLong` over 2 MiB, `HtmlTooComplex` for attribute bombs and deep nesting.
    """
    check_size(html)
    open_by_name: dict[str, int] = {}
    depth = 0
    for count, (closes, name) in enumerate(_tags(html)):
        if count >= MAX_TAGS:
            raise HtmlTooComplex(_message(f"more than {MAX_TAGS:,} tags"))
        if name in VOID:
            continue
        already = open_by_name.get(name, 0)
        if closes:
            if already:
                open_by_name[name] = already - 1
                depth -= 1
        elif not (already and name in CLOSED_BY_NEXT):
            open_by_name[name] = already + 1
            depth += 1
            if depth > MAX_DEPTH:
                raise HtmlTooComplex(_message(f"elements nested more than {MAX_DEPTH} deep"))


def check_size(html: str) -> None:
    """Refuse a page over the size limit."""
    if len(html) * 4 <= MAX_BYTES:
        return
    size = len(html.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise ArticleTooLong(size, MAX_BYTES, "bytes of HTML")


def _tags(html: str) -> Iterator[tuple[bool, str]]:
    """Each tag as (closes, name in lower case), skipping what only looks like one."""
    at, end = 0, len(html)
    while True:
        at = html.find("<", at)
        if at < 0:
            return
        if html.startswith("<!--", at):
            at = _after(html, "-->", at + 4)
        elif html.startswith("<![CDATA[", at):
            at = _after(html, "]]>", at + 9)
        elif tag := _TAG.match(html, at):
            name = tag[2].lower()
            at, empty = _after_tag(html, tag.end())
            if tag[1] or not empty:
                yield bool(tag[1]), name
            if not tag[1] and (closing := _OPAQUE_ENDS.get(name)):
                found = closing.search(html, at)
                at = found.start() if found else end
        else:
            at += 1


def _after_tag(html: str, at: int) -> tuple[int, bool]:
    """Where the tag ends, and whether it ends in "/>"; counts its attributes on the way."""
    whole = _WHOLE.match(html, at, at + MAX_ATTRIBUTES)
    if whole:  # plain, and too short for too many
        return whole.end(), html[whole.end() - 2] == "/"
    attributes = 0
    last = ""
    while part := _PART.match(html, at):
        at = part.end()
        if part["end"]:
            return (at if part["end"] == ">" else at - 1), last.endswith("/")
        if part[0][0] != "=" and not part[0].isspace():
            attributes += 1
            last = part[0]
            if attributes > MAX_ATTRIBUTES:
                raise HtmlTooComplex(
                    _message(f"a tag with more than {MAX_ATTRIBUTES:,} attributes")
                )
        elif part[0][0] == "=":
            last = ""
    return max(at, len(html)) if at >= len(html) else at + 1, False


def _after(html: str, mark: str, at: int) -> int:
    found = html.find(mark, at)
    return len(html) if found < 0 else found + len(mark)


def _message(what: str) -> str:
    return f"The page has {what}. Send the article's own HTML, or paste its text."
