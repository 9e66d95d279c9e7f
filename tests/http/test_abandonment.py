"""Who has gone, waits too long, or meets a stopping service is not worked for any longer."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import httpx2
import pytest

from models.batching import Batcher
from service.errors import EngineBusy, RequestAbandoned, TookTooLong
from service.http.abandonment import GRACE_S, run_while_wanted
from service.http.problems import problem_of
from service.intake import ArticleRequest
from service.pipeline import Pipeline
from service.settings import Settings
from tests.conftest import running
from tests.fakes import FakeTranslator
from tests.samples import VIETNAMESE


class Blocked(FakeTranslator):
    """An engine that does not answer until it is let go."""

    def __init__(self):
        super().__init__()
        self.go = threading.Event()

    def translate(self, requests, decoding=None):
        assert self.go.wait(60)
        return super().translate(requests, decoding)


@pytest.fixture
def engine():
    return Blocked()


@pytest.fixture
def pipeline(engine):
    batcher = Batcher(engine)
    yield Pipeline(
        translators=dict.fromkeys(engine.directions, batcher.view()),
        ranker=SimpleNamespace(score=lambda sentences, title: [0.0] * len(sentences)),
        ranker_sha256="",
        extract=None,
        max_article_chars=10_000,
        quality={},
    )
    engine.go.set()
    batcher.close()


def wait_for(pipeline, *, gone=False, stopping_since=None, seconds=60.0):
    """The outcome for a client that is gone, or a service that stops."""

    async def is_disconnected():
        return gone

    async def ask():
        with ThreadPoolExecutor(1) as threads:
            state = SimpleNamespace(stopping_since=stopping_since, threads=threads)
            request = SimpleNamespace(
                app=SimpleNamespace(state=state), is_disconnected=is_disconnected
            )
            deadline = time.monotonic() + seconds
            article = ArticleRequest(text=VIETNAMESE)
            return await run_while_wanted(pipeline, article, request, deadline=deadline)

    return asyncio.run(ask())


def test_a_client_that_has_gone_is_not_waited_for(pipeline):
    with pytest.raises(RequestAbandoned):  # though the engine is still at it
        wait_for(pipeline, gone=True)


def test_a_stopping_service_gives_up_after_its_grace(pipeline):
    with pytest.raises(RequestAbandoned):
        wait_for(pipeline, stopping_since=time.monotonic() - GRACE_S - 1)


def test_the_deadline_ends_the_wait(pipeline):
    with pytest.raises(TookTooLong):
        wait_for(pipeline, seconds=0.2)


def test_who_stays_gets_the_answer(pipeline, engine):
    engine.go.set()
    assert wait_for(pipeline).provenance.model == "fake@1"


def test_a_deadline_is_a_504_over_http(tmp_path):
    settings = Settings(
        engine_replicas=1, article_timeout_s=0.0, archive_threads=0, data_dir=str(tmp_path)
    )
    with running(settings) as address:
        answer = httpx2.post(f"{address}/v1/articles", json={"text": VIETNAMESE}, timeout=60)
    assert answer.status_code == 504
    assert answer.json()["type"].endswith("/took-too-long")
    assert "job" in answer.json()["detail"]


def test_a_full_queue_says_when_there_is_room():
    answer = problem_of(EngineBusy("Too much is waiting.", 12.3))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "13")
