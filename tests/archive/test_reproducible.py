"""The same job gives the same bytes, whatever happened to it and whatever else was in work.

With the bundled model: its arithmetic depends on what shares a batch, and a fake's does not.
"""

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.base import Request
from models.tickets import Priority, Ticket
from service import serving
from service.archive.worker import ArchiveWorker, archive_run
from service.bootstrap import build_extractor, build_pipeline, with_memory
from service.intake import ArticleRequest
from service.settings import Settings
from service.store.engine import open_store
from service.store.jobs import JobStore
from service.store.values import ItemState, JobState, NewItem

ROOT = Path(__file__).parent.parent.parent
SENTENCES = (
    "Sáng {0}/3/2024, Chủ tịch UBND tỉnh chủ trì phiên họp thường kỳ lần thứ {1}.",
    "Theo báo cáo, kinh tế - xã hội của tỉnh tiếp tục phát triển ổn định.",
    "Thu ngân sách đạt {1} tỷ đồng, tăng {0},5 % so với cùng kỳ năm trước, vượt kế hoạch đề ra.",
    "Các đại biểu đề nghị đẩy nhanh tiến độ giải ngân vốn đầu tư công tại {0} huyện.",
    "Sở Y tế chủ động phòng, chống dịch bệnh.",
)


def article(number):
    """Five sentences; one is in each, two are in some others too."""
    return " ".join(
        sentence.format(1 + (number + place) % 9, 100 + number % 4)
        for place, sentence in enumerate(SENTENCES)
    )


ARTICLES = [article(number) for number in range(30)]


@pytest.fixture(scope="module")
def pipeline():
    extractor = build_extractor(Settings())
    pipeline = build_pipeline(Settings(engine_replicas=2), extractor)
    yield pipeline
    pipeline.close()
    extractor.close()


class Archive:
    """A store of its own, and the job in it."""

    def __init__(self, folder, pipeline, *, memory=False, articles=ARTICLES):
        self.store = open_store(f"sqlite:///{folder}/songngu.db")
        self.pipeline = with_memory(pipeline, self.store, Settings())
        self.jobs = JobStore(self.store)
        self.id = self.jobs.create({"memory": memory}).id
        self.jobs.add_items(self.id, [NewItem(text=text) for text in articles])
        self.jobs.seal(self.id)

    def work(self, threads, until=lambda: False):
        worker = ArchiveWorker(self.store, archive_run(self.pipeline), threads=threads)
        worker.start()
        while self.jobs.get(self.id).state is not JobState.DONE and not until():
            time.sleep(0.02)
        worker.stop()

    def finished(self):
        return sum(item.state is ItemState.DONE for item in self.jobs.iter_results(self.id))

    def results(self):
        done = [i for i in self.jobs.iter_results(self.id) if i.state is ItemState.DONE]
        return {item.position: item.result for item in done}


@pytest.fixture(scope="module")
def whole(pipeline, tmp_path_factory):
    """The results of a job that nothing disturbed, one article at a time."""
    archive = Archive(tmp_path_factory.mktemp("whole"), pipeline)
    archive.work(threads=1)
    return archive.results()


def test_cancelled_in_the_middle_what_is_finished_has_the_bytes_of_the_full_run(
    pipeline, whole, tmp_path
):
    archive = Archive(tmp_path, pipeline)

    def cancel_in_the_middle():
        if archive.finished() < 4:
            return False
        return archive.jobs.cancel(archive.id).state is JobState.CANCELLED

    archive.work(threads=6, until=cancel_in_the_middle)
    some = archive.results()
    assert 4 <= len(some) < len(whole)
    assert some.items() <= whole.items()
    archive.jobs.retry(archive.id, cancelled=True)
    archive.work(threads=3)
    assert archive.results() == whole


def test_killed_in_the_middle_the_job_ends_with_the_bytes_of_the_full_run(
    pipeline, whole, tmp_path
):
    archive = Archive(tmp_path, pipeline)
    program = [sys.executable, "-c", KILLED, f"sqlite:///{tmp_path}/songngu.db"]
    with subprocess.Popen(program, cwd=ROOT) as victim:
        while archive.finished() < 4:
            assert victim.poll() is None
            time.sleep(0.01)
        victim.kill()
    assert archive.finished() < len(whole)
    archive.work(threads=3)
    assert archive.results() == whole


