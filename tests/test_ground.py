"""A written summary is let out only where the article has every fact of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Decoding, Hypothesis
from service.article import BlockKind, Language, Segment, Span
from service.checks.grounding import find_ungrounded
from service.result import RefusalReason
from service.stages.detect import detect
from service.stages.ground import Abstract, Gate, Judge, write_abstract
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


def gate(language: Language = VI, **limits) -> Gate:
    return Gate(
        language=language,
        cut_sentences=cut_sentences,
        tell_language=lambda text: detect(text).code,
        **limits,
    )


def let_out(
    summary: str, texts: Sequence[str] = ARTICLE, language: Language = VI, **limits
) -> Abstract:
    return Judge(segments(texts), gate(language, **limits)).release(summary)


@pytest.mark.parametrize(
    "summary",
    [
        "Lào Cai khởi công cầu Bản Vược 120 tỷ đồng.",
        "Ngày 12/10, tỉnh Lào Cai khởi công cầu Bản Vược.",
        "Trong năm 2024, Lào Cai khởi công cầu Bản Vược.",
        "Cầu Bản Vược giảm 35% chi phí đi lại, ông Trần Văn Nam nói.",
        "Nhà thầu theo Quyết định 1234/QĐ-UBND là Công ty Sông Hồng.",
        "Khoảng 120 tỷ đồng là vốn của cầu Bản Vược.",  # "khoảng" is no name, wherever it stands
    ],
)
def test_a_summary_of_the_articles_facts_is_let_out(summary: str) -> None:
    assert let_out(summary).refusal is None


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
        ("Lễ khởi công cầu Bản Vược bắt đầu lúc 9 giờ.", "date"),
        ("Theo TS. Nguyễn Văn Nam, cầu sẽ xong trước tháng 6.", "name"),
        ("Cầu Bản Vược giảm 12% chi phí đi lại.", "12"),  # a day is no figure
        ("Cầu xong trước tháng 6 theo Điều 35.", "reference"),
    ],
)
def test_what_the_article_does_not_say_is_refused_by_name(summary: str, kind: str) -> None:
    refusal = let_out(summary).refusal
    assert refusal is not None
    assert refusal.reason == "ungrounded"
    assert kind in refusal.message_en


def test_english_is_judged_alike() -> None:
    good = (
        "Lao Cai Province broke ground on a bridge that costs 120 billion dong. It opens by June."
    )
    assert let_out(good, ENGLISH, EN).refusal is None
    for bad in (
        "Lao Cai Province broke ground on a bridge that costs 12 billion dong.",
        "On Tuesday, Lao Cai Province broke ground on the Ban Vuoc bridge.",
        "Chairman Tran Van Hai said the bridge would cut travel costs by 35 percent.",
        "Chairman Tran Van Nam said it would open by July 15.",
    ):
        assert let_out(bad, ENGLISH, EN).refusal.reason == "ungrounded", bad


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
    ],
)
def test_empty_looping_and_unsupported_texts_are_refused(summary: str, code: str) -> None:
    refused = let_out(summary)
    assert refused.sentences == ()
    assert refused.refusal.reason == code


def test_a_summary_keeps_the_limits_by_whole_sentences() -> None:
    two = "Lào Cai khởi công cầu Bản Vược 120 tỷ đồng. Nhà thầu là Công ty Sông Hồng."
    assert len(let_out(two).sentences) == 2
    assert len(let_out(two, max_sentences=1).sentences) == 1
    assert len(let_out(two, max_words=12).sentences) == 1
    refusal = let_out(two, max_words=5).refusal
    assert refusal.reason == "too-long"
    assert "5" in refusal.message_en


def test_what_was_cut_off_is_left_out() -> None:
    judge = Judge(segments(ARTICLE), gate())
    text = "Lào Cai khởi công cầu Bản Vược. Nhà thầu là Công"
    assert [s.text for s in judge.release(text, truncated=True).sentences] == [
        "Lào Cai khởi công cầu Bản Vược."
    ]
    assert judge.release("Lào Cai khởi công", truncated=True).refusal.reason == "truncated"


def test_a_summary_in_the_other_language_is_refused() -> None:
    mixed = [*ARTICLE, "“The bridge will change the life of all people here,” a visitor said."]
    english = "The bridge will change the life of all people here."
    assert let_out(english, mixed).refusal.reason == "wrong-language"


def test_a_fact_that_the_words_alone_would_not_cite_is_cited() -> None:
    texts = [
        "Tỉnh khởi công cây cầu bắc qua sông lớn nối hai huyện miền núi phía bắc.",
        "Vốn là 120 tỷ đồng.",
        "Dự lễ có nhiều người dân.",
    ]
    found = let_out("Tỉnh khởi công cây cầu bắc qua sông lớn nối hai huyện miền núi 120 tỷ.", texts)
    assert found.sentences[0].segment_ids == ("b1s1", "b2s1")


def test_an_english_possessive_is_the_same_name() -> None:
    texts = ["Vietnam exported 5 tons of rice in May, said Minister Tran Van Nam."]
    assert let_out("Vietnam's rice exports were 5 tons in May.", texts, EN).refusal is None


FACTS = (
    "120 tỷ|35%|12/10/2024|tháng 6|1234/QĐ-UBND|năm 2024|hai|Lào Cai|Trần Văn Nam|UBND|Sông Hồng|"
    "130 tỷ|36%|13/10/2024|tháng 7|1235/QĐ-UBND|năm 2023|ba|Yên Bái|Trần Văn Hải|Trump|HĐND|7|19"
)
WORDS = " ".join(ARTICLE).split()
RUNS = st.tuples(st.integers(0, len(WORDS) - 1), st.integers(1, 12)).map(
    lambda at: " ".join(WORDS[at[0] : at[0] + at[1]])
)
NUMBER = re.compile(r"\d+")


@settings(max_examples=250, deadline=None)
@given(st.lists(RUNS | st.sampled_from(FACTS.split("|")), min_size=1, max_size=4))
def test_no_summary_let_out_has_a_number_or_a_name_that_its_sources_lack(parts) -> None:
    text = " ".join(parts)
    by_id = {segment.id: segment.text for segment in segments(ARTICLE)}
    for sentence in let_out(f"{text[0].upper()}{text[1:]}.").sentences:
        cited = " ".join(by_id[segment] for segment in sentence.segment_ids)
        assert set(NUMBER.findall(sentence.text)) <= set(NUMBER.findall(cited))
        later = re.findall(r"\w+", sentence.text)[1:]  # the first word has a capital anyway
        assert {word for word in later if word[0].isupper()} <= set(re.findall(r"\w+", cited))


@dataclass
class Writer:
    """A model that writes what it was told to."""

    text: str
    truncated: bool = False
    languages: frozenset[str] = frozenset({"vi"})
    model_id: str = "writer@1"
    weights_sha256: str = "0" * 64
    max_source_tokens: int = 1024
    others: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

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
        self.asked += texts
        best = Hypothesis(self.text, -0.5, self.truncated)
        return [[best, *(Hypothesis(text, -0.6) for text in self.others)]]


def write(writer: Writer, language: Language = VI, texts: Sequence[str] = ARTICLE) -> Abstract:
    return write_abstract(segments(texts), writer, gate(language))


def test_a_model_is_asked_and_its_summary_judged() -> None:
    writer = Writer("Lào Cai khởi công cầu Bản Vược.")
    found = write(writer)
    assert (found.refusal, found.model, found.read_to) == (None, "writer@1", None)
    assert writer.asked == ["\n".join(ARTICLE)]
    assert write(Writer("Huế khởi công cầu Bản Vược.")).refusal.reason == "ungrounded"
    assert write(Writer("Lào Cai khởi công", truncated=True)).refusal.reason == "truncated"


def test_where_the_best_answer_invents_the_next_one_is_looked_at() -> None:
    found = write(Writer("Huế khởi công cầu.", others=("Lào Cai khởi công cầu Bản Vược.",)))
    assert [one.text for one in found.sentences] == ["Lào Cai khởi công cầu Bản Vược."]
    refused = write(Writer("Huế khởi công cầu.", others=("Sơn La khởi công cầu.",))).refusal
    assert "Huế" in refused.message_en


def test_of_an_article_that_is_too_long_the_model_reads_the_first_segments() -> None:
    writer = Writer("Lào Cai khởi công cầu Bản Vược.", max_source_tokens=35)
    found = write(writer)
    assert writer.asked == [ARTICLE[0]]
    assert found.read_to == "b1s1"
    assert found.refusal is None


def test_facts_of_the_part_that_was_not_read_are_still_the_articles() -> None:
    writer = Writer("Nhà thầu là Công ty Sông Hồng.", max_source_tokens=35)
    assert write(writer).sentences[0].segment_ids == ("b3s1",)


def test_a_model_of_another_language_is_not_asked() -> None:
    writer = Writer("A bridge.")
    refusal = write(writer, EN).refusal
    assert refusal.reason == "language"
    assert "writer@1" in refusal.message_en
    assert writer.asked == []


def test_an_article_without_a_sentence_has_no_summary() -> None:
    assert write(Writer("Gì đó."), texts=["– – –"]).refusal.reason == "empty"


def test_every_reason_is_described() -> None:
    described = (Path(__file__).parents[1] / "docs" / "summaries.md").read_text("utf-8")
    for reason in RefusalReason:
        assert f"| `{reason.value}` |" in described, reason
