"""Replicas on a real Ray of two nodes, in a process of its own, with token authentication."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("ray")
ROOT = Path(__file__).parent.parent.parent
PROGRAM = """
import json, os, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from ray.cluster_utils import Cluster
import ray
from models.base import Request
from models.batching import Batcher
from models.catalogue import read_card
from models.ctranslate2_engine import CTranslate2Engine
from models.faults import CardError
from models.ray_engine import RayEngine, connect

cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
second = cluster.add_node(num_cpus=1)
connect(cluster.address)
card = read_card("songngu-small")
engine = RayEngine(card, replicas=2, downscale_s=2)
figures = {"at first": engine.replicas()}
requests = [Request(f"Tỉnh có {n} xã.", "en") for n in range(6)]
here = CTranslate2Engine(card).translate(requests)
figures["same"] = engine.translate(requests) == here
figures["shared"] = RayEngine(card, replicas=2).application == engine.application
batcher = Batcher(engine, replicas=engine.slots)
with ThreadPoolExecutor(4) as pool:
    answers = list(pool.map(lambda _: batcher.view().translate(requests), range(4)))
figures["batched"] = all(answer == here for answer in answers)
deadline = time.monotonic() + 120
done = threading.Event()
longer = [Request(f"Trong quý {n}, tỉnh đã giải quyết {n} hồ sơ.", "en") for n in range(9)]

def load():
    while not done.is_set():
        engine.translate(longer)

with ThreadPoolExecutor(4) as pool:
    for _ in range(4):
        pool.submit(load)
    while engine.replicas() < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    done.set()
figures["under load"] = engine.replicas()
figures["tokens"] = engine.count_tokens(requests[0].text) > 2
while engine.replicas() > 1 and time.monotonic() < deadline:
    time.sleep(0.2)
figures["afterwards"] = engine.replicas()
cluster.remove_node(second)
figures["after a loss"] = [engine.translate(requests) == here for _ in range(2)]
engine.close()
print("FIGURES", json.dumps(figures))
sys.stdout.flush()
os._exit(0)
"""


def test_replicas_follow_the_load_on_two_nodes_and_survive_the_loss_of_one():
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": "0123456789abcdef" * 2,
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    environment.pop("SONGNGU_DATA_DIR", None)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
        timeout=280,
    )
    found = [line for line in done.stdout.splitlines() if line.startswith("FIGURES ")]
    assert found, done.stdout + done.stderr
    figures = json.loads(found[0].removeprefix("FIGURES "))
    assert figures["at first"] == 1
    assert figures["shared"]
    assert figures["under load"] == 2  # a node each: they have one core
    assert figures["same"]
    assert figures["batched"]
    assert figures["tokens"]
    assert figures["after a loss"] == [True, True]
    assert figures["afterwards"] == 1
