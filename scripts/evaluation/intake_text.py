"""Measures the text layer of intake: encodings, language, sentences, speed.

    python -m scripts.evaluation.intake_text --data ../shared/data

Every figure is a plain number in a nested dict; `scripts/evaluate_intake.py` calls `evaluate`.
"""

import argparse
import json
import lzma
import re
import sys
import time
import tomllib
import unicodedata
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from service.article import Language
from service.stages import clean as clean_stage
from service.stages import detect as detect_stage
from service.stages import segment as segment_stage
from service.stages.clean import clean
from service.stages.detect import detect
from service.stages.segment import segment
from service.text import clauses, legacy, marks
from service.text.legacy import decode_table
from service.text.syllables import strip_diacritics

CASES = Path(__file__).parents[2] / "tests" / "cases"
ENCODING_REPAIRS = frozenset(("tcvn3", "vni", "mojibake", "mark-order"))


def evaluate(data: Path) -> dict[str, object]:
    """All figures of the text layer."""
    return {
        "encodings": encodings(data),
        "language": languages(data),
        "segmentation": segmentation(data),
        "speed": speeds(data),
    }


def encodings(data: Path) -> dict[str, object]:
    """Lines of FLORES restored from each damage, per cent; and conversions of undamaged text.

    Case is ignored for TCVN3, whose plain fonts have no toned capitals: "Ấn" is written "Ên", as
    "ấn" is.
    """
    lines = flores(data, Language.VI)
    damages: dict[str, Callable[[str], str]] = {
        "tcvn3": encoder("tcvn3"),
        "tcvn3_capitals_font": lambda line: encoder("tcvn3")(line.upper()),
        "vni": encoder("vni"),
        "utf8_as_cp1252": lambda line: line.encode().decode("sloppy-windows-1252"),
        "utf8_as_latin1": lambda line: line.encode().decode("latin-1"),
        "nfd": lambda line: unicodedata.normalize("NFD", line),
        "cp1258": base_and_tone,
        "zero_width_spaces": lambda line: "\N{ZERO WIDTH SPACE}".join(line),
        "eth": lambda line: line.translate(str.maketrans("Đđ", "Ðð")),
    }
    figures: dict[str, object] = {
        f"{name}_restored": per_cent(
            _same(clean(damage(line))[0], line, fold=name.startswith("tcvn3")) for line in lines
        )
        for name, damage in damages.items()
    }
    false: list[str] = []
    counts = {"articles": 0, "lines": 0}
    for kind, text in undamaged(data):
        counts[kind] += 1
        cleaned, repairs = clean(text)
        if any(repair.rule in ENCODING_REPAIRS for repair in repairs):
            false += [
                b for a, b in zip(text.split("\n"), cleaned.split("\n"), strict=False) if a != b
            ]
    return figures | {"false_conversions": len(false), "undamaged": counts, "false": false[:5]}


def undamaged(data: Path) -> Iterator[tuple[str, str]]:
    """Text that must not be converted: news and law whole, sentences one by one."""
    for entry in jsonl(data / "summ" / "baomoi-sapo.vi.jsonl.xz"):
        yield "articles", "\n".join((entry["title"], entry["summary"], entry["body"]))
    for entry in jsonl(data / "mono" / "en.news-bbc.jsonl.xz"):
        yield "articles", f"{entry['title']}\n{entry['body']}"
    with lzma.open(data / "mono" / "vi.laws.txt.xz", "rt", encoding="utf-8") as laws:
        for line in laws:
            yield "lines", line.rstrip("\n")
    for vi, en in news(data):
        yield from (("lines", vi), ("lines", en))
    for sentences in other_languages().values():
        yield from (("lines", sentence) for sentence in sentences)
        yield "articles", "\n".join(sentences)


def languages(data: Path) -> dict[str, object]:
    """Sentences told right, per cent, by what was done to them; and others taken for ours."""
    vi, en = flores(data, Language.VI), flores(data, Language.EN)
    pairs = [(a, b) for a, b in news(data) if looks_right(a, b)]
    titles = [entry["title"] for entry in jsonl(data / "summ" / "baomoi-sapo.vi.jsonl.xz")][::10]
    others = [
        (code, form)
        for code, sentences in other_languages().items()
        for sentence in sentences
        for form in (sentence, sentence.upper(), strip_diacritics(sentence))
    ]
    taken = [form for _, form in others if detect(form).language is not None]
    changed = sum(detect(form) != detect(form) for _, form in others)
    return {
        "vi": told(vi, "vi"),
        "vi_nfd": told([unicodedata.normalize("NFD", line) for line in vi], "vi"),
        "vi_capitals": told([line.upper() for line in vi], "vi"),
        "vi_plain": told([strip_diacritics(line) for line in vi], "vi"),
        "vi_5_words": told([first_words(line, 5) for line in vi], "vi"),
        "en": told(en, "en"),
        "en_capitals": told([line.upper() for line in en], "en"),
        "en_5_words": told([first_words(line, 5) for line in en], "en"),
        "news_vi": told([a for a, _ in pairs], "vi"),
        "news_vi_plain": told([strip_diacritics(a) for a, _ in pairs], "vi"),
        "news_en": told([b for _, b in pairs], "en"),
        "news_mislabelled_pairs_left_out": len(news(data)) - len(pairs),
        "titles_vi": told(titles, "vi"),
        "titles_vi_plain": told([strip_diacritics(title) for title in titles], "vi"),
        "other_languages": len(others),
        "other_languages_taken_for_ours": len(taken),
        "taken": taken[:5],
        "answers_that_changed": changed,
    }


