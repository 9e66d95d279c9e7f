"""How well articles are taken out of HTML pages.

`html_f1`, `html_precision`, `html_recall`: 91 news pages with gold bodies. Token-level, over
shingles of four tokens (`\\w+`), as scrapinghub/article-extraction-benchmark defines them: per page
true and false positives over the multisets of shingles, precision and recall averaged over pages,
F1 of the two averages. The gold has no titles, authors, dates and captions, so those blocks are
left out; all others are joined with line ends.

`law_headings`: share of the lines of nine law pages that begin with "Điều N" and come out as the
beginning of a block. `law_menu_phrases`: blocks of those pages that begin like their menus.

`html_p99_ms`: 99th percentile of `Extractor.extract` on a warm process over all pages up to 500 KB,
each read three times; `html_cpu_p99_ms` the same of the processor's time alone, which a busy
machine changes less.
"""

import argparse
import gzip
import json
import lzma
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import fmean, median

from service.article import Article, BlockKind
from service.errors import ArticleError
from service.extraction.page import extract_page
from service.stages.extract import Extractor

NOT_BODY = frozenset({BlockKind.TITLE, BlockKind.BYLINE, BlockKind.DATELINE, BlockKind.CAPTION})
SHINGLE = 4  # tokens
TIMED_BYTES = 500_000
TIMED_RUNS = 3
_TOKEN = re.compile(r"\w+")
_HEADING = re.compile(r"Điều\s+(\d+)")
MENU_PHRASES = (
    "Trang chủ", "Các gói dịch vụ", "Đăng nhập", "Quên mật khẩu", "Đăng ký", "Danh mục",
    "Tra cứu", "Sơ đồ WebSite", "Thuộc tính", "Nội dung", "Tiếng Anh", "Lược đồ", "Liên quan",
    "Tải về", "Tải Văn bản", "Lưu trữ", "Ghi chú", "Ý kiến", "Facebook", "Email", "In",
    "Bạn Chưa Đăng Nhập", "Vì chưa Đăng Nhập", "Nếu chưa là Thành Viên", "Bạn chưa xem được",
    "Văn bản liên quan", "Văn bản này chưa cập nhật", "Đang tải văn bản", "Hãy đăng nhập",
    "THƯ VIỆN PHÁP LUẬT", "Chủ quản", "Mã số thuế", "IP:", "Từ khoá", "Hiệu lực: Đã biết",
)  # fmt: skip
_MENU = re.compile(rf"(?:{'|'.join(MENU_PHRASES)})(?![a-z])")  # "In", not "Independence"


def evaluate(data: Path, html: Path | None = None) -> dict[str, object]:
    """All figures; `html` has the news pages, by default `articles/news-en-html` under `data`."""
    news = html or data / "articles" / "news-en-html"
    laws = dict(_read_laws(data / "articles" / "law-pages-html"))
    bodies = json.loads((news / "ground-truth.json").read_text(encoding="utf-8"))
    pages = {name: _read_page(news / f"{name}.html.gz") for name in bodies}
    precision, recall = _score(pages, {name: bodies[name]["articleBody"] for name in bodies})
    figures: dict[str, object] = {
        "html_pages": len(pages),
        "html_precision": precision,
        "html_recall": recall,
        "html_f1": 2 * precision * recall / (precision + recall),
    }
    figures |= _count_law_lines(laws)
    figures |= _time_pages([*pages.values(), *laws.values()])
    return figures


def count_shingles(text: str) -> Counter[tuple[str, ...]]:
    """The shingles of a text; a text shorter than one is its own shingle."""
    tokens = _TOKEN.findall(text)
    starts = range(max(1, len(tokens) - SHINGLE + 1))
    return Counter(shingle for i in starts if (shingle := tuple(tokens[i : i + SHINGLE])))


def body_of(article: Article) -> str:
    """The article's body as the benchmark's gold has it."""
    return "\n".join(block.text for block in article.blocks if block.kind not in NOT_BODY)


def _score(pages: Mapping[str, str], bodies: Mapping[str, str]) -> tuple[float, float]:
    """Mean precision and recall."""
    precisions: list[float] = []
    recalls: list[float] = []
    for name, page in pages.items():
        gold = count_shingles(bodies[name])
        found = count_shingles(_body(page))
        shared = (gold & found).total()
        if found:
            precisions.append(shared / found.total())
        if gold:
            recalls.append(shared / gold.total())
    return fmean(precisions), fmean(recalls)


def _body(page: str) -> str:
    try:
        return body_of(extract_page(page))
    except ArticleError:
        return ""


def _count_law_lines(laws: Mapping[str, str]) -> dict[str, object]:
    headings = kept = menus = 0
    for page in laws.values():
        article = extract_page(page)
        kept += sum(bool(_HEADING.match(block.text)) for block in article.blocks)
        headings += sum(bool(_HEADING.match(line.text)) for line in article.removed)
        menus += sum(bool(_MENU.match(block.text)) for block in article.blocks)
    headings += kept
    return {
        "law_pages": len(laws),
        "law_headings_on_pages": headings,
        "law_headings": kept / headings if headings else 1.0,
        "law_menu_phrases": menus,
    }


def _time_pages(pages: list[str]) -> dict[str, object]:
    times: list[float] = []
    extractor = Extractor()
    timed = [page for page in pages if len(page.encode()) <= TIMED_BYTES]
    extractor.extract(timed[0])
    for _ in range(TIMED_RUNS):
        for page in timed:
            started = time.perf_counter()
            extractor.extract(page)
            times.append((time.perf_counter() - started) * 1000)
    extractor.close()
    cpu_times = [_cpu_ms(page) for page in timed for _ in range(TIMED_RUNS)]
    return {
        "html_timed_pages": len(timed),
        "html_median_ms": median(times),
        "html_p99_ms": _p99(times),
        "html_cpu_p99_ms": _p99(cpu_times),
    }


def _cpu_ms(page: str) -> float:
    started = time.process_time()
    extract_page(page)
    return (time.process_time() - started) * 1000


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def _read_page(path: Path) -> str:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return file.read()


def _read_laws(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.html.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as file:
            yield path.name, file.read()


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--html", type=Path, help="*.html.gz and ground-truth.json")
    options = parser.parse_args()
    print(json.dumps(evaluate(options.data, options.html), indent=2))


if __name__ == "__main__":
    main()
