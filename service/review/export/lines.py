"""JSONL for fine-tuning and CSV for spreadsheets: one segment a line."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict

from service.review.export.articles import ExportArticle

COLUMNS = (
    "article", "segment", "kind", "state", "source_language", "target_language", "source",
    "target", "machine", "model", "reviewer",
)  # fmt: skip
# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_jsonl(articles: Sequence[ExportArticle]) -> str:
    """A line of JSON a segment: `source` and `target` to learn from, `machine` to learn against."""
    lines = []
    for article in articles:
        for segment in article.segments:
            line = {
                "article": article.id,
                "source_language": article.source_language,
                "target_language": article.target_language,
                "model": article.model,
                **asdict(segment),
            }
            line["segment"] = line.pop("id")
            lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    return "".join(lines)


def to_csv(articles: Sequence[ExportArticle]) -> str:
    """A table with a byte-order mark, which Excel needs to read UTF-8; no cell is a formula."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for article in articles:
        for s in article.segments:
            cells = (
                article.id, s.id, s.kind, s.state, article.source_language,
                article.target_language, s.source, s.target, s.machine, article.model, s.reviewer,
            )  # fmt: skip
            writer.writerow([guard(cell) for cell in cells])
    return file.getvalue()


def guard(cell: str) -> str:
    """The cell, as text where it would be a formula.

    >>> guard("=1+1"), guard("12 tỉnh")
    ("'=1+1", '12 tỉnh')
    """
    return "'" + cell if cell.startswith(_FORMULA) else cell
