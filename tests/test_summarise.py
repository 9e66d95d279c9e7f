"""What a summary may hold, and what it never does."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from models.base import Sentence
from models.catalogue import BUNDLED_RANKER, MODELS_FOLDER
from models.ranker import load_ranker
from service.article import BlockKind, Language, Segment, Span
from service.rules.openings import load_openings
from service.stages.summarise import SummarySentence, headline, summarise
from service.text.standalone import count_words

P, LEAD, CAPTION = BlockKind.PARAGRAPH, BlockKind.LEAD, BlockKind.CAPTION
LONG = "Sở Giao thông vận tải tỉnh {} thông xe tuyến đường dài {} km sau hai năm thi công"


@dataclass(frozen=True)
class Fixed:
    """Gives each sentence the score written for it, and 0 to the others."""

    scores: dict[str, float]

    def score(self, sentences: Sequence[Sentence], title: str) -> list[float]:
        return [self.scores.get(sentence.text, 0.0) for sentence in sentences]


class First:
    """Likes the earlier sentence better."""

    def score(self, sentences: Sequence[Sentence], title: str) -> list[float]:
        return [-float(place) for place in range(len(sentences))]


def article(*blocks: str | tuple[BlockKind, str]) -> list[Segment]:
    """One segment a block; a text alone is a paragraph."""
    typed = [block if isinstance(block, tuple) else (P, block) for block in blocks]
    return [
        Segment(f"b{i + 1}s1", i, kind, Span(0, len(text)), text, Language.VI)
        for i, (kind, text) in enumerate(typed)
    ]


def texts(summary: Sequence[SummarySentence]) -> list[str]:
    return [sentence.text for sentence in summary]


def texts_of(segments: Sequence[Segment]) -> list[str]:
    return [segment.text for segment in segments]


NEWS = article(
    "UBND tỉnh Lào Cai khởi công cây cầu dài 300 m.",
    "Vốn của dự án là 120 tỷ đồng từ ngân sách trung ương.",
    "Cầu cũ xây năm 1985 đã xuống cấp nặng.",
    "Người dân hai xã đi vòng 14 km mỗi mùa lũ.",
)


def test_sentences_keep_the_order_of_the_source_and_cite_their_segments() -> None:
    ranker = Fixed({NEWS[3].text: 0.9, NEWS[1].text: 0.5})
    assert summarise(NEWS, ranker, "", sentences=2) == [
        SummarySentence(NEWS[1].text, ("b2s1",)),
        SummarySentence(NEWS[3].text, ("b4s1",)),
    ]


def test_nothing_is_chosen_when_nothing_is_asked() -> None:
    assert summarise(NEWS, First(), "", sentences=0) == []
    assert summarise([], First(), "Nhan đề") == []


def test_a_short_article_gives_what_it_has() -> None:
    assert texts(summarise(NEWS[:1], First(), "", sentences=3)) == [NEWS[0].text]


@pytest.mark.parametrize("budget", [5, 12, 20, 25, 40])
def test_the_word_limit_is_kept(budget: int) -> None:
    chosen = summarise(NEWS, First(), "", sentences=4, max_words=budget)
    assert sum(count_words(text) for text in texts(chosen)) <= budget


def test_captions_bylines_headings_and_rows_are_not_chosen_beside_paragraphs() -> None:
    others = [
        (kind, f"Dòng này là loại {kind.value} và rất hay")
        for kind in BlockKind
        if kind not in (P, LEAD)
    ]
    segments = article(*others, "Tỉnh Lào Cai khởi công cây cầu dài 300 m.", *others)
    ranker = Fixed({text: 1.0 for _, text in others})
    assert texts(summarise(segments, ranker, "")) == ["Tỉnh Lào Cai khởi công cây cầu dài 300 m."]


def test_the_lead_comes_before_any_paragraph() -> None:
    segments = article(NEWS[0].text, (LEAD, "Cây cầu mới nối hai xã vùng lũ của tỉnh Lào Cai."))
    ranker = Fixed({NEWS[0].text: 0.8})
    assert texts(summarise(segments, ranker, "", sentences=1)) == [segments[1].text]


@pytest.mark.parametrize(
    "kind", [CAPTION, BlockKind.TABLE_ROW, BlockKind.LIST_ITEM, BlockKind.TITLE]
)
def test_an_article_of_one_kind_only_is_summarised_from_it(kind: BlockKind) -> None:
    segments = article((kind, "Cầu mới nhìn từ trên cao"), (kind, "Lễ khởi công sáng 2/9"))
    assert texts(summarise(segments, First(), "", sentences=1)) == ["Cầu mới nhìn từ trên cao"]


def test_bylines_and_datelines_alone_give_no_summary() -> None:
    assert summarise(article((BlockKind.BYLINE, "Nguyễn An")), First(), "") == []


@pytest.mark.parametrize(
    "leaning",
    [
        "Tuy nhiên, vốn của dự án còn thiếu 20 tỷ đồng.",
        "Ông cho biết cầu sẽ xong trước mùa lũ.",
        "Đây là cây cầu dài nhất tỉnh.",
        "However, the province still lacks 20 billion dong.",
        "He said the bridge would open in May.",
        "“Chúng tôi rất mừng vì sắp có cầu mới.”",
        '"Chúng tôi rất mừng vì sắp có cầu mới".',
    ],
)
def test_a_sentence_that_leans_comes_with_the_one_before_or_not_at_all(leaning: str) -> None:
    segments = article(NEWS[0].text, NEWS[1].text, leaning, NEWS[3].text)
    ranker = Fixed({leaning: 0.9, NEWS[3].text: 0.4})
    assert texts(summarise(segments, ranker, "", sentences=1)) == [NEWS[3].text]
    assert texts(summarise(segments, ranker, "", sentences=2)) == [NEWS[1].text, leaning]


def test_a_chain_of_leaning_sentences_is_followed_to_its_start() -> None:
    segments = article(NEWS[0].text, "Bà khen dự án này nhiều lần.", "Tuy vậy, bà còn lo về vốn.")
    ranker = Fixed({segments[2].text: 0.9, segments[1].text: 0.5})
    assert texts(summarise(segments, ranker, "", sentences=2)) == texts_of(segments[:2])
    assert len(summarise(segments, ranker, "", sentences=3)) == 3


def test_a_quote_that_says_who_speaks_stands_alone() -> None:
    quote = "“Chúng tôi rất mừng”, bà Lò Thị Mai ở xã Bản Vược nói."
    segments = article(NEWS[0].text, quote)
    assert texts(summarise(segments, Fixed({quote: 0.9}), "", sentences=1)) == [quote]


def test_a_repetition_gives_way_to_something_new() -> None:
    again = "UBND tỉnh Lào Cai khởi công cây cầu dài 300 m sáng nay."
    segments = article(NEWS[0].text, again, NEWS[3].text)
    ranker = Fixed({NEWS[0].text: 0.9, again: 0.8, NEWS[3].text: 0.1})
    assert texts(summarise(segments, ranker, "", sentences=2)) == [NEWS[0].text, NEWS[3].text]


def test_five_thousand_sentences_are_summarised() -> None:
    segments = article(*(LONG.format(i, i * 7) for i in range(5000)))
    assert len(summarise(segments, First(), "", sentences=3)) == 1  # they repeat one another


def test_a_headline_is_one_short_sentence() -> None:
    long = " ".join(["Tỉnh"] * 40)
    found = headline(article(long, NEWS[1].text), Fixed({long: 1.0}), "")
    assert found == SummarySentence(NEWS[1].text, ("b2s1",))
    assert headline(article(long), First(), "") is None
    title = (BlockKind.TITLE, "Lào Cai xây cầu vượt lũ")
    titled = article(title, long, NEWS[1].text, NEWS[2].text)
    assert headline(titled, Sets(best=(2,)), title[1]) == SummarySentence(NEWS[2].text, ("b4s1",))
    assert headline(article(title), Sets(best=(0,)), title[1]) is None


@pytest.mark.parametrize("rule", load_openings(), ids=lambda rule: rule.name)
def test_an_opening_finds_its_own_rows_and_no_others(rule: object) -> None:
    assert rule.failures() == []  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Liking:
    """A reading that likes the texts written down, and no others."""

    scores: tuple[float, ...]
    best: tuple[str, ...]
    texts: tuple[str, ...] = ()

    def of(self, texts: Sequence[str]) -> "Liking":
        return Liking(self.scores, self.best, tuple(texts))

    def values(self, sets: Sequence[Sequence[int]], *, with_title: bool = False) -> list[float]:
        own = [{self.texts[place] for place in one} for one in sets]
        return [len(one & set(self.best)) / len(one | set(self.best)) for one in own]


@dataclass(frozen=True)
class Sets(First):
    """Likes earlier sentences better, and a set of some of them, by their places or texts, best."""

    best: tuple[int | str, ...]

    def read(
        self, sentences: Sequence[Sentence], title: str, captions: Sequence[str] = ()
    ) -> Liking:
        placed = {place: sentence.text for place, sentence in enumerate(sentences)}
        texts = [placed.get(one, "") if isinstance(one, int) else one for one in self.best]
        return Liking(tuple(self.score(sentences, title)), tuple(texts))


LONG_NEWS = (
    "Sáng 12/10, UBND tỉnh Lào Cai đã khởi công cây cầu vượt lũ tại xã Bản Vược, "
    "trong đó phần cầu chính dài 300 m."
)
SHORT_NEWS = "UBND tỉnh Lào Cai đã khởi công cây cầu vượt lũ tại xã Bản Vược."


def test_under_a_word_limit_a_sentence_may_lose_its_opening_and_its_tail() -> None:
    segments = article(LONG_NEWS, *texts_of(NEWS))
    ranker = Sets(best=(SHORT_NEWS,))
    (found,) = summarise(segments, ranker, "", max_words=40)
    assert (found.text, found.segment_ids) == (SHORT_NEWS, ("b1s1",))
    assert found.span is not None
    assert found.span.of(LONG_NEWS) == SHORT_NEWS.removesuffix(".")
    whole = summarise(segments, ranker, "", max_words=40, shorten=False)
    assert {one.span for one in whole} == {None}
    assert SHORT_NEWS not in texts(summarise(segments, ranker, "", sentences=2))


def test_one_sentence_is_never_told_twice_in_two_lengths() -> None:
    segments = article(LONG_NEWS)
    ranker = Sets(best=(LONG_NEWS, SHORT_NEWS))
    assert len(summarise(segments, ranker, "", sentences=3, max_words=90)) == 1


def test_a_leaning_sentence_stands_alone_without_its_connective() -> None:
    leaning = "Tuy nhiên, vốn của dự án đến nay vẫn còn thiếu 20 tỷ đồng."
    alone = "Vốn của dự án đến nay vẫn còn thiếu 20 tỷ đồng."
    segments = article(NEWS[0].text, NEWS[1].text, leaning)
    found = summarise(segments, Sets(best=(alone,)), "", sentences=1, max_words=40)
    assert texts(found) == [alone]


def test_with_a_word_limit_the_best_set_is_taken_as_a_whole() -> None:
    found = summarise(NEWS, Sets(best=(1, 3)), "", sentences=3, max_words=40)
    assert texts(found) == [NEWS[1].text, NEWS[3].text]
    assert texts(summarise(NEWS, Sets(best=(2,)), "", max_words=40)) == [NEWS[2].text]


def test_no_set_splits_a_sentence_from_the_one_it_leans_on() -> None:
    leaning = "Tuy nhiên, vốn của dự án còn thiếu 20 tỷ đồng."
    segments = article(NEWS[0].text, NEWS[1].text, leaning, NEWS[3].text)
    found = texts(summarise(segments, Sets(best=(2,)), "", sentences=2, max_words=60))
    assert leaning not in found or NEWS[1].text in found
    together = summarise(segments, Sets(best=(1, 2)), "", sentences=2, max_words=60)
    assert texts(together) == [NEWS[1].text, leaning]


def test_a_limit_that_no_sentence_keeps_gives_nothing() -> None:
    assert summarise(NEWS, Sets(best=(0,)), "", max_words=3) == []


def test_with_its_title_a_summary_begins_with_it_within_the_limits() -> None:
    title = (BlockKind.TITLE, "Lào Cai xây cầu vượt lũ")
    segments = article(title, *texts_of(NEWS))
    found = summarise(
        segments, Sets(best=(2,)), title[1], sentences=2, max_words=60, with_title=True
    )
    assert texts(found) == [title[1], NEWS[2].text]
    assert found[0].segment_ids == ("b1s1",)
    for words in (3, 6, 12, 20):
        short = summarise(
            segments, Sets(best=(2,)), "", sentences=3, max_words=words, with_title=True
        )
        assert sum(map(count_words, texts(short))) <= words
    assert texts(summarise(NEWS, Sets(best=(2,)), "", sentences=1, max_words=20, with_title=True))


def test_an_article_that_is_only_a_title_is_told_once() -> None:
    segments = article((BlockKind.TITLE, "Lào Cai xây cầu vượt lũ"))
    for ranker in (First(), Sets(best=(0,))):
        assert texts(summarise(segments, ranker, "", with_title=True)) == [segments[0].text]


@pytest.mark.parametrize("max_words", [None, 40])
def test_more_than_the_article_has_gives_the_article(max_words: int | None) -> None:
    found = summarise(NEWS, First(), "", sentences=50, max_words=max_words and 5000)
    assert texts(found) == texts_of(NEWS)


def test_a_table_alone_is_summarised_from_its_rows() -> None:
    rows = article(
        *((BlockKind.TABLE_ROW, f"Huyện {i}\t{i * 3} km đường\t{i} cầu") for i in (1, 2))
    )
    assert texts(summarise(rows, First(), "", sentences=1)) == [rows[0].text]


# The real ranker under a word limit: what must hold for any article.
RANKER = load_ranker(MODELS_FOLDER / "weights" / BUNDLED_RANKER)
ENGLISH = article(
    (BlockKind.TITLE, "Lao Cai opens flood bridge"),
    "On Monday, the province of Lao Cai opened a 300-metre bridge, which serves two communes.",
    "It drizzled.",
    "However, the road to the bridge has not been paved yet by the contractor.",
)


def test_an_english_article_is_summarised_and_shortened_by_english_rules() -> None:
    found = summarise(ENGLISH, RANKER, ENGLISH[0].text, sentences=1, max_words=12)
    assert found[0].text.endswith("he province of Lao Cai opened a 300-metre bridge.")
    assert found[0].segment_ids == ("b2s1",)
    whole = summarise(ENGLISH, RANKER, ENGLISH[0].text, sentences=1, max_words=40, shorten=False)
    assert texts(whole) == [ENGLISH[1].text]


@pytest.mark.parametrize(
    "segments",
    [
        article(NEWS[0].text),
        article((CAPTION, "Cầu mới nhìn từ trên cao"), (CAPTION, "Lễ khởi công sáng 2/9")),
        article((BlockKind.TABLE_ROW, "Huyện Bát Xát\t12 km\t3 cầu")),
        article("Ông cho biết cầu sẽ xong trước mùa lũ."),
    ],
    ids=["one sentence", "captions", "a table", "a pronoun"],
)
def test_the_poorest_article_gives_its_first_sentence(segments: list[Segment]) -> None:
    found = summarise(segments, RANKER, "", sentences=3, max_words=80)
    assert texts(found)[0] == segments[0].text
    assert len(found) <= len(segments)


def test_five_thousand_sentences_keep_a_word_limit() -> None:
    segments = article(*(LONG.format(f"Số {i}", i * 7) + ", dài nhất." for i in range(5000)))
    found = summarise(segments, RANKER, "Thông xe tuyến đường", sentences=3, max_words=45)
    assert 0 < sum(count_words(one.text) for one in found) <= 45


def test_every_word_of_a_shortened_summary_stands_in_its_segment() -> None:
    segments = article(LONG_NEWS, *texts_of(NEWS))
    for words in range(6, 60, 6):
        for one in summarise(segments, RANKER, "Lào Cai xây cầu", max_words=words):
            (cited,) = (s.text for s in segments if s.id in one.segment_ids)
            kept = cited if one.span is None else one.span.of(cited)
            assert one.text.rstrip(".").lower() == kept.rstrip(".").lower()
            assert kept in cited
