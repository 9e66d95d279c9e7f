"""Replicas of a model on a Ray cluster, behind the same protocol as an engine of this process.

    connect("auto")                                  # or "host:6379"; "local" starts one here
    engine = RayEngine(read_card("songngu-small"), replicas=8)

Ray Serve holds the replicas, without its HTTP server: as many as batches are under way, down to
none after a while without any. It places them, starts them again elsewhere when a machine is lost,
and asks Ray's autoscaler for machines while replicas have no place. What was lost with a machine is
decoded by another replica. All services that join a cluster share the replicas of a model. Every
machine has this package and the model's files, as one image gives them; a replica whose weights
differ is refused.

Anyone who reaches the ports of a Ray cluster without a token runs code on it, and Ray's default is
no token (https://docs.ray.io/en/latest/ray-security/index.html). Here it is on unless
`RAY_AUTH_MODE` says otherwise; the token is in `RAY_AUTH_TOKEN` or `~/.ray/auth_token`.
"""

import asyncio
import importlib
import logging
import os
import secrets
import time
from collections.abc import Sequence
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
BATCH_TIMEOUT_S = 300.0  # of a batch, with the start of its replica
TRIES = 5  # of a batch whose replicas are lost one after the other, and of a replica to start
AGAIN_S = 1.0  # between looks at the first replica, and before a lost batch is tried again
UPSCALE_S = 2.0  # of work for more replicas, until there are more
DOWNSCALE_S = 60.0  # of less work, until one is given back
IDLE_S = 600.0  # without any, until the last is: readers would wait for its return


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

    async def translate(
        self, requests: Sequence[Request], decoding: Decoding | None
    ) -> list[list[Hypothesis]]:
        """As the engine does; beside it, the replica answers Ray's questions."""
        return await asyncio.to_thread(self._engine.translate, requests, decoding)


class RayEngine(Carded):
    """A `models.base.Translator` whose batches are decoded by replicas elsewhere. Thread-safe.

    Calls from `slots` threads make Ray start all replicas; `models.batching.Batcher` makes them.
    """

    def __init__(
        self,
        card: Card,
        *,
        replicas: int = 0,
        cores: int = 1,
        data: Path | None = None,
        downscale_s: float = DOWNSCALE_S,
    ) -> None:
        """At most `replicas` of `cores` each; 0 is as many as the cluster has room for now.

        Returns when one replica is ready; raises CardError where none can be.
        """
        self._ray: Any = importlib.import_module("ray")
        self._serve: Any = importlib.import_module("ray.serve")
        self.card = card
        self.exact = card.engine == "ctranslate2"  # on processors, as replicas are
        self._codec = Codec(card)
        count = replicas or max(1, int(self._ray.cluster_resources().get("CPU", 1)) // cores)
        self.slots = count * cores
        self.application = f"songngu-{card.id}-{card.weights_sha256[:8]}-{cores}x{count}"
        made = (card.id, str(data) if data else None, card.weights_sha256, cores)
        self._handle = self._deployed(made, count, cores, downscale_s)

    def _deployed(self, made: tuple[Any, ...], count: int, cores: int, downscale_s: float) -> Any:  # noqa: ANN401 - Ray's own handle
        """The handle of the model's replicas, which another service may have started already."""
        logging.getLogger("ray.serve").setLevel(logging.WARNING)
        quiet = {"log_level": "WARNING", "enable_access_log": False}
        self._serve.start(proxy_location="Disabled", logging_config=quiet)
        if self._state() != "RUNNING":
            deployment = self._serve.deployment(
                Replica,
                ray_actor_options={"num_cpus": cores},
                max_ongoing_requests=cores,
                max_constructor_retry_count=TRIES,
                health_check_period_s=2,
                logging_config=quiet,
                autoscaling_config={
                    "min_replicas": 0,
                    "initial_replicas": 1,
                    "max_replicas": count,
                    "target_ongoing_requests": cores,
                    "metrics_interval_s": 0.5,
                    "look_back_period_s": 2.0,
                    "upscale_delay_s": UPSCALE_S,
                    "downscale_delay_s": downscale_s,
                    "downscale_to_zero_delay_s": IDLE_S,
                },
            )
            target = self._serve.RunTarget(
                target=deployment.bind(*made), name=self.application, route_prefix=None
            )
            self._serve.run_many([target], wait_for_applications_running=False)
            self._wait()
        return self._serve.get_app_handle(self.application)

    def _state(self) -> str:
        found = self._serve.status().applications.get(self.application)
        return f"{found.status.value}" if found else ""

    def replicas(self) -> int:
        """How many are running now."""
        found = self._serve.status().applications.get(self.application)
        states = [each.replica_states for each in found.deployments.values()] if found else []
        return sum(int(state.get("RUNNING", 0)) for state in states)

    def _wait(self) -> None:
        """Until a replica is ready; raises CardError where none can be, and takes all back."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while (state := self._state()) != "RUNNING":
            late = time.monotonic() > deadline
            if late or state in ("DEPLOY_FAILED", "UNHEALTHY"):
                why = "no machine had room for it in time." if late else self._refusal()
                self._serve.delete(self.application, _blocking=False)
                message = f"No replica of `{self.card.id}` could start on the cluster: {why}"
                raise CardError(message)
            time.sleep(AGAIN_S / 4)

    def _refusal(self) -> str:
        """The last line of what went wrong on the other machine."""
        found = self._serve.status().applications[self.application]
        said = [each.message for each in found.deployments.values()] or [found.message]
        last: str = said[0].strip().rsplit("\n", 1)[-1]
        return last

    def count_tokens(self, text: str) -> int:
        """Counted here, with the model's vocabulary and without its weights."""
        return self._codec.count_tokens(text)

    def translate(
        self, requests: Sequence[Request], decoding: Decoding | None = None
    ) -> list[list[Hypothesis]]:
        """One batch, on the replica that has the least to do; raises RuntimeError without one."""
        if not requests:
            return []
        lost: Exception | None = None
        for _ in range(TRIES):
            try:
                answer = self._handle.translate.remote(list(requests), decoding)
                hypotheses: list[list[Hypothesis]] = answer.result(timeout_s=BATCH_TIMEOUT_S)
            except self._ray.exceptions.RayActorError as error:  # lost with its machine
                lost = error
                time.sleep(AGAIN_S)
            except TimeoutError as error:
                message = "The cluster has no replica at the moment."
                raise RuntimeError(message) from error
            else:
                return hypotheses
        message = "The replicas of the cluster are lost one after the other."
        raise RuntimeError(message) from lost

    def close(self) -> None:
        """The replicas go by themselves: other services may be using them."""