KILLED = """
import sys, threading
from service.archive.worker import ArchiveWorker, archive_run
from service.bootstrap import build_extractor, build_pipeline
from service.settings import Settings
from service.store.engine import open_store

settings = Settings(engine_replicas=1)
run = archive_run(build_pipeline(settings, build_extractor(settings)))
ArchiveWorker(open_store(sys.argv[1]), run, threads=5, lease_s=2).start()
threading.Event().wait()
"""


def test_readers_at_the_same_time_change_nothing(pipeline, whole, tmp_path):
    archive = Archive(tmp_path, pipeline)
    stop = threading.Event()

    def read(number):
        while not stop.is_set():
            serving.run(pipeline, ArticleRequest(text=article(number)), Ticket())

    with ThreadPoolExecutor(2) as readers:
        for number in range(2):
            readers.submit(read, number)
        archive.work(threads=8)
        stop.set()
    assert archive.results() == whole


def test_with_the_memory_it_is_the_same_in_any_order_and_at_any_pace(pipeline, tmp_path):
    """But for what tells that a sentence came from the memory."""
    texts = []
    for number, (articles, threads) in enumerate([(ARTICLES, 1), (ARTICLES[::-1], 8)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        archive = Archive(folder, pipeline, memory=True, articles=articles)
        archive.work(threads)
        found = archive.results()
        assert len(found) == len(articles)
        again = archive.jobs.create({"memory": True})
        archive.jobs.add_items(again.id, [NewItem(text=text) for text in articles])
        archive.jobs.seal(again.id)
        archive.pipeline.memory.flush()
        first, archive.id = found, again.id
        archive.work(threads)
        for position, result in archive.results().items():
            assert targets(result) == targets(first[position])
        texts.append({articles[position]: targets(result) for position, result in first.items()})
        archive.store.close()
    assert texts[0] == texts[1]


def test_a_copy_with_other_things_around_it_is_not_decoded_again(pipeline, tmp_path):
    """And has what its own translation would have given: other lines were removed from it."""
    body = "\n\n".join(["Tỉnh họp phiên thường kỳ", article(3), article(4)])
    around = ["Trang chủ\nĐăng nhập\n\n{}", "{}\n\nBình luận (0)\nChia sẻ", "{}"]
    texts = [frame.format(body) for frame in around]
    singly = []
    for number, text in enumerate(texts):
        folder = tmp_path / str(number)
        folder.mkdir()
        alone = Archive(folder, pipeline, articles=[text])
        alone.work(threads=1)
        singly.append(alone.results()[0])
    with pipeline.models.pool.lease("songngu-small") as batcher:
        before = batcher.stats().rows
        together = Archive(tmp_path, pipeline, articles=texts)
        together.work(threads=1)
        assert list(together.results().values()) == singly
        first = batcher.stats().rows - before
        Archive(tmp_path / "0", pipeline, articles=texts[:1]).work(threads=1)
        assert batcher.stats().rows - before == 2 * first
    assert len(set(singly)) == 3
    assert len({json.dumps(targets(result)) for result in singly}) == 1


def targets(result):
    """The translations in a result, sentence by sentence."""
    blocks = json.loads(result)["blocks"]
    return [segment["target"] for block in blocks for segment in block["segments"]]


@pytest.mark.parametrize("exact", [False, True])
def test_scores_are_the_same_to_the_last_bit_whatever_else_is_decoded(pipeline, exact):
    """A word changes in one of 600 sentences, the last bits of a score in one of twelve."""
    ticket = Ticket(Priority.ARCHIVE, exact=exact)

    def decode(number):
        requests = [
            Request(f"{sentence.format(number, 7)} {number * 'Rất tốt. '}", "en")
            for sentence in SENTENCES
        ]
        return [pipeline.translators["vi", "en"].under(t).translate(requests) for t in tickets]

    tickets = [ticket]
    alone = [decode(number) for number in range(12)]
    tickets = [Ticket(), ticket, Ticket()]
    with ThreadPoolExecutor(8) as threads:
        together = [answers[1:2] for answers in threads.map(decode, range(12))]
    assert together == alone
