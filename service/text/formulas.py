"""What always reads the same in official documents is translated by rule, not by a model.

Whole lines ("TM. CHÍNH PHỦ", "Số: 42/2024/NĐ-CP", "Hà Nội, ngày 16 tháng 4 năm 2024"), the numbers
of parts ("Điều 5."), and the heads of titles, grounds and scopes, whose rest the model translates.
`service/rules/formulas.toml` has the words.
"""

import re
from collections.abc import Iterator
from functools import cache

from service.article import Language, Span
from service.rules.formulas import any_of, formulas
from service.text.documents import role_of
from service.text.offices import DAY, day_in, day_line, office_in, province_in

Found = tuple[Span, str]

MAX_CHARS = 1_300  # of a line with a formula at its head
MAX_LINE_CHARS = 160  # of one that is a formula as a whole
# "- ", "a) ", "1. ", "II. " before a line
_MARK = re.compile(r"(?:[-–—•*+]|\(?\d{1,2}(?:\.\d{1,2})*[.)]|\(?[a-zđ]\)|[IVX]{1,5}\.)\s*(?=\S)")
# "Trân trọng./.", "CHÍNH PHỦ -------"
_END = re.compile(r"(?: ?[;:,]|\.(?:/\.)?|\s[-_*=—–]{3,})?$")
_OWN_END = re.compile(r"(?<=\.)/\.$")
_NUMBER = r"(?:\d{1,3}[a-zđ]?|[IVXLC]{1,7})"
# Which offices keep a copy, by their short names: "Lưu: VT, NN (2b)."; VT is where letters come in.
_KEPT = re.compile(r"Lưu ?: ?(?P<who>[A-ZĐ][^.;:()]{0,60}?)(?: ?\((?P<copies>\d{1,2})b?\))?")
_FILED = re.compile(r"Archive: Office(?P<others>(?:, [A-ZĐ]{2,8})*)")
_AS_IN = re.compile(
    r"(?:Như (?P<part>Điều|Khoản)|As in (?P<other>Article|Clause)) (?P<number>\d{1,3})",
    re.IGNORECASE,
)


def find_formulas(text: str, target: Language) -> list[Found]:
    """Where a text has formulas, from left to right, and what they are in the target language.

    >>> find_formulas("TM. CHÍNH PHỦ", Language.EN)
    [(Span(start=0, end=13), 'ON BEHALF OF THE GOVERNMENT')]
    >>> [own for _, own in find_formulas("Điều 1. Phạm vi điều chỉnh", Language.EN)]
    ['Article 1.', 'Scope of regulation']
    >>> ground = "Căn cứ Luật Nhà ở ngày 27 tháng 11 năm 2023;"
    >>> [own for _, own in find_formulas(ground, Language.EN)]
    ['Pursuant to the', 'dated November 27, 2023']
    >>> find_formulas("Điều 5 quy định mức phạt.", Language.EN)
    []
    """
    if not 1 < len(text) <= MAX_CHARS:
        return []
    if whole := _whole(text, target):
        return [(Span(0, len(text)), whole)]
    found = list(_part(text, target))
    mark = None if found else _MARK.match(text)
    at = found[0][0].end if found else mark.end() if mark else 0
    at += len(text[at:]) - len(text[at:].lstrip())
    rest = text[at:]
    if at and (whole := _whole(rest, target) or (_heading(rest, target) if found else None)):
        return [*found, (Span(at, len(text)), whole)]
    for find in (_of_itself, _title, _enacting, _grounds, _head):
        if own := list(find(rest, target)):
            return [*found, *((Span(at + s.start, at + s.end), new) for s, new in own)]
    return found


def _whole(text: str, target: Language) -> str | None:
    """All of a line; the mark at its end stays, but for the stroke that closes a document."""
    if len(text) > MAX_LINE_CHARS:
        return None
    if own := formulas("enacting", target).get(text.casefold()):
        return own.upper() if text.isupper() else own
    end = _END.search(text)
    body = text[: end.start()] if end else text
    own = formulas("lines", target).get(body.casefold()) or office_in(body, target)
    own = own or _signed(body, target) or province_in(body, target)
    if own:
        own = own.upper() if body.isupper() else own
    else:
        own = _numbered(body, target) or day_line(body, target) or _copies(body, target)
    return own + _OWN_END.sub("", text[len(body) :]) if own else None


def _numbered(text: str, target: Language) -> str | None:
    """The number of a document, letter for letter, behind its label."""
    match = _labelled(target).fullmatch(text)
    if match is None:
        return None
    label = "No.:" if target is Language.EN else "Số:"
    law = "Law " if target is Language.EN and match["law"] else ""
    return f"{law}{label} {match['number']}"


@cache
def _labelled(target: Language) -> re.Pattern[str]:
    label = r"(?P<law>Luật )?Số ?: ?" if target is Language.EN else r"No\.? ?:? ?"
    return re.compile(rf"{label}(?P<number>[\d .…_]{{0,12}}[/-][\w/.-]{{2,40}})", re.IGNORECASE)


