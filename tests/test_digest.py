"""What a digest of several articles may hold: only what they say, once, with its sources."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.base import Sentence
from service.article import BlockKind, Language, Segment, Span
from service.stages.digest import Citation, DigestSentence, Source, digest
from service.text.standalone import count_words


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


def source(*texts: str, common: dict[str, str] | None = None) -> Source:
    """An article of one sentence a paragraph."""
    segments = [
        Segment(f"b{i}s1", i - 1, BlockKind.PARAGRAPH, Span(0, len(text)), text, Language.VI)
        for i, text in enumerate(texts, start=1)
    ]
    return Source("", segments, common)


BRIDGE = "UBND tỉnh Lào Cai khởi công cây cầu dài 300 m sáng 12/10."
ALIKE = "UBND tỉnh Lào Cai khởi công cây cầu dài 300 m hôm 12/10."
DETOUR = "Người dân hai xã đi vòng 14 km mỗi mùa lũ."
WORKERS = "Đội thi công có 80 công nhân."
LEANING = "Ông cho biết cầu sẽ xong trước mùa lũ."


def texts(found: Sequence[DigestSentence]) -> list[str]:
    return [sentence.text for sentence in found]


def test_what_two_articles_say_alike_is_said_once_and_cites_both() -> None:
    found = digest([source(BRIDGE, DETOUR), source(ALIKE, WORKERS)], First(), sentences=2)
    assert found[0] == DigestSentence(BRIDGE, (Citation(0, "b1s1"), Citation(1, "b1s1")))
    assert len(found) == 2
    assert ALIKE not in texts(found)


def test_articles_in_two_languages_are_compared_in_one() -> None:
    english = source("Lao Cai broke ground on a 300-metre bridge.", common={"b1s1": ALIKE})
    found = digest([source(BRIDGE), english], First(), sentences=5)
    assert found == [DigestSentence(BRIDGE, (Citation(0, "b1s1"), Citation(1, "b1s1")))]


def test_limits_are_kept_and_only_the_articles_are_quoted() -> None:
    articles = [source(BRIDGE, DETOUR), source(ALIKE, WORKERS), source(LEANING), source()]
    everything = {segment.text for one in articles for segment in one.segments}
    for budget in (0, 10, 25, 60):
        found = digest(articles, First(), sentences=4, max_words=budget)
        assert sum(map(count_words, texts(found))) <= budget
        assert set(texts(found)) <= everything
    assert digest([], First()) == []


def test_sentences_come_as_news_is_told_or_article_by_article() -> None:
    ranker = Fixed({WORKERS: 0.9, DETOUR: 0.5, BRIDGE: 0.4})
    articles = [source(BRIDGE, DETOUR), source(WORKERS)]
    assert texts(digest(articles, ranker, sentences=3)) == [BRIDGE, WORKERS, DETOUR]
    in_turn = digest(articles, ranker, sentences=3, by_article=True)
    assert texts(in_turn) == [BRIDGE, DETOUR, WORKERS]


def test_a_leaning_sentence_follows_the_one_it_leans_on() -> None:
    leaning = "Tuy nhiên, vốn của dự án còn thiếu 20 tỷ đồng."
    ranker = Fixed({BRIDGE: 0.9, leaning: 0.9, WORKERS: 0.9})
    found = texts(digest([source(BRIDGE, leaning), source(WORKERS)], ranker, sentences=3))
    assert found == [BRIDGE, leaning, WORKERS]


def test_what_the_other_articles_say_too_is_worth_more() -> None:
    alone = "Một con trâu đi lạc được tìm thấy sau ba ngày ở thôn bên."
    ranker = Fixed({alone: 0.2, BRIDGE: 0.1})
    articles = [source(alone), source(BRIDGE), source(BRIDGE)]
    assert texts(digest(articles, ranker, sentences=1)) == [BRIDGE]


def test_a_sentence_comes_with_the_one_it_leans_on() -> None:
    both = [source(DETOUR, LEANING), source(WORKERS)]
    assert texts(digest(both, Fixed({LEANING: 9.0}), sentences=2)) == [DETOUR, LEANING]
    assert texts(digest(both[:1], Fixed({LEANING: 9.0}), sentences=1)) == [DETOUR]


def test_an_article_of_five_thousand_sentences_is_taken_from_its_top() -> None:
    long = source(*(f"Xã thứ {i} của tỉnh nhận {i * 7} suất quà dịp Tết." for i in range(5000)))
    found = digest([long, source(BRIDGE)], First(), sentences=3)
    assert long.segments[0].text in texts(found)
    assert BRIDGE in texts(found)
