"""`songngu worker` and the service's own: stopped in the middle, nothing lost, nothing held."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from service.store.engine import open_store
from service.store.jobs import JobStore
from service.store.values import JobState, NewItem

SONGNGU = str(Path(sys.executable).with_name("songngu"))


@pytest.fixture
def jobs(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'songngu.db'}")
    yield JobStore(store)
    store.close()


@contextlib.contextmanager
def started(command, tmp_path, line):
    """The process, once it has printed `line` on standard error."""
    environment = {
        **os.environ,
        "SONGNGU_DATA_DIR": str(tmp_path),
        "SONGNGU_ENGINE_REPLICAS": "1",
    }
    with subprocess.Popen(
        [SONGNGU, *command], stderr=subprocess.PIPE, env=environment, text=True
    ) as process:
        try:
            while (printed := process.stderr.readline()) and line not in printed:
                pass
            assert printed, "it ended"
            yield process
        finally:
            process.kill()


def filled(jobs, count, sentences):
    job = jobs.create({"summary_sentences": 0})
    text = "Trong tháng {}, tỉnh đã giải quyết {} hồ sơ về đất đai cho người dân."
    jobs.add_items(
        job.id,
        (
            NewItem(text="\n\n".join(text.format(n + 1, n * 1000 + k) for k in range(sentences)))
            for n in range(count)
        ),
    )
    return jobs.seal(job.id)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def test_it_works_until_all_is_done(jobs, tmp_path):
    job = filled(jobs, 3, 1)
    with started(["worker", "--until-done"], tmp_path, "worker") as process:
        assert process.wait(60) == 0
        assert "stopped after 3 articles" in process.stderr.read()
    assert jobs.get(job.id).state is JobState.DONE


def test_sigterm_in_the_middle_gives_back_what_is_in_work(jobs, tmp_path):
    job = filled(jobs, 4, 1500)
    with started(["worker", "--threads", "2"], tmp_path, "worker") as process:
        until(lambda: jobs.progress(job.id).counts.leased)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert "Traceback" not in process.stderr.read()
    counts = jobs.progress(job.id).counts
    assert counts.leased == counts.failed == 0
    assert counts.queued + counts.done == 4


def test_the_service_stops_in_the_middle_of_a_job(jobs, tmp_path):
    job = filled(jobs, 4, 1500)
    with started(["serve", "--port", str(free_port())], tmp_path, "Songngu") as process:
        until(lambda: jobs.progress(job.id).counts.leased)
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        assert "Traceback" not in process.stderr.read()
    counts = jobs.progress(job.id).counts
    assert counts.leased == counts.failed == 0
    assert counts.queued + counts.done == 4