def _copies(text: str, target: Language) -> str | None:
    """Who keeps a copy: short names stay, but for the office that every body has."""
    parts = formulas("parts", target)
    if match := _AS_IN.fullmatch(text):
        as_in = "Như" if target is Language.VI else "As in"
        part = parts.get((match["part"] or match["other"]).casefold())
        return f"{as_in} {part} {match['number']}" if part else None
    if target is Language.VI:
        match = _FILED.fullmatch(text)
        return f"Lưu: VT{match['others']}" if match else None
    if match := _KEPT.fullmatch(text):
        who = re.sub(r"^VT\b", "Office", match["who"])
        copies = match["copies"] and f" ({match['copies']} copies)"
        return f"Archive: {who}{copies or ''}"
    return None


def _signed(text: str, target: Language) -> str | None:
    """For whom somebody signs: "KT. BỘ TRƯỞNG"."""
    match = _signs(target).match(text)
    office = office_in(text[match.end() :], target) if match else None
    return (
        f"{formulas('signs', target)[match[1].casefold()]} {office}" if match and office else None
    )


@cache
def _signs(target: Language) -> re.Pattern[str]:
    return re.compile(rf"({any_of('signs', target)}) ?(?=\S)", re.IGNORECASE)


def _part(text: str, target: Language) -> Iterator[Found]:
    """The number of a part: "Điều 5. ", or all of a line, "CHƯƠNG II"."""
    if match := _parts(target).match(text):
        name = formulas("parts", target)[match["name"].casefold()]
        name = name.upper() if match["name"].isupper() else name
        yield Span(0, match.end()), f"{name} {match['number']}{match['mark'] or ''}"


@cache
def _parts(target: Language) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<name>{any_of('parts', target)}) (?P<number>(?-i:{_NUMBER}))"
        r"(?:(?P<mark>[.:])(?=\s|$)|$)",
        re.IGNORECASE,
    )


def _heading(text: str, target: Language) -> str | None:
    """What a part is headed, in words too common to be known without its number."""
    own = formulas("headings", target).get(text.casefold())
    return own.upper() if own and text.isupper() else own


def _of_itself(text: str, target: Language) -> Iterator[Found]:
    """What a document says of itself: from when it holds, and what it is about."""
    match = _itself(target).match(text)
    if match is None:
        return
    kind = formulas("types", target)[match["type"].casefold()]
    if match["effect"]:
        own = day_in(match, target) if match["d"] else None
        if match["d"] and own is None:
            return
        if target is Language.VI:
            yield Span(0, match.end("effect")), f"{kind} này có hiệu lực thi hành từ {own}"
        else:
            when = f"on {own}" if own else "from the date of its signing"
            yield Span(0, match.end("effect")), f"This {kind} takes effect {when}"
        if match.end() > match.end("effect"):
            yield Span(match.end("effect"), match.end()), "."
    elif target is Language.VI:
        verb = "áp dụng đối với" if match["applies"] else "quy định về"
        yield Span(0, match.end()), f"{kind} này {verb}"
    else:
        provides = f"details{_article(match)}" if match["details"] else "provides for"
        verb = "applies to" if match["applies"] else provides
        yield Span(0, match.end()), f"This {kind} {verb}"


def _article(match: re.Match[str]) -> str:
    """Which articles of a law are detailed."""
    if not match["of"]:
        return ""
    clause = f"Clause {match['clause']}, " if match["clause"] else ""
    what = f"{clause}Article {match['article']}" if match["article"] else "a number of articles"
    return f" {what} of the"


@cache
def _itself(target: Language) -> re.Pattern[str]:
    kinds = any_of("types", target)
    if target is Language.EN:
        # "chi tiết khoản 2 Điều 190 của", "chi tiết một số điều của"
        of_what = (
            r"(?: (?:(?:khoản (?P<clause>\d+) )?Điều (?P<article>\d+)|một số điều) (?P<of>của))?"
        )
        said = (
            rf"(?P<effect>có hiệu lực(?: thi hành)?(?: kể)? từ (?:{DAY[target]}"
            r"|ngày ký(?: ban hành)?))\.(?:/\.)?$"
            r"|(?P<applies>áp dụng đối với)(?= )"
            rf"|quy định(?: (?P<details>chi tiết){of_what}| về|(?= việc\b))(?= )"
        )
        return re.compile(rf"(?P<type>{kinds}) này (?:{said})", re.IGNORECASE)
    said = (
        rf"(?P<effect>(?:takes|shall take|comes into) (?:effect|force) (?:on|from) {DAY[target]})"
        r"\.(?:/\.)?$"
        r"|(?:(?P<applies>applies to)|(?P<details>provides for|prescribes))(?= )"
    )
    return re.compile(rf"This (?i:(?P<type>{kinds})) (?:{said})")


def _title(text: str, target: Language) -> Iterator[Found]:
    """What the document is, in capitals, and the word before what it is about."""
    match = _titles(target).match(text)
    if match is None or not match["type"].isupper():
        return
    kind = formulas("types", target)[match["type"].casefold()].upper()
    if match["about"]:
        about = formulas("about", target)[match["about"].casefold()]
        about = about.upper() if match["about"].isupper() else about
        yield Span(0, match.end()), f"{kind} {about}"
    elif not (text[match.end() + 1].islower() or text.isupper()):
        yield Span(0, match.end()), f"{kind}:"