def segmentation(data: Path) -> dict[str, object]:
    """Boundaries found in documents of ten lines joined with spaces: precision, recall, F1.

    `raw` takes line ends for the only gold, though one line in ten of FLORES holds two sentences
    or more. `paired` corrects this without a hand: lines without an end mark, or that begin with
    a small letter, are left out with their translations, and a boundary inside a line counts as
    right where both sides of the pair have as many. What it cannot see is a mistake that both
    sides share, as "Roe v. | Wade" would be.
    """
    figures: dict[str, object] = {}
    sets = {"flores": list(zip(flores(data, Language.VI), flores(data, Language.EN), strict=True))}
    sets["news"] = [(a, b) for a, b in news(data) if looks_right(a, b)]
    for name, pairs in sets.items():
        whole = [(a, b) for a, b in pairs if is_whole(a) and is_whole(b)]
        for side, language in enumerate(Language):
            raw = boundaries([pair[side] for pair in pairs], language)
            figures[f"{name}_{language}_raw"] = raw
            confirmed = [
                len(segment(a, Language.VI)) == len(segment(b, Language.EN)) for a, b in whole
            ]
            figures[f"{name}_{language}_paired"] = boundaries(
                [pair[side] for pair in whole], language, confirmed
            )
    for language in Language:
        rows = tomllib.loads((CASES / f"segmentation_{language}.toml").read_text("utf-8"))
        figures[f"hard_{language}"] = per_cent(
            [s.of(row["raw"]) for s in segment(row["raw"], language)] == row["out"]
            for row in rows["segment"]
        )
    return figures


def boundaries(
    lines: Sequence[str], language: Language, confirmed: Sequence[bool] | None = None
) -> dict[str, float]:
    """Precision, recall and F1 of sentence ends; inner ones of confirmed lines are not counted."""
    right = extra = missed = 0
    for first in range(0, len(lines), 10):
        group = [" ".join(line.split()) for line in lines[first : first + 10]]
        text = " ".join(group)
        found = {span.end for span in segment(text, language)}
        end = -1
        gold, excused = set(), set()
        for offset, line in enumerate(group):
            start, end = end + 1, end + 1 + len(line)
            gold.add(end)
            if confirmed is not None and confirmed[first + offset]:
                excused.update(at for at in found if start < at < end)
        right += len(gold & found)
        extra += len(found - gold - excused)
        missed += len(gold - found)
    precision, recall = right / (right + extra), right / (right + missed)
    return {
        "lines": len(lines),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4),
    }


def speeds(data: Path) -> dict[str, float]:
    """Characters a second of processor time, in millions; attacks in milliseconds."""
    vi, en = " ".join(flores(data, Language.VI)), " ".join(flores(data, Language.EN))
    page = ("\n".join(flores(data, Language.VI)) * 5)[:500_000]
    attacks = {
        "alternating": "a" + "\u0301\u0316" * 500_000,
        "one_kind": "a" + "\u0301" * 1_000_000,
    }
    figures = {
        "segment_vi_mchars_per_s": len(page) / seconds(lambda: segment(page, Language.VI)) / 1e6,
        "segment_en_mchars_per_s": len(en) / seconds(lambda: segment(en, Language.EN)) / 1e6,
        "clean_vi_mchars_per_s": len(page) / seconds(lambda: clean(page)) / 1e6,
        "clean_500k_ms": 1000 * seconds(lambda: clean(page)),
        "detect_vi_ms": 1000 * seconds(lambda: [detect(s) for s in vi.split(". ")[:500]]) / 500,
        "detect_en_ms": 1000 * seconds(lambda: [detect(s) for s in en.split(". ")[:500]]) / 500,
    }
    for name, text in attacks.items():
        figures[f"million_marks_{name}_ms"] = 1000 * seconds(lambda text=text: clean(text))
    figures |= worst_cases()
    return {name: round(value, 2) for name, value in figures.items()}


