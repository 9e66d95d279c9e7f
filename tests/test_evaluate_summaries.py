"""The evaluation command: its layouts, its rows and what they mean."""

import json
import lzma
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.evaluation.inventions import plant
from scripts.evaluation.summaries import lead, oracle, read_documents, score, textrank

ROOT = Path(__file__).parents[1]
BODY = [
    "Tỉnh Lào Cai khởi công cầu vượt lũ.",
    "Trời có mưa nhỏ.",
    "Cầu vượt lũ của tỉnh Lào Cai dài 300 m và nối hai xã.",
    "Vốn của cầu vượt lũ là 120 tỷ đồng.",
]
ARTICLE = {
    "title": "Lào Cai xây cầu",
    "abstract": "Vốn của cầu vượt lũ là 120 tỷ đồng.",
    "body": BODY,
    "captions": ["Lễ khởi công. Ảnh: TTXVN"],
}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl.xz"
    with lzma.open(path, "wt", encoding="utf-8") as lines:
        for _ in range(3):
            lines.write(json.dumps(ARTICLE, ensure_ascii=False) + "\n")
    return path


def test_captions_are_given_to_the_product_but_are_no_sentences(articles: Path) -> None:
    document = read_documents(articles, 1)[0]
    assert document.sentences == BODY
    assert [segment.kind.value for segment in document.segments] == [
        "title",
        *["paragraph"] * 4,
        "caption",
    ]


def test_baselines_take_what_their_names_say(articles: Path) -> None:
    document = read_documents(articles)[0]
    assert lead(2)(document) == " ".join(BODY[:2])
    assert BODY[1] not in textrank(3)(document)
    assert oracle(document) == BODY[3]


def test_a_perfect_summary_scores_one_hundred(articles: Path) -> None:
    row = score("oracle", oracle, read_documents(articles))
    assert (row.rouge1, row.rouge2, row.rougeL, row.words) == (100, 100, 100, 9)
    assert row.intervals["rouge1"] == (100, 100)


def test_an_english_article_is_cut_into_sentences(tmp_path: Path) -> None:
    path = tmp_path / "english.jsonl.xz"
    record = {
        "article": "Bridge opens\n\nIt rained. The bridge opened.\nAll cheered.",
        "summary": "x",
    }
    with lzma.open(path, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(record))
    document = read_documents(path)[0]
    assert document.title == "Bridge opens"
    assert document.sentences == ["It rained.", "The bridge opened.", "All cheered."]


def test_the_command_prints_rows_as_json(articles: Path) -> None:
    command = [sys.executable, "scripts/evaluate_summaries.py", "--articles", str(articles)]
    run = subprocess.run(
        [*command, "--limit", "2", "--grounding", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(run.stdout)
    rows = {row["name"]: row for row in answer["rows"]}
    assert {"songngu", "lead-1", "lead-2", "lead-3", "textrank-2", "oracle"} <= rows.keys()
    assert rows["songngu+title"]["words"] > rows["songngu"]["words"]
    assert answer["ungrounded"] == 0
    assert answer["numbers found"] == answer["numbers planted"]
    assert rows["oracle"]["rougeL"] == 100
    assert 0 < rows["songngu"]["rouge1"] <= 100
    assert rows["lead-1"]["words"] == 8


def test_planted_facts_are_those_that_the_article_lacks() -> None:
    articles = [
        "Sáng nay chủ tịch Trần Văn Nam khởi công cầu dài 300 m.",
        "Hôm qua giám đốc Lê Thị Hoa cắt băng khánh thành đường 25 km.",
    ]
    planted = list(plant(articles, articles))
    assert [(kind, place) for kind, _, place in planted] == [
        ("numbers", 0),
        ("names", 0),
        ("numbers", 1),
        ("names", 1),
    ]
    assert planted[0][1] == articles[0].replace("300", "301")
    assert planted[1][1] == articles[0].replace("Trần Văn Nam", "Lê Thị Hoa")
