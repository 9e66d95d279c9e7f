"""Concurrent callers share full batches; nobody starves, nobody gets another's answer."""

import threading
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Decoding, Hypothesis, Request
from models.batching import Batcher
from models.tickets import (
    WHENEVER,
    Cancelled,
    DeadlinePassed,
    EngineFailed,
    Priority,
    QueueFull,
    Ticket,
    WaitingError,
)
from tests.fakes import FakeTranslator

ARCHIVE = Ticket(Priority.ARCHIVE)


class GatedEngine(FakeTranslator):
    """Decodes one batch for each `go`; records batches and decodings."""

    def __init__(self, **options) -> None:
        super().__init__(max_source_tokens=1000, **options)
        self.entered = threading.Semaphore(0)
        self.gate = threading.Semaphore(0)
        self.decodings: list[Decoding] = []
        self.poison = "poison"

    def go(self, batches=1):
        self.gate.release(batches)

    def translate(self, requests, decoding=None):
        self.decodings.append(decoding)
        self.asked.append([request.text for request in requests])
        self.entered.release()
        assert self.gate.acquire(timeout=60)
        if any(self.poison in request.text for request in requests):
            raise RuntimeError("out of memory")
        wanted = decoding.n_best
        return [[Hypothesis(f"{r.text}!", 0.0)] * wanted for r in requests]


@pytest.fixture
def engine():
    engine = GatedEngine()
    yield engine
    engine.go(1000)


@pytest.fixture
def batcher(engine):
    batcher = Batcher(engine, batch_tokens=40)
    yield batcher
    engine.go(1000)
    batcher.close()


class Caller:
    """A call in a thread of its own; `answer()` gives its outcome or raises its error."""

    def __init__(self, batcher, *texts, ticket=WHENEVER, decoding=None):
        self.outcome = None
        self.error = None
        requests = [Request(text, "en") for text in texts]

        def call():
            try:
                self.outcome = batcher.view(ticket).translate(requests, decoding)
            except WaitingError as error:
                self.error = error

        self.thread = threading.Thread(target=call, daemon=True)
        self.thread.start()

    def answer(self):
        self.thread.join(60)
        assert not self.thread.is_alive()
        if self.error is not None:
            raise self.error
        return [hypotheses[0].text for hypotheses in self.outcome]


def until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def hold(batcher, engine, ticket=WHENEVER, text="first"):
    """A caller whose batch is being decoded, so that what comes next has to wait."""
    caller = Caller(batcher, text, ticket=ticket)
    assert engine.entered.acquire(timeout=60)
    return caller


def waiting(batcher, *texts, **options):
    """A caller whose segments wait in the queue."""
    before = batcher.stats()
    caller = Caller(batcher, *texts, **options)
    until(lambda: batcher.stats().waiting_tokens > before.waiting_tokens)
    return caller


def test_callers_that_wait_share_a_batch_and_get_their_own_answers(batcher, engine):
    first = hold(batcher, engine)
    others = [waiting(batcher, f"a {n}", f"b {n}") for n in range(3)]
    engine.go(2)
    assert first.answer() == ["first!"]
    assert [other.answer() for other in others] == [[f"a {n}!", f"b {n}!"] for n in range(3)]
    assert len(engine.asked) == 2
    assert sorted(engine.asked[1]) == sorted(f"{side} {n}" for side in "ab" for n in range(3))


def test_a_batch_is_the_oldest_segment_and_its_neighbours_by_length(batcher, engine):
    first = hold(batcher, engine)
    words = [9, 2, 10, 30, 3]
    callers = [waiting(batcher, " ".join(f"w{n}{i}" for i in range(n))) for n in words]
    engine.go(10)
    for caller in [first, *callers]:
        caller.answer()
    lengths = [sorted(len(text.split()) for text in batch) for batch in engine.asked[1:]]
    assert lengths[0] == [3, 9, 10]  # oldest: 9; 3 rows x 12 tokens fit 40, 4 rows do not
    assert sorted(lengths[1:]) == [[2], [30]]


def test_a_segment_longer_than_the_budget_goes_alone(batcher, engine):
    engine.go(10)
    assert Caller(batcher, "x " * 500).answer()


