"""A summary and its headline cost one reading of their article, and mix up no two articles."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.base import Sentence
from models.catalogue import BUNDLED_RANKER, MODELS_FOLDER
from models.ranker import Reading, WordRanker, load_ranker
from models.ranker_once import ReadOnce
from service.article import BlockKind, Language, Segment, Span
from service.stages.summarise import headline, summarise

RANKER = load_ranker(MODELS_FOLDER / "weights" / BUNDLED_RANKER)
TITLE = "Huyện khởi công trường học mới"
TEXTS = [
    "Ngày 5/9, huyện khởi công một trường học có mười hai phòng tại xã miền núi.",
    "Trường được xây bằng tiền của tỉnh và của người dân góp trong ba năm qua.",
    "Học sinh hiện phải đi bộ bảy cây số mỗi ngày để tới lớp.",
]


def _segments(texts: Sequence[str]) -> list[Segment]:
    kinds = [BlockKind.TITLE, *[BlockKind.PARAGRAPH] * len(texts)]
    return [
        Segment(f"b{place}s1", place, kind, Span(0, len(text)), text, Language.VI)
        for place, (kind, text) in enumerate(zip(kinds, [TITLE, *texts], strict=True))
    ]


def test_a_summary_and_its_headline_read_the_article_once(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = 0
    plain = WordRanker.read

    def counted(self: WordRanker, *asked: object) -> Reading:
        nonlocal readings
        readings += 1
        return plain(self, *asked)  # type: ignore[arg-type]

    expected = headline(_segments(TEXTS), RANKER, TITLE)
    monkeypatch.setattr(WordRanker, "read", counted)
    once = ReadOnce(RANKER)
    assert summarise(_segments(TEXTS), once, TITLE)
    assert headline(_segments(TEXTS), once, TITLE) == expected
    assert readings == 1


def test_articles_read_in_turn_and_beside_each_other_keep_their_own_scores() -> None:
    articles = [
        [Sentence(text, place, "paragraph") for place, text in enumerate(texts)]
        for texts in (TEXTS, TEXTS[::-1], TEXTS[:1])
    ]
    once = ReadOnce(RANKER)
    expected = [RANKER.score(article, TITLE) for article in articles] * 4
    assert [once.score(article, TITLE) for article in articles * 4] == expected
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda a: once.score(a, TITLE), articles * 4)) == expected
    assert once.score(articles[0], "") != expected[0]
