"""Models come and go within a budget; a bad one harms nobody but those who asked for it."""

import threading
import time
from collections import Counter

import pytest

from models.base import Request
from models.batching import Batcher
from models.faults import CardError, ChecksumMismatch, OutOfMemory, UnknownModel
from models.pool import ModelPool, available_bytes
from models.tickets import Cancelled, DeadlinePassed, Ticket
from tests.fakes import FakeTranslator

SIZES = {"pinned": 40, "a": 30, "b": 30, "c": 30, "huge": 500, "broken": 10, "odd": 10}


class Loader:
    """Loads fakes, counts, and fails as told."""

    def __init__(self):
        self.loads = Counter()
        self.failures = {
            "broken": ChecksumMismatch("Model `broken`: file model.bin is damaged."),
            "odd": KeyError("lm_head"),
        }
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, model):
        self.loads[model] += 1
        assert self.gate.wait(60)
        if model in self.failures:
            raise self.failures[model]
        return Batcher(FakeTranslator(lambda text: f"{model}: {text}"))

    @staticmethod
    def size_of(model):
        if model not in SIZES:
            raise UnknownModel(f"Model `{model}` is not in the catalogue.")
        return SIZES[model]


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def loader():
    return Loader()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pool(loader, clock):
    pool = ModelPool(
        loader, loader.size_of, budget_bytes=100, pinned=["pinned"], retry_after_s=30, clock=clock
    )
    yield pool
    pool.close()


def translate(pool, model, text="x"):
    with pool.lease(model) as batcher:
        return batcher.view().translate([Request(text, "en")])[0][0].text


def test_a_model_is_loaded_once_and_used_again(pool, loader):
    assert [translate(pool, "a") for _ in range(3)] == ["a: x"] * 3
    assert loader.loads == {"a": 1}


def test_the_least_recently_used_makes_room_and_the_pinned_one_stays(pool, loader):
    for model in ("pinned", "a", "b", "a", "c"):
        translate(pool, model)
    assert pool.loaded() == ["pinned", "a", "c"]
    assert translate(pool, "b") == "b: x"
    assert pool.loaded() == ["pinned", "c", "b"]


def test_what_is_in_use_is_not_let_go(pool):
    translate(pool, "pinned")
    with pool.lease("a") as held:
        translate(pool, "b")
        translate(pool, "c")
        assert held.view().translate([Request("y", "en")])[0][0].text == "a: y"
        assert pool.loaded() == ["pinned", "a", "c"]


def test_where_everything_is_in_use_the_newcomer_is_refused_by_its_size(pool):
    refused = pytest.raises(OutOfMemory, match="`c` needs about")
    with pool.lease("pinned"), pool.lease("a"), pool.lease("b"), refused:
        translate(pool, "c")
    assert translate(pool, "c") == "c: x"


def test_a_model_beyond_the_budget_is_refused_before_it_is_loaded(pool, loader):
    translate(pool, "a")
    for _ in range(2):
        with pytest.raises(OutOfMemory, match="huge"):
            translate(pool, "huge")
    assert loader.loads["huge"] == 0
    assert translate(pool, "a") == "a: x"


def test_a_failing_load_is_tried_again_only_after_a_pause(pool, loader, clock):
    for _ in range(3):
        with pytest.raises(ChecksumMismatch, match=r"model\.bin"):
            translate(pool, "broken")
    assert loader.loads["broken"] == 1
    clock.now = 31
    del loader.failures["broken"]
    assert translate(pool, "broken") == "broken: x"
    assert loader.loads["broken"] == 2


def test_any_error_of_a_library_is_one_of_ours(pool):
    with pytest.raises(CardError, match=r"`odd` cannot be loaded \(KeyError\)"):
        translate(pool, "odd")


def test_an_unknown_model_is_not_remembered(pool):
    with pytest.raises(UnknownModel):
        translate(pool, "nobody")
    assert pool.loaded() == []


def test_others_go_on_while_one_loads_and_all_who_ask_share_the_load(pool, loader):
    translate(pool, "a")
    loader.gate.clear()
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(translate(pool, "b"))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    assert translate(pool, "a") == "a: x"  # while `b` is being loaded
    assert answers == []
    loader.gate.set()
    for thread in threads:
        thread.join(60)
    assert answers == ["b: x"] * 4
    assert loader.loads["b"] == 1


def test_all_who_wait_for_a_failing_load_get_its_error(pool, loader):
    loader.gate.clear()
    errors = []

    def ask():
        try:
            translate(pool, "broken")
        except CardError as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    loader.gate.set()
    for thread in threads:
        thread.join(60)
    assert [type(error) for error in errors] == [ChecksumMismatch] * 3
    assert len({id(error) for error in errors}) == 3
    assert loader.loads["broken"] == 1


def test_available_memory_is_the_lesser_of_system_and_group(tmp_path):
    assert available_bytes(tmp_path) is None
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:  2000 kB\n")
    assert available_bytes(tmp_path) == 2_048_000
    group = tmp_path / "sys" / "fs" / "cgroup"
    group.mkdir(parents=True)
    (group / "memory.current").write_text("1000\n")
    (group / "memory.max").write_text("max\n")
    assert available_bytes(tmp_path) == 2_048_000
    (group / "memory.max").write_text("5000\n")
    assert available_bytes(tmp_path) == 4_000


def test_who_does_not_wait_for_a_load_leaves_and_the_next_finds_it_done(pool, loader):
    loader.gate.clear()
    gone = threading.Event()
    threading.Timer(0.1, gone.set).start()
    with pytest.raises(Cancelled), pool.lease("a", Ticket(cancelled=gone.is_set)):
        pass
    soon = Ticket(deadline=time.monotonic() + 0.1)
    with pytest.raises(DeadlinePassed), pool.lease("a", soon):
        pass
    loader.gate.set()
    assert translate(pool, "a") == "a: x"
    assert loader.loads == {"a": 1}