def worst_cases() -> dict[str, float]:
    """Milliseconds for the worst of some texts of 200,000 characters: each stage, and any pattern.

    The stages do work for every place that a pattern finds, so theirs is more.
    """
    texts = [(seed * (200_000 // len(seed) + 1))[:200_000] for seed in WORST.values()]
    stages: dict[str, Callable[[str], object]] = {
        "clean": clean,
        "segment": lambda text: segment(text, Language.VI),
        "detect": detect,
    }
    worst = {
        f"worst_200k_{name}_ms": max(1000 * seconds(lambda t=t, f=f: f(t)) for t in texts)
        for name, f in stages.items()
    }
    patterns = [
        (name, value)
        for module in (clean_stage, detect_stage, segment_stage, legacy, marks, clauses)
        for name, found in vars(module).items()
        for value in (found if isinstance(found, tuple) else (found,))
        if isinstance(value, re.Pattern)
    ]
    worst["patterns"] = len(patterns)
    worst["worst_200k_pattern_ms"] = max(
        1000 * seconds(lambda t=t, n=n, p=p: deque(_matches(n, p, t), maxlen=0))
        for n, p in patterns
        for t in texts
    )
    return worst


def _matches(name: str, pattern: re.Pattern[str], text: str) -> Iterator[object]:
    """All matches; of a pattern that its module only holds against one place, the first one."""
    return iter((pattern.match(text),)) if name in ANCHORED else pattern.finditer(text)


ANCHORED = frozenset(("_NEXT", "_NUMBER_MARK", "_INITIAL", "_INITIALS", "_LIST_MARK"))

# Repeated to 200,000 characters: what the patterns look at, in runs and in turns.
WORST = {
    "stops": ".",
    "stops_quotes": ".”",
    "stop_space": ". ",
    "spaces": " ",
    "stop_then_spaces": "." + " " * 5000,
    "semicolons": "; a) ",
    "letters": "a",
    "initials": "A. ",
    "digits": "1.",
    "numbers": "12. ",
    "eth": "Ð",
    "high_letters": "Ã",
    "tcvn3": "®­îc ",
    "quotes": "“",
    "dots_words": "a.b",
    "at_signs": "a@",
    "mojibake": "á»‡",
}


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the quickest of three runs."""
    times = []
    for _ in range(3):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times) or 1e-9


def encoder(encoding: str) -> Callable[[str], str]:
    """The inverse of an old encoding; letters that it lacks in capitals are put small."""
    inverse: dict[str, str] = {}
    for source, letter in decode_table(encoding).items():
        inverse.setdefault(letter, source)
        if letter.isupper() and source.isupper():
            inverse[letter] = source
    return lambda text: "".join(inverse.get(c) or inverse.get(c.lower(), c) for c in text)


def base_and_tone(line: str) -> str:
    """As code page 1258 stores it: vowel letters composed, tones apart."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = []
    for letter in line:
        marks = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in marks if mark in tones)
        rest = unicodedata.normalize("NFC", "".join(m for m in marks if m not in tones))
        parts.append(rest + tone if tone and rest.isalpha() else letter)
    return "".join(parts)


def flores(data: Path, language: Language) -> list[str]:
    return (data / "eval" / "flores-dev" / f"ref.{language}").read_text("utf-8").splitlines()


def news(data: Path) -> list[tuple[str, str]]:
    rows = (data / "eval" / "news.dev.tsv").read_text("utf-8").splitlines()
    return [(vi, en) for vi, en in (row.split("\t") for row in rows)]


def looks_right(vi: str, en: str) -> bool:
    """Whether a pair is not filed under the wrong languages, told without our detector."""
    ours = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
    return ours.search(vi) is not None and len(ours.findall(en)) < len(en) / 10


def is_whole(line: str) -> bool:
    """Whether a line looks like whole sentences: an end mark, and no small letter first."""
    return re.search(r"[.!?…][\"”’')\]»]*\s*$", line) is not None and not line[:1].islower()


def other_languages() -> dict[str, list[str]]:
    return tomllib.loads((CASES / "other_languages.toml").read_text("utf-8"))


def first_words(line: str, count: int) -> str:
    return " ".join(line.split()[:count])


def told(texts: Sequence[str], code: str) -> float:
    return per_cent(detect(text).code == code for text in texts)


def per_cent(answers: Iterator[bool] | Sequence[bool]) -> float:
    found = list(answers)
    return round(100 * sum(found) / len(found), 2)


def jsonl(path: Path) -> Iterator[dict[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _same(found: str, expected: str, *, fold: bool) -> bool:
    return found.lower() == expected.lower() if fold else found == expected


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    if not data.is_dir():
        sys.exit(f"There is no folder {data}; give one with --data.")
    print(json.dumps(evaluate(data), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