def test_an_equal_segment_in_flight_is_decoded_once(batcher, engine):
    first = hold(batcher, engine, text="same")
    second = Caller(batcher, "same", "same")
    until(lambda: batcher.stats().shared == 2)
    engine.go()
    assert first.answer() == ["same!"]
    assert second.answer() == ["same!", "same!"]
    assert engine.asked == [["same"]]


def test_different_decodings_never_share_a_batch_or_an_answer(batcher, engine):
    first = hold(batcher, engine)
    wide = Decoding(beam_size=4, n_best=4)
    one, four = waiting(batcher, "same"), waiting(batcher, "same", decoding=wide)
    engine.go(3)
    for caller in (first, one, four):
        caller.answer()
    assert [len(one.outcome[0]), len(four.outcome[0])] == [1, 4]
    assert engine.decodings[1:] == [engine.decoding, wide]


def test_terms_and_language_are_part_of_what_is_equal(batcher, engine):
    first = hold(batcher, engine)
    requests = [Request("x", "en"), Request("x", "vi"), Request("x", "en", ("y",))]
    done = []
    thread = threading.Thread(target=lambda: done.append(batcher.view().translate(requests)))
    thread.start()
    until(lambda: batcher.stats().waiting_tokens)
    engine.go(2)
    thread.join(60)
    first.answer()
    assert len(done[0]) == 3
    assert len(engine.asked[1]) == 3


def test_interactive_work_does_not_wait_for_an_archive(batcher, engine):
    archive = hold(batcher, engine, ticket=ARCHIVE, text="archive 1")
    more = waiting(batcher, "archive 2", ticket=ARCHIVE)
    reader = Caller(batcher, "reader")
    assert engine.entered.acquire(timeout=60)  # decoded beside the archive's batch
    assert engine.asked == [["archive 1"], ["reader"]]
    engine.go(3)
    assert reader.answer() == ["reader!"]
    assert [archive.answer(), more.answer()] == [["archive 1!"], ["archive 2!"]]


def test_an_archive_gets_its_share_of_a_busy_engine(engine):
    batcher = Batcher(engine, batch_tokens=40, archive_share=0.2)
    first = hold(batcher, engine)
    archive = waiting(batcher, "archive " + "y " * 30, ticket=ARCHIVE)
    readers = [waiting(batcher, f"reader {n} " + "x " * 30) for n in range(20)]
    engine.go(22)
    for caller in [first, archive, *readers]:
        caller.answer()
    batcher.close()
    order = [batch[0].split()[0] for batch in engine.asked]
    assert 3 <= order.index("archive") <= 8  # not first, and long before the last reader


def test_an_archives_call_is_decoded_by_itself_whatever_else_waits(batcher, engine):
    first = hold(batcher, engine)
    one = waiting(batcher, "same", "longer text", ticket=ARCHIVE)
    other = waiting(batcher, "same", ticket=ARCHIVE)
    reader = waiting(batcher, "same")
    engine.go(4)
    assert [c.answer() for c in (first, reader, other)] == [["first!"], ["same!"], ["same!"]]
    assert one.answer() == ["same!", "longer text!"]
    assert engine.asked[1:] == [["same"], ["same", "longer text"], ["same"]]
    assert batcher.stats().shared == 0


SHORTLIST = Decoding(n_best=1, shortlist=True)


def test_with_a_shortlist_an_article_is_decoded_by_itself_whatever_else_waits(batcher, engine):
    first = hold(batcher, engine)
    article = waiting(batcher, "one", "two", "three", decoding=SHORTLIST)
    title = waiting(batcher, "four", decoding=SHORTLIST)
    other = waiting(batcher, "five", "two", decoding=SHORTLIST)
    engine.go(4)
    answers = [caller.answer() for caller in (first, article, title, other)]
    assert answers[1:] == [["one!", "two!", "three!"], ["four!"], ["five!", "two!"]]
    batches = sorted(map(sorted, engine.asked[1:]))
    assert batches == [["five", "four", "two"], ["one", "three", "two"]]
    with_list = {
        text: decoding.shortlist
        for asked, decoding in zip(engine.asked, engine.decodings, strict=True)
        for text in asked
    }
    assert with_list["one"]
    assert not with_list["four"]  # with others: among all words


