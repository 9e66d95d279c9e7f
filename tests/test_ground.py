"""A written summary is let out only where the article has every fact of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from models.base import Decoding, Hypothesis
from service.article import BlockKind, Language, Segment, Span
from service.stages.ground import Abstract, find_ungrounded, release, write_abstract
from service.stages.segment import segment as cut_sentences

VI, EN = Language.VI, Language.EN
ARTICLE = [
    "Sáng 12/10/2024, UBND tỉnh Lào Cai khởi công cầu Bản Vược với vốn 120 tỷ đồng.",
    "Chủ tịch UBND tỉnh Trần Văn Nam nói cầu sẽ xong trước tháng 6 và giảm 35% chi phí đi lại.",
    "Theo Quyết định 1234/QĐ-UBND, nhà thầu là Công ty Sông Hồng.",
]
ENGLISH = [
    "On Monday, Lao Cai Province broke ground on the Ban Vuoc bridge, worth 120 billion dong.",
    "Chairman Tran Van Nam said it would open by June 15 and cut travel costs by 35 percent.",
]


def segments(texts: Sequence[str]) -> list[Segment]:
    return [
        Segment(f"b{i}s1", i - 1, BlockKind.PARAGRAPH, Span(0, len(text)), text, None)
        for i, text in enumerate(texts, start=1)
    ]


def let_out(summary: str, texts: Sequence[str] = ARTICLE, language: Language = VI) -> Abstract:
    return release(summary, segments(texts), language, cut_sentences, max_words=60)


@pytest.mark.parametrize(
    "summary",
    [
        "Lào Cai khởi công cầu Bản Vược 120 tỷ đồng.",
        "Ngày 12/10, tỉnh Lào Cai khởi công cầu Bản Vược.",
        "Trong năm 2024, Lào Cai khởi công cầu Bản Vược.",
        "Cầu Bản Vược giảm 35% chi phí đi lại, ông Trần Văn Nam nói.",
        "Nhà thầu theo Quyết định 1234/QĐ-UBND là Công ty Sông Hồng.",
    ],
)
def test_a_summary_of_the_articles_facts_is_let_out(summary: str) -> None:
    assert let_out(summary).refused is None


@pytest.mark.parametrize(
    ("summary", "kind"),
    [
        ("Lào Cai khởi công cầu Bản Vược 130 tỷ đồng.", "number"),
        ("Lào Cai khởi công cầu Bản Vược 120 triệu đồng.", "number"),
        ("Cầu Bản Vược giảm 35 triệu đồng chi phí đi lại.", "number"),
        ("Lào Cai khởi công cầu Bản Vược với vốn 120 tỷ USD.", "unit"),
        ("Ngày 13/10, tỉnh Lào Cai khởi công cầu Bản Vược.", "date"),
        ("Ngày 12/10/2023, tỉnh Lào Cai khởi công cầu Bản Vược.", "date"),
        ("Sáng thứ sáu, tỉnh Lào Cai khởi công cầu Bản Vược.", "date"),
        ("Nhà thầu theo Quyết định 1234/QĐ-BXD là Công ty Sông Hồng.", "QĐ-BXD"),
        ("Yên Bái khởi công cầu Bản Vược 120 tỷ đồng.", "name"),
        ("Chủ tịch UBND tỉnh Trần Văn Hải nói cầu sẽ xong trước tháng 6.", "name"),
        ("Trump nói cầu Bản Vược sẽ xong trước tháng 6.", "name"),
    ],
)
def test_what_the_article_does_not_say_is_refused_by_name(summary: str, kind: str) -> None:
    refused = let_out(summary).refused
    assert refused is not None
    assert refused.startswith("ungrounded: ")
    assert kind in refused


def test_english_is_judged_alike() -> None:
    good = (
        "Lao Cai Province broke ground on a bridge that costs 120 billion dong. It opens by June."
    )
    assert let_out(good, ENGLISH, EN).refused is None
    for bad in (
        "Lao Cai Province broke ground on a bridge that costs 12 billion dong.",
        "On Tuesday, Lao Cai Province broke ground on the Ban Vuoc bridge.",
        "Chairman Tran Van Hai said the bridge would cut travel costs by 35 percent.",
        "Chairman Tran Van Nam said it would open by July 15.",
    ):
        assert str(let_out(bad, ENGLISH, EN).refused).startswith("ungrounded"), bad


@pytest.mark.parametrize(("texts", "language"), [(ARTICLE, VI), (ENGLISH, EN)])
def test_the_article_itself_is_grounded(texts: list[str], language: Language) -> None:
    for text in texts:
        assert find_ungrounded(text, "\n".join(texts), language) == []


def test_each_sentence_cites_the_segments_that_support_it() -> None:
    found = let_out(
        "Lào Cai khởi công cầu Bản Vược 120 tỷ đồng. Nhà thầu là Công ty Sông Hồng."
    ).sentences
    assert [sentence.segment_ids for sentence in found] == [("b1s1",), ("b3s1",)]
    both = let_out("Cầu Bản Vược vốn 120 tỷ đồng sẽ xong trước tháng 6, giảm chi phí đi lại.")
    assert both.sentences[0].segment_ids == ("b1s1", "b2s1")


@pytest.mark.parametrize(
    ("summary", "code"),
    [
        ("", "empty"),
        ("… – …", "empty"),
        ("cầu Bản Vược cầu Bản Vược cầu Bản Vược cầu Bản Vược", "loop"),
        ("Lào Cai khởi công cầu Bản Vược. Lào Cai khởi công cầu Bản Vược.", "loop"),
        ("mèo trắng nằm ngủ trên mái ngói cũ dưới trời nắng gắt.", "unsupported"),
        (" ".join(["cầu", "tỉnh", "vốn"] * 30), "too-long"),
    ],
)
def test_empty_looping_long_and_unsupported_texts_are_refused(summary: str, code: str) -> None:
    refused = let_out(summary)
    assert refused.sentences == ()
    assert str(refused.refused).startswith(f"{code}:")


@dataclass
class Writer:
    """A model that writes what it was told to."""

    text: str
    truncated: bool = False
    languages: frozenset[str] = frozenset({"vi"})
    model_id: str = "writer@1"
    weights_sha256: str = "0" * 64
    max_source_tokens: int = 1024

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def generate(
        self,
        texts: Sequence[str],
        *,
        max_tokens: int,
        min_tokens: int = 0,
        language: str | None = None,
        decoding: Decoding | None = None,
    ) -> list[list[Hypothesis]]:
        assert texts == ["\n".join(ARTICLE)]
        return [[Hypothesis(self.text, -0.5, self.truncated)]]


def write(writer: Writer, language: Language = VI) -> Abstract:
    return write_abstract(segments(ARTICLE), writer, language, cut_sentences)


def test_a_model_is_asked_and_its_summary_judged() -> None:
    assert write(Writer("Lào Cai khởi công cầu Bản Vược.")).refused is None
    assert str(write(Writer("Huế khởi công cầu Bản Vược.")).refused).startswith("ungrounded")
    assert str(write(Writer("Lào Cai khởi công", truncated=True)).refused).startswith("truncated")


def test_a_model_of_another_language_is_not_asked() -> None:
    assert str(write(Writer("A bridge."), EN).refused).startswith("language: writer@1")
