"""Replicas of a model on a Ray cluster, behind the same protocol as an engine of this process.

    connect("auto")                                  # or "host:6379"; "local" starts one here
    engine = RayEngine(read_card("songngu-small"), replicas=8)

Ray places the replicas, starts them again elsewhere when a machine is lost, and asks its autoscaler
for machines while replicas have no place. What was lost with a machine is decoded by another
replica. Every machine has this package and the model's files, as one image gives them; a replica
whose weights differ is refused.

Anyone who reaches the ports of a Ray cluster without a token runs code on it, and Ray's default is
no token (https://docs.ray.io/en/latest/ray-security/index.html). Here it is on unless
`RAY_AUTH_MODE` says otherwise; the token is in `RAY_AUTH_TOKEN` or `~/.ray/auth_token`.
"""

import importlib
import os
import secrets
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from models.base import Decoding, Hypothesis, Request
from models.carded import Carded
from models.catalogue import Card, read_card
from models.codec import Codec
from models.engines import load_translator
from models.faults import CardError, ChecksumMismatch

NAMESPACE = "songngu"
START_TIMEOUT_S = 300.0  # until a first replica has loaded its weights
LOST_TIMEOUT_S = 60.0  # until one is back, where all were lost
TRIES = 5  # of a batch whose replicas are lost one after the other
AGAIN_S = 1.0  # between looks at a replica that is lost


def connect(address: str = "auto") -> None:
    """Join the Ray cluster at `address`; raises CardError where there is none.

    `local` starts one on this machine, on its loopback address alone and without a dashboard.
    """
    # Ray reads both at its import.
    os.environ.setdefault("RAY_AUTH_MODE", "token")  # noqa: TID251
    if address == "local" and not _has_token():
        os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)  # noqa: TID251
    try:
        ray: Any = importlib.import_module("ray")
    except ImportError as error:
        message = "A cluster needs the extra `cluster`: pip install 'songngu[cluster]'."
        raise CardError(message) from error
    if ray.is_initialized():
        return
    here = {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    try:
        ray.init(
            address=address,
            namespace=NAMESPACE,
            log_to_driver=False,
            configure_logging=False,
            **(here if address == "local" else {}),
        )
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        message = f"There is no Ray cluster at `{address}` that takes our token."
        raise CardError(message) from error


def _has_token() -> bool:
    names = {"RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"}
    token_file = Path.home() / ".ray" / "auth_token"
    return bool(names & os.environ.keys()) or token_file.exists()  # noqa: TID251


class Replica:
    """What runs on a machine of the cluster: one model, loaded from that machine's files."""

    def __init__(self, model: str, data: str | None, sha256: str, cores: int) -> None:
        card = read_card(model, Path(data) if data else None)
        if card.weights_sha256 != sha256:
            message = f"Model `{model}` has other weights on this machine of the cluster."
            raise ChecksumMismatch(message)
        self._engine = load_translator(card, replicas=cores)

    def translate(
        self, requests: Sequence[Request], decoding: Decoding | None
    ) -> list[list[Hypothesis]]:
        """As the engine does."""
        return self._engine.translate(requests, decoding)

    def ready(self) -> bool:
        """Answers once the weights are loaded."""
        return True


class RayEngine(Carded):
    """A `models.base.Translator` whose batches are decoded by replicas elsewhere. Thread-safe.

    Calls from `slots` threads keep all replicas at work; `models.batching.Batcher` makes them.
    """

    def __init__(
        self, card: Card, *, replicas: int = 0, cores: int = 1, data: Path | None = None
    ) -> None:
        """`replicas` of `cores` each; 0 is as many as the cluster has room for now.

        Returns when one replica is ready; raises CardError where none can be.
        """
        self._ray: Any = importlib.import_module("ray")
        self.card = card
        self._codec = Codec(card)
        count = replicas or max(1, int(self._ray.cluster_resources().get("CPU", 1)) // cores)
        self.slots = count * cores
        actor = self._ray.remote(Replica).options(
            num_cpus=cores, max_concurrency=cores, max_restarts=-1, scheduling_strategy="SPREAD"
        )
        made = (card.id, str(data) if data else None, card.weights_sha256, cores)
        self._replicas = [actor.remote(*made) for _ in range(count)]
        self._changed = threading.Condition()  # guards what follows
        self._busy: dict[int, int] = {}  # ready replicas: calls in work
        self._refusal: Exception | None = None
        self._closed = False
        for number in range(count):
            self._await(number)
        if not self._wait_for_one(START_TIMEOUT_S):
            self.close()
            raise self._cannot_start()

    def _await(self, number: int) -> None:
        """Take a replica into use as soon as it answers; give up where it cannot load."""

        def ask() -> None:
            while not self._closed:
                try:
                    self._ray.get(self._replicas[number].ready.remote())
                except self._ray.exceptions.ActorDiedError as error:  # it refused, or was killed
                    with self._changed:
                        self._refusal = error
                        self._changed.notify_all()
                    return
                except self._ray.exceptions.RayError:  # lost; Ray starts it again
                    time.sleep(AGAIN_S)
                    continue
                with self._changed:
                    self._busy[number] = 0
                    self._changed.notify_all()
                return

        threading.Thread(target=ask, name=f"replica-{number}", daemon=True).start()

    def _cannot_start(self) -> CardError:
        why = "no machine had room for it in time." if not self._refusal else _cause(self._refusal)
        return CardError(f"No replica of `{self.card.id}` could start on the cluster: {why}")

    def _wait_for_one(self, seconds: float) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._busy or self._refusal or self._closed, seconds)
            return bool(self._busy)

    def count_tokens(self, text: str) -> int:
        """Counted here, with the model's vocabulary and without its weights."""
        return self._codec.count_tokens(text)

    def translate(
        self, requests: Sequence[Request], decoding: Decoding | None = None
    ) -> list[list[Hypothesis]]:
        """One batch, on the replica that has the least to do; raises RuntimeError without one."""
        if not requests:
            return []
        for _ in range(TRIES):
            number = self._take()
            try:
                answer = self._replicas[number].translate.remote(list(requests), decoding)
                hypotheses: list[list[Hypothesis]] = self._ray.get(answer)
            except self._ray.exceptions.RayActorError:  # lost with its machine
                with self._changed:
                    known = self._busy.pop(number, None) is not None
                if known:
                    self._await(number)
            else:
                return hypotheses
            finally:
                with self._changed:
                    if number in self._busy:
                        self._busy[number] -= 1
        message = "The replicas of the cluster are lost one after the other."
        raise RuntimeError(message)

    def _take(self) -> int:
        if not self._wait_for_one(LOST_TIMEOUT_S):
            message = "The cluster has no replica at the moment."
            raise RuntimeError(message)
        with self._changed:
            number = min(self._busy, key=lambda ready: self._busy[ready], default=0)
            self._busy[number] = self._busy.get(number, 0) + 1
        return number

    def close(self) -> None:
        """Give the replicas' places back to the cluster."""
        self._closed = True
        for replica in self._replicas:
            with suppress(self._ray.exceptions.RayError):
                self._ray.kill(replica)


def _cause(error: Exception) -> str:
    """The last line of what went wrong on the other machine."""
    return str(error).strip().rsplit("\n", 1)[-1]
