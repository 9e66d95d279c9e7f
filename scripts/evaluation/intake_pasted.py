"""How well pasted pages are told apart from their furniture, on synthetic pages.

A page is an article of `summ/` with furniture of our own writing wrapped around and put between
its paragraphs. A block counts as found when its text comes back character for character; F1 is
over the multiset of block texts of all pages. `develop` and the `adjust` slices are for tuning,
`report` and `blind` for the figures: other articles and other furniture. Of `blind` nobody has read
the errors.
"""

import itertools
import json
import lzma
import random
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.article import BlockKind
from service.stages.classify import classify

POOLS = ("intake_pasted_pool.toml", "intake_pasted_blind.toml")
SITES = {"vi": ("Việt Nam", "Báo Tin tức", "Dân trí"), "en": ("Việt Nam", "Viet Nam News", "VOV")}
PLACES = ("Thái Bình", "Quảng Trị", "Lào Cai", "Đồng Tháp", "Hà Tĩnh")
PEOPLE = {
    "vi": ("Minh Hương", "Nguyễn Văn An", "Thu Hiền", "Trần Quốc Bảo", "Lê Thị Mai"),
    "en": ("Jane Smith", "Nguyen Van An", "Minh Huong", "Peter O'Neill", "Thu Hien"),
}
WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Sunday"),
}
TAGS = {"vi": "cải cách hành chính, đầu tư công, chuyển đổi số", "en": "reform, investment, trade"}
SLICES = {  # articles of each file
    "develop": (0, 300),
    "adjust": (2000, 2300),
    "adjust-more": (3000, 3300),
    "adjust-fresh": (1000, 1300),
    "blind": (2400, 2700),
    "report": (3400, 3900),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a page: a block of the article, or furniture where `kind` is None."""

    text: str
    kind: str | None


ENGLISH = {  # articles of each slice, in the file of 100 or else in that of 2,225
    "develop": (0, 25),
    "adjust": (25, 50),
    "adjust-more": (50, 75),
    "report": (75, 100),
    "adjust-fresh": (1000, 1100),
    "blind": (1500, 1600),
}


def evaluate(data: Path) -> dict[str, object]:
    """Figures of `report`, with keys in `pasted_`, and of `blind`, in `pasted_blind_`."""
    figures = {f"pasted_{name}": value for name, value in measure(data, "report").items()}
    blind = measure(data, "blind")
    figures |= {f"pasted_blind_{name}": blind[name] for name in ("pages", "blocks", "f1", "lost")}
    figures["pasted_law_removed"] = _removed_of_laws(data)
    return figures


def measure(data: Path, part: str) -> dict[str, object]:
    """Figures of one slice."""
    pages = list(make_pages(data, part))
    gold: Counter[str] = Counter()
    found: Counter[str] = Counter()
    lost, kept, typed, kinds = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for page in pages:
        article = classify(join_page(page))
        texts = [block.text for block in _without_datelines(article.blocks)]
        want = Counter(piece.text for piece in page if piece.kind)
        have = Counter(texts)
        gold += want
        found += want & have
        kept.update({"blocks": len(texts)})
        in_order = "\n".join(texts)
        lost.update(p.kind for p in page if p.kind and p.text not in in_order)
        by_text = {block.text: block.kind for block in article.blocks}
        for piece in page:
            if piece.kind and piece.text in by_text:
                kinds[piece.kind] += 1
                typed[piece.kind] += by_text[piece.text] == piece.kind
    precision = found.total() / max(kept["blocks"], 1)
    recall = found.total() / gold.total()
    return {
        "pages": len(pages),
        "blocks": gold.total(),
        "f1": round(2 * precision * recall / (precision + recall), 5),
        "precision": round(precision, 5),
        "recall": round(recall, 5),
        "lost": {kind: lost[kind] for kind in sorted(kinds)},
        "kind_accuracy": {kind: round(typed[kind] / kinds[kind], 4) for kind in sorted(kinds)},
    }


def make_pages(data: Path, part: str) -> Iterator[list[Piece]]:
    """Synthetic pages of one slice, the same at every call."""
    texts = [Path(__file__).with_name(name).read_text(encoding="utf-8") for name in POOLS]
    pools = {"vi": {}, "en": {}}
    for language, pool in itertools.product(pools, map(tomllib.loads, texts)):
        pools[language] |= pool[language]
    for language, articles in _articles(data, part):
        dice = random.Random(f"{part}/{articles[0][0].text}")
        headlines = [a[0].text for a in articles]
        teasers = [a[1].text for a in articles if a[1].kind == "lead"] or headlines
        for article in articles:
            yield _wrap(article, pools[language][part], language, headlines, teasers, dice)


def join_page(page: Sequence[Piece]) -> str:
    """The page as it is pasted: with blank lines, or (of an even number of lines) without."""
    return ("\n\n" if len(page) % 2 else "\n").join(piece.text for piece in page)


def _wrap(
    article: Sequence[Piece],
    pool: dict[str, list[list[str]]],
    language: str,
    headlines: Sequence[str],
    teasers: Sequence[str],
    dice: random.Random,
) -> list[Piece]:
    def furniture(lines: Sequence[str]) -> list[Piece]:
        return [Piece(_fill(line, language, headlines, teasers, dice), None) for line in lines]

    def block(line: str, kind: str) -> list[Piece]:
        return [Piece(_fill(line, language, headlines, teasers, dice), kind)] if line else []

    body = list(article[1:])
    for _ in range(dice.choice((0, 0, 1, 2))):
        at = dice.randrange(1, len(body)) if len(body) > 2 else len(body)
        body[at:at] = block(str(dice.choice(pool["caption"])), "caption")
    if len(body) > 5 and dice.random() < 0.35:
        at = dice.randrange(2, len(body) - 1)
        if body[at].kind == "paragraph":  # a box sits in front of a paragraph
            body[at:at] = furniture(dice.choice(pool["inside"]))
    under = [_as_byline(p, language) for p in furniture(dice.choice(pool["under_title"]))]
    return [
        *furniture(dice.choice(pool["above"])),
        article[0],
        *under,
        *body,
        *block(str(dice.choice(pool["byline"])), "byline"),
        *furniture(dice.choice(pool["below"])),
    ]


def _as_byline(piece: Piece, language: str) -> Piece:
    """A line under the title that names a person is the article's byline."""
    named = any(person in piece.text for person in PEOPLE[language])
    return Piece(piece.text, "byline") if named else piece


def _fill(
    line: str,
    language: str,
    headlines: Sequence[str],
    teasers: Sequence[str],
    dice: random.Random,
) -> str:
    day, month, year = dice.randint(1, 28), dice.randint(1, 12), dice.randint(2015, 2025)
    months = "January February March April May June July August September October November December"
    longdate = {
        "vi": f"{day} tháng {month} năm {year}",
        "en": f"{months.split()[month - 1]} {day}, {year}",
    }[language]
    place = dice.choice(PLACES)
    return line.format(
        title="",
        headline=dice.choice(headlines),
        teaser=dice.choice(teasers),
        tags=TAGS[language],
        date=f"{day:02}/{month:02}/{year}",
        longdate=longdate,
        time=f"{dice.randint(5, 22)}:{dice.randint(10, 59)}",
        weekday=dice.choice(WEEKDAYS[language]),
        person=dice.choice(PEOPLE[language]),
        place=place,
        PLACE=place.upper(),
        site=dice.choice(SITES[language]),
        n=dice.randint(100, 999999),
        year=year,
    )


def _articles(data: Path, part: str) -> Iterator[tuple[str, list[list[Piece]]]]:
    start, stop = SLICES[part]
    yield "vi", [_baomoi(row) for row in _rows(data / "summ/baomoi-sapo.vi.jsonl.xz", start, stop)]
    rows = _rows(data / "summ/vietnews.val.jsonl.xz", start, stop)
    yield "vi", [_vietnews(row) for row in rows]
    if ENGLISH[part][1] <= 100:
        rows = _rows(data / "summ/bbc-100.en.jsonl.xz", *ENGLISH[part])
        yield "en", [_bbc(str(row["article"])) for row in rows]
    else:
        rows = _rows(data / "mono/en.news-bbc.jsonl.xz", *ENGLISH[part])
        yield "en", [_bbc("\n\n".join([str(row["title"]), *row["body"]])) for row in rows]


def _rows(path: Path, start: int, stop: int) -> list[dict[str, object]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for number, line in enumerate(lines) if start <= number < stop]


def _baomoi(row: dict[str, object]) -> list[Piece]:
    sentences = re.split(r"(?<=[.!?…]) +(?=[A-ZÀ-ỸĐ“\"])", _tidy(str(row["body"])))
    return [
        Piece(_tidy(str(row["title"])), "title"),
        Piece(_tidy(str(row["summary"])), "lead"),
        *(Piece(text, "paragraph") for text in _group(sentences)),
    ]


def _vietnews(row: dict[str, object]) -> list[Piece]:
    body, captions = row["body"], row["captions"]
    assert isinstance(body, list)
    assert isinstance(captions, list)
    said = {_tidy(sentence) for sentence in body}
    paragraphs = [Piece(text, "paragraph") for text in _group([_tidy(text) for text in body])]
    for number, caption in enumerate(captions):
        if _tidy(caption) not in said:
            paragraphs.insert(
                min(2 * number + 1, len(paragraphs)), Piece(_tidy(caption), "caption")
            )
    title, lead = _tidy(str(row["title"])), _tidy(str(row["abstract"]))
    return [Piece(title, "title"), Piece(lead, "lead"), *paragraphs]


def _bbc(article: str) -> list[Piece]:
    title, *paragraphs = [_tidy(part) for part in article.split("\n\n") if part.strip()]
    return [Piece(title, "title"), *(Piece(text, "paragraph") for text in paragraphs)]


def _group(sentences: Sequence[str]) -> list[str]:
    """Paragraphs of one to four sentences, decided by the sentences' own lengths."""
    groups: list[list[str]] = [[]]
    for sentence in sentences:
        groups[-1].append(sentence)
        if len(groups[-1]) >= 1 + len(sentence) % 4:
            groups.append([])
    return [" ".join(group) for group in groups if group]


def _tidy(text: str) -> str:
    return " ".join(re.sub("[\N{ZERO WIDTH SPACE}\N{BYTE ORDER MARK}]", "", text).split())


def _without_datelines(blocks: Sequence[object]) -> list[object]:
    """Blocks with every dateline put back in front of its paragraph."""
    joined: list[object] = []
    pending = ""
    for block in blocks:
        if block.kind is BlockKind.DATELINE:
            pending = f"{pending}{block.text} "
            continue
        joined.append(type(block)(block.kind, pending + block.text))
        pending = ""
    return joined


def _removed_of_laws(data: Path) -> dict[str, int]:
    """Lines dropped from plain legal text, where next to none should be."""
    with lzma.open(data / "mono/vi.laws.txt.xz", "rt", encoding="utf-8") as lines:
        text = [line.strip() for _, line in zip(range(20_000), lines, strict=False)]
    pages = ["\n".join(text[at : at + 400]) for at in range(0, len(text), 400)]
    removed = sum(len(classify(page).removed) for page in pages)
    return {"lines": sum(map(bool, text)), "removed": removed}