def test_an_article_that_comes_twice_at_once_is_decoded_once(batcher, engine):
    held = hold(batcher, engine)
    first = waiting(batcher, "one", "two", "three", decoding=SHORTLIST)
    again = Caller(batcher, "one", "two", "three", decoding=SHORTLIST)
    until(lambda: batcher.stats().shared == 3)
    engine.go(2)
    assert [held.answer(), first.answer(), again.answer()][1:] == [["one!", "two!", "three!"]] * 2
    assert len(engine.asked) == 2
    engine.go(1)
    later = Caller(batcher, "one", "two", "three", decoding=SHORTLIST)
    assert later.answer() == ["one!", "two!", "three!"]


def test_one_of_two_readers_of_an_article_leaves_without_harm_to_the_other(batcher, engine):
    gone = threading.Event()
    held = hold(batcher, engine)
    leaving = waiting(
        batcher, "one", "two", "three", decoding=SHORTLIST, ticket=Ticket(cancelled=gone.is_set)
    )
    staying = Caller(batcher, "one", "two", "three", decoding=SHORTLIST)
    until(lambda: batcher.stats().shared == 3)
    gone.set()
    with pytest.raises(Cancelled):
        leaving.answer()
    engine.go(2)
    assert held.answer() == ["first!"]
    assert staying.answer() == ["one!", "two!", "three!"]


def test_an_article_that_nobody_waits_for_is_forgotten_and_decoded_anew_later(batcher, engine):
    gone = threading.Event()
    held = hold(batcher, engine)
    leaving = waiting(
        batcher, "one", "two", "three", decoding=SHORTLIST, ticket=Ticket(cancelled=gone.is_set)
    )
    gone.set()
    with pytest.raises(Cancelled):
        leaving.answer()
    assert batcher.stats().waiting_tokens == 0
    engine.go(2)
    held.answer()
    later = Caller(batcher, "one", "two", "three", decoding=SHORTLIST)
    assert later.answer() == ["one!", "two!", "three!"]


def test_exact_decoding_takes_the_fullest_length_and_shares_equal_segments(engine):
    engine.exact = True
    exact = Ticket(Priority.ARCHIVE, exact=True)
    batcher = Batcher(engine, batch_tokens=40)
    first = hold(batcher, engine)
    callers = [
        waiting(batcher, text, ticket=exact) for text in ("a b c", "a", "d e f", "a b", "g h i")
    ]
    twice = Caller(batcher, "a b", ticket=exact)
    until(lambda: batcher.stats().shared == 1)
    engine.go(10)
    for caller in (first, *callers, twice):
        caller.answer()
    assert sorted(engine.asked[1:]) == [["a"], ["a b"], ["a b c", "d e f", "g h i"]]
    assert all(decoding.exact for decoding in engine.decodings[1:])
    batcher.close()


def test_cancelled_segments_are_not_decoded(batcher, engine):
    first = hold(batcher, engine)
    gone = threading.Event()
    caller = waiting(batcher, "dropped", ticket=Ticket(cancelled=gone.is_set))
    other = waiting(batcher, "kept")
    gone.set()
    with pytest.raises(Cancelled):
        caller.answer()
    engine.go(2)
    assert [first.answer(), other.answer()] == [["first!"], ["kept!"]]
    assert engine.asked == [["first"], ["kept"]]


def test_cancelling_one_of_two_callers_leaves_the_other(batcher, engine):
    first = hold(batcher, engine)
    gone = threading.Event()
    caller = waiting(batcher, "both", ticket=Ticket(cancelled=gone.is_set))
    other = Caller(batcher, "both")
    until(lambda: batcher.stats().shared == 1)
    gone.set()
    with pytest.raises(Cancelled):
        caller.answer()
    engine.go(2)
    assert other.answer() == ["both!"]
    first.answer()


def test_cancelling_what_is_being_decoded_answers_at_once_and_harms_nobody(batcher, engine):
    gone = threading.Event()
    caller = hold(batcher, engine, ticket=Ticket(cancelled=gone.is_set))
    gone.set()
    with pytest.raises(Cancelled):  # while the engine is still at it
        caller.answer()
    engine.go(2)
    assert Caller(batcher, "next").answer() == ["next!"]


