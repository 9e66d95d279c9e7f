"""Summaries wait in the queue of a batcher, under the tickets of those who asked."""

import threading
import time

import pytest

from models.base import Decoding
from models.batching import Batcher
from models.summaries import BatchedGenerator, SummaryEngine
from models.tickets import Cancelled, DeadlinePassed, EngineFailed, Ticket
from tests.fakes import FakeSummariser, FakeTranslator


@pytest.fixture
def behind():
    """`behind(summariser, ticket)`: the summariser in a queue of its own."""
    batchers = []

    def put(summariser, ticket=None, **limits):
        batchers.append(Batcher(SummaryEngine(summariser, **limits)))
        return BatchedGenerator(batchers[-1], ticket or Ticket())

    yield put
    for batcher in batchers:
        batcher.close()


class Recording(FakeSummariser):
    """Keeps what it was asked for beside the texts."""

    decoding = Decoding(beam_size=3)

    def generate(self, texts, **asked):
        self.seen = asked
        return super().generate(texts, **asked)


def test_texts_come_back_in_their_order_and_facts_are_the_models(behind):
    writer = behind(FakeSummariser(str.upper, model_id="w@2", languages=["vi"]))
    answers = writer.generate(["một", "hai", "một"], max_tokens=9, language="vi")
    assert [found[0].text for found in answers] == ["MỘT", "HAI", "MỘT"]
    assert (writer.model_id, writer.languages) == ("w@2", {"vi"})
    assert (writer.max_source_tokens, writer.count_tokens("a b")) == (1000, 2)


def test_the_model_is_told_language_length_and_to_give_all_that_it_finds(behind):
    summariser = Recording(str.upper)
    behind(summariser, most_tokens=84).generate(["a"], max_tokens=256, language="en")
    assert summariser.seen["language"] == "en"
    assert summariser.seen["max_tokens"] == 84
    assert summariser.seen["decoding"] == Decoding(beam_size=3, n_best=3)
    behind(summariser).generate(["a"], max_tokens=30, language="en")
    assert summariser.seen["max_tokens"] == 30


def test_who_gives_up_is_answered_at_once(behind):
    gate = threading.Event()
    slow = FakeSummariser(lambda text: str(gate.wait(30)))
    try:
        late = behind(slow, Ticket(deadline=time.monotonic() + 0.2))
        with pytest.raises(DeadlinePassed):
            late.generate(["a"], max_tokens=9, language="vi")
        with pytest.raises(Cancelled):
            behind(slow, Ticket(cancelled=lambda: True)).generate(["b"], max_tokens=9)
    finally:
        gate.set()


def test_an_error_of_the_model_is_the_cause_of_the_callers(behind):
    def fail(text):
        raise MemoryError

    with pytest.raises(EngineFailed) as caught:
        behind(FakeSummariser(fail)).generate(["a"], max_tokens=9, language="vi")
    assert isinstance(caught.value.__cause__, MemoryError)


def test_a_translator_writes_no_summaries():
    with pytest.raises(TypeError, match="fake@1 does not summarise"):
        BatchedGenerator(Batcher(FakeTranslator()))
