"""Our service under the benchmark: the real process, spoken to over HTTP."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

START_WITHIN_S = 120
TICK_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Service:
    """A running server."""

    address: str
    pid: int
    start_s: float  # from the command to the first `ready`

    def cpu_s(self) -> float:
        """Processor time so far, by Linux's own account."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK_S

    def rss_mb(self, field: str = "VmRSS") -> float:
        """Memory now, or the most so far (`VmHWM`)."""
        for line in Path(f"/proc/{self.pid}/status").read_text("ascii").splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) / 1024
        message = f"no {field} in /proc/{self.pid}/status"
        raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Load:
    """What so many clients saw of a list of requests."""

    wall_s: float
    cpu_s: float  # of the server
    latencies_s: tuple[float, ...]
    answers: tuple[dict[str, Any], ...]

    def percentile(self, share: float) -> float:
        """Latency that this share of the requests stays within, in seconds."""
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@contextmanager
def running_service(
    cores: Sequence[int], account: Path | None = None, **settings: str
) -> Iterator[Service]:
    """`songngu serve` on these cores, with an empty data folder; stopped at the end.

    With `account` it runs under the clocks of `account.serve`, which that file is for.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        environment = {
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "SONGNGU_DATA_DIR": data,
            "SONGNGU_ENGINE_REPLICAS": str(len(cores)),
            "PYTHONPATH": os.pathsep.join(sys.path),
            **settings,
        }
        code = "from service.cli import app; app()"
        if account is not None:
            code = "from scripts.evaluation.account import serve; serve()"
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own service
            [
                sys.executable,
                "-c",
                code,
                *[str(account)] * (account is not None),
                "serve",
                "--port",
                str(port),
            ],
            env=environment,
            preexec_fn=lambda: pin(cores),
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process)
            yield Service(address, process.pid, time.perf_counter() - started)
        finally:
            process.terminate()
            process.wait(30)


def pin(cores: Sequence[int]) -> None:
    """Keep this process on these cores, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.02)
    message = "the service did not start"
    raise RuntimeError(message)


def load(service: Service, texts: Sequence[str], clients: int, **options: object) -> Load:
    """Send each text once, as an article, from so many clients at a time.

    The clock starts when all are connected: a client of this library takes 23 ms of a processor to
    make (certificates), which is no time of the service's.
    """
    waiting = list(enumerate(texts))[::-1]
    answers: list[dict[str, Any]] = [{} for _ in texts]
    latencies = [0.0] * len(texts)
    failures: list[str] = []

    count = min(clients, len(texts))
    connected = threading.Barrier(count + 1, timeout=START_WITHIN_S)

    def client() -> None:
        with httpx2.Client(base_url=service.address, timeout=600) as http:
            http.get("/readyz")
            connected.wait()
            while waiting:
                try:
                    number, text = waiting.pop()
                except IndexError:
                    return
                body = {"text": text, "source_language": "vi", **options}
                sent = time.perf_counter()
                answer = http.post("/v1/articles", json=body)
                latencies[number] = time.perf_counter() - sent
                if answer.status_code != 200:
                    failures.append(answer.text)
                    return
                answers[number] = answer.json()

    threads = [threading.Thread(target=client) for _ in range(count)]
    for thread in threads:
        thread.start()
    connected.wait()
    cpu, wall = service.cpu_s(), time.perf_counter()
    for thread in threads:
        thread.join()
    wall, cpu = time.perf_counter() - wall, service.cpu_s() - cpu
    if failures:
        message = f"{len(failures)} requests failed: {failures[0]}"
        raise RuntimeError(message)
    return Load(wall, cpu, tuple(latencies), tuple(answers))


def segments_in(load: Load) -> int:
    """Segments that a model translated."""
    return sum(
        segment["rung"] not in ("kept", "formula")
        for answer in load.answers
        for block in answer["blocks"]
        for segment in block["segments"]
    )


def overhead(load: Load) -> float:
    """Median share that reading, checking and HTTP add to the time in the translation stages."""
    shares = []
    for answer, latency in zip(load.answers, load.latencies_s, strict=True):
        stages = answer["timings_ms"]
        translating = (stages["translate"] + stages["repair"]) / 1000
        shares.append((latency - translating) / translating)
    return sorted(shares)[len(shares) // 2]


def send_archive(service: Service, texts: Sequence[str], items: int) -> str:
    """Queue an archive of so many different articles; its id."""
    lines = [
        json.dumps({"id": str(n), "text": f"{texts[n % len(texts)]}\n\nTài liệu số {n} của tỉnh."})
        for n in range(items)
    ]
    answer = httpx2.post(
        f"{service.address}/v1/jobs",
        content="\n".join(lines).encode(),
        headers={"Content-Type": "application/x-ndjson"},
        timeout=60,
    )
    answer.raise_for_status()
    return str(answer.json()["id"])


def archive_done(service: Service, job: str) -> int:
    """Items finished so far."""
    counts = httpx2.get(f"{service.address}/v1/jobs/{job}", timeout=60).json()["counts"]
    return int(counts["done"])


def cancel_archive(service: Service, job: str) -> None:
    httpx2.post(f"{service.address}/v1/jobs/{job}/cancel", timeout=60)