def test_a_deadline_ends_the_waiting(batcher, engine):
    first = hold(batcher, engine)
    late = Caller(batcher, "late", ticket=Ticket(deadline=time.monotonic() + 0.05))
    with pytest.raises(DeadlinePassed):
        late.answer()
    engine.go()
    first.answer()
    assert engine.asked == [["first"]]


def test_a_failing_batch_fails_its_own_callers_only(batcher, engine):
    first = hold(batcher, engine)
    victim = waiting(batcher, "poison", "x " * 35)
    neighbour = waiting(batcher, "y " * 36)
    engine.go(10)
    with pytest.raises(EngineFailed) as caught:
        victim.answer()
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert first.answer() == ["first!"]
    assert neighbour.answer()
    assert Caller(batcher, "after").answer() == ["after!"]


def test_a_full_queue_turns_new_callers_away_but_not_admitted_ones(engine):
    batcher = Batcher(engine, max_waiting_tokens=10)
    view = batcher.view()
    engine.go()
    assert view.translate([Request("admitted", "en")])
    engine.entered.acquire()
    first = hold(batcher, engine)
    second = waiting(batcher, "one two three four five")
    with pytest.raises(QueueFull) as caught:
        batcher.view().translate([Request("one more than there is room", "en")])
    assert caught.value.retry_after_s > 0
    third = waiting(batcher, "an archive waits for its turn", ticket=ARCHIVE)
    engine.go(5)
    assert view.translate([Request("admitted " * 30, "en")])
    for caller in (first, second, third):
        assert caller.answer()
    batcher.close()


def test_closing_fails_what_waits(engine):
    batcher = Batcher(engine)
    first = hold(batcher, engine)
    second = waiting(batcher, "second")
    closing = threading.Thread(target=batcher.close)
    closing.start()
    with pytest.raises(EngineFailed):
        second.answer()
    engine.go()
    closing.join(60)
    assert first.answer() == ["first!"]
    with pytest.raises(EngineFailed):
        batcher.view().translate([Request("x", "en")])


def test_too_few_answers_are_an_error_not_a_mix_up():
    engine = FakeTranslator()
    engine.translate = lambda requests, decoding=None: []
    batcher = Batcher(engine)
    with pytest.raises(EngineFailed):
        batcher.view().translate([Request("x", "en")])
    batcher.close()


def test_no_requests_no_answers_and_no_threads(engine):
    batcher = Batcher(engine)
    assert batcher.view().translate([]) == []
    assert batcher._threads == []


def test_a_view_has_the_facts_of_its_engine(engine):
    view = Batcher(engine).view()
    for name in (
        "model_id", "weights_sha256", "directions", "decoding", "max_source_tokens", "min_score",
        "placeholders",
    ):  # fmt: skip
        assert getattr(view, name) == getattr(engine, name)
    assert view.count_tokens("a b c") == 3


@settings(max_examples=30, deadline=None)
@given(
    calls=st.lists(
        st.tuples(
            st.lists(st.integers(0, 40), min_size=1, max_size=8),
            st.sampled_from(list(Priority)),
            st.sampled_from([1, 2]),
        ),
        min_size=1,
        max_size=8,
    ),
    replicas=st.integers(1, 3),
)
def test_every_answer_belongs_to_its_source_whatever_comes_together(calls, replicas):
    engine = FakeTranslator(lambda text: [f"<{text}>", f"<<{text}>>"])
    batcher = Batcher(engine, replicas=replicas, batch_tokens=30)
    callers = [
        Caller(
            batcher,
            *(f"{n} " * n for n in lengths),
            ticket=Ticket(priority),
            decoding=replace(engine.decoding, n_best=n_best),
        )
        for lengths, priority, n_best in calls
    ]
    for caller, (lengths, _, n_best) in zip(callers, calls, strict=True):
        assert caller.answer() == [f"<{f'{n} ' * n}>" for n in lengths]
        assert all(len(hypotheses) == n_best for hypotheses in caller.outcome)
    stats = batcher.stats()
    assert stats.waiting_tokens == 0
    assert batcher._in_flight == {}
    assert batcher._waiting == set()
    batcher.close()