@cache
def _titles(target: Language) -> re.Pattern[str]:
    kinds, about = any_of("types", target), any_of("about", target)
    return re.compile(rf"(?P<type>{kinds})(?: (?P<about>{about}))?(?= \S)", re.IGNORECASE)


def _enacting(text: str, target: Language) -> Iterator[Found]:
    """Who issues the document: "Chính phủ ban hành Nghị định về …"."""
    match = _enacts(target).match(text) if role_of(text) == "enacts" else None
    office = office_in(match["office"], target) if match else None
    if match is None or office is None:
        return
    kind = formulas("types", target)[match["type"].casefold()]
    about = formulas("about", target)[match["about"].casefold()]
    own = f"{office} ban hành {kind} {about}"
    if target is Language.EN:
        own = f"The {office} promulgates the {kind} {about}"
    yield Span(0, match.end()), own


@cache
def _enacts(target: Language) -> re.Pattern[str]:
    kind, about = f"(?P<type>{any_of('types', target)})", f"(?P<about>{any_of('about', target)})"
    verb = "ban hành" if target is Language.EN else "(?:promulgates|issues) (?:the|this|a)"
    return re.compile(rf"(?P<office>.{{5,60}}?) {verb} {kind} {about}(?= )", re.IGNORECASE)


def _grounds(text: str, target: Language) -> Iterator[Found]:
    """The laws that a document rests on, their days and numbers, and who proposed it."""
    match = _ground(target).match(text) if role_of(text) == "preamble" else None
    if match is None:
        return
    pieces = list(_within_grounds(text, match.end(), target))
    own = formulas("grounds", target)[match[1].casefold()]
    numbered = pieces and pieces[0][0].start == match.end() and " No. " in pieces[0][1]
    if target is Language.EN and not numbered:
        own += " the"
    yield Span(0, match.end() - 1), own
    yield from pieces


@cache
def _ground(target: Language) -> re.Pattern[str]:
    article = "" if target is Language.EN else "(?:the )?"
    return re.compile(rf"({any_of('grounds', target)}) {article}(?=\S)", re.IGNORECASE)


def _within_grounds(text: str, start: int, target: Language) -> Iterator[Found]:
    for match in _in_grounds(target).finditer(text, start):
        span = Span(match.start(), match.end())
        if match["day"]:
            if own := day_in(match, target):
                yield span, f"dated {own}" if target is Language.EN else own
        elif match["number"]:
            kind = formulas("types", target) | {"tờ trình": "Proposal"}
            own = f"{kind[match['type'].casefold()]} No. {match['number']}"
            yield span, f"in {own}" if match["in"] else own
        elif match["law"]:
            yield span, formulas("laws", target)[match["law"].casefold()]
        elif match["office"]:
            link = formulas("links", target)[match["of"].casefold()] + " " if match["of"] else ""
            if office := office_in(match["office"], target):
                yield span, f"{link}{office}"
        else:
            yield span, formulas("links", target)[match["link"].casefold()]


@cache
def _in_grounds(target: Language) -> re.Pattern[str]:
    into_english = target is Language.EN
    bodies, fields = any_of("bodies", target), any_of("fields", target)
    office = f"(?P<office>{any_of('offices', target)}|(?:{bodies}) (?:{fields}))"
    stops = r"(?=[;,.:]|$| và\b| về\b| ngày\b| tại\b| quy định\b| dated\b| and\b)"
    links = sorted(formulas("links", target), key=len, reverse=True)
    of = "|".join(re.escape(link) for link in links if link.endswith(("của", "of the")))
    law = f"(?P<law>{any_of('laws', target)})"
    amending = re.escape("luật sửa đổi, bổ sung một số điều của")
    day = rf"(?P<day>{'' if into_english else 'dated '}{DAY[target]})"
    number = (
        r"(?P<in>tại )?(?P<type>Nghị định|Nghị quyết|Quyết định|Thông tư|Tờ trình)"
        r" số (?P<number>\d[\w/.-]*\w)"
    )
    found = [day, f"(?:(?P<of>{of}) )?{office}{stops}", f"{law}{stops}"]
    if into_english:
        found += [number, f"(?P<link>{amending}|và(?= {law.replace('?P<law>', '?:')}))"]
    else:
        found += [r"(?P<number>(?!))(?P<type>)(?P<in>)", r"(?P<link>(?!))"]
    return re.compile(r"\b(?=\w\w)(?:" + "|".join(found) + ")", re.IGNORECASE)


def _head(text: str, target: Language) -> Iterator[Found]:
    """A word before what the model translates: "V/v", "Kính gửi:", "TL." in capitals."""
    for head, own in formulas("heads", target).items():
        if text[: len(head)].casefold() == head and text[len(head) : len(head) + 1] == " ":
            yield Span(0, len(head)), own
            return
    match = _signs(target).match(text) if text.isupper() else None
    if match and role_of(text) == "signs-for":
        yield Span(0, len(match[1])), formulas("signs", target)[match[1].casefold()].upper()
