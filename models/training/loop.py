"""The training loop: resumable, time-budgeted, the same on CPU and CUDA."""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import MarianMTModel

from models.training.batches import (
    IGNORED,
    TIER_SHARES,
    Batch,
    Encoder,
    Row,
    cut_batches,
    draw_epoch,
)
from models.training.checkpoints import (
    Progress,
    load_checkpoint,
    load_weights,
    save_checkpoint,
    save_weights,
)
from models.training.corpus import Pair
from models.training.network import Size, add_dropout, build_network
from models.training.optimisers import build_optimisers

Watch = Callable[[float, float], None]
LABEL_SMOOTHING = 0.1
CLIP_NORM = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One session of training: so many minutes, or so many steps where `steps` is given.

    The learning rate rises for `warmup_steps`, stays, and falls linearly to zero over the last
    `decay_share` of the session ("warm-up, stable, decay", Hu et al. 2024): a later session can
    go on from the checkpoint before the fall, and every session still ends in a finished model.
    """

    folder: Path
    minutes: float
    steps: int | None = None
    decay_share: float = 0.25
    peak_rate: float = 1e-3
    warmup_steps: int = 600
    batch_tokens: int = 4096
    dropout: float = 0.1
    sampling: float = 0.0
    tier_shares: Sequence[float] = TIER_SHARES
    synthetic_share: float = 0.5
    muon: bool = True
    seed: int = 1
    checkpoint_share: float = 0.05  # of the session between two checkpoints
    averaged_weights: int = 4  # files kept from the last stretch, for averaging


def token_loss(network: MarianMTModel, batch: Batch, smoothing: float = LABEL_SMOOTHING) -> Tensor:
    """Mean cross-entropy over the target tokens; the vocabulary is scored only at real ones.

    `<pad>`, the last id, is not scored: Marian's decoder starts from a zero embedding, which is
    what the tied row of `<pad>` must stay.
    """
    hidden = network.model(
        input_ids=batch.source,
        attention_mask=batch.source_mask,
        decoder_input_ids=batch.decoder_input,
        use_cache=False,
    ).last_hidden_state  # [rows, target, width]
    real = batch.labels != IGNORED
    logits = network.lm_head(hidden[real])[:, :-1]  # [tokens, vocabulary without `<pad>`]
    return nn.functional.cross_entropy(
        logits.float(), batch.labels[real], label_smoothing=smoothing
    )


def learning_rate(plan: Plan, step: int, share: float) -> float:
    """Rate at `step` of the run, when `share` (0 to 1) of this session is over; see `Plan`."""
    warm = min(1.0, (step + 1) / plan.warmup_steps)
    decay = min(1.0, max(0.0, (1.0 - share) / max(1e-9, plan.decay_share)))
    return plan.peak_rate * warm * decay


@dataclass(slots=True)
class Stretch:
    """What happened since the last checkpoint."""

    started: float
    share: float  # of the session that was over then
    tokens: int = 0
    losses: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, object]:
        spent = max(1e-9, time.monotonic() - self.started)
        mean = sum(self.losses) / max(1, len(self.losses))
        return {"loss": round(mean, 4), "tokens_per_s": round(self.tokens / spent)}


class Session:
    """Trains until the plan's minutes are over; call `run`."""

    def __init__(
        self,
        plan: Plan,
        size: Size,
        spm_path: str,
        pairs: Sequence[Pair],
        dev: Sequence[tuple[str, str]],
        initial: Path | None = None,
    ) -> None:
        self.plan = plan
        self.pairs = pairs
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.encoder = Encoder(spm_path, plan.sampling)
        plain = Encoder(spm_path)
        self.dev = {
            "vi-en": plain.examples([Row(vi, en, "en") for vi, en in dev]),
            "en-vi": plain.examples([Row(en, vi, "vi") for vi, en in dev]),
        }
        self.network = build_network(self.encoder.pad + 1, size, plan.seed).to(self.device)
        if initial is not None:
            load_weights(self.network, initial)
        self.masks = add_dropout(self.network, plan.dropout)
        self.masks.to(self.device)
        self.optimisers = build_optimisers(self.network, muon=plan.muon)
        self.progress = (
            load_checkpoint(plan.folder / "stable", self.network, self.optimisers) or Progress()
        )
        self._seconds_before = self.progress.seconds

    def batches(self) -> Iterator[Batch]:
        """Batches without end.

        The draw depends on where the session began: one that resumes in the middle of an epoch
        does not see the same first half again.
        """
        first_step = self.progress.step
        while True:
            rng = random.Random(f"{self.plan.seed}/{first_step}/{self.progress.epoch}")
            rows = draw_epoch(self.pairs, rng, self.plan.tier_shares, self.plan.synthetic_share)
            examples = self.encoder.examples(rows)
            yield from cut_batches(
                examples, tokens=self.plan.batch_tokens, pad=self.encoder.pad, rng=rng
            )
            self.progress.epoch += 1

    def step(self, batch: Batch, rate: float) -> float:
        """One update; returns the loss."""
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            loss = token_loss(self.network, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), CLIP_NORM)
        for optimiser in self.optimisers:
            optimiser.step()
            optimiser.zero_grad()
        with torch.no_grad():
            self.network.model.shared.weight[self.encoder.pad].zero_()
        return float(loss.detach())

    @torch.no_grad()
    def dev_losses(self) -> dict[str, float]:
        """Unsmoothed loss per token on the development pairs, by direction."""
        self.network.eval()
        losses = {}
        for direction, examples in self.dev.items():
            total, count = 0.0, 0
            for batch in cut_batches(
                examples, tokens=8192, pad=self.encoder.pad, rng=random.Random(0)
            ):
                moved = batch.to(self.device)
                tokens = int((batch.labels != IGNORED).sum())
                with torch.autocast(self.device.type, dtype=torch.bfloat16):
                    total += float(token_loss(self.network, moved, smoothing=0.0)) * tokens
                count += tokens
            losses[direction] = round(total / max(1, count), 4)
        self.network.train()
        return losses

    def _log(self, entry: dict[str, object]) -> None:
        with (self.plan.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")
        print(json.dumps(entry), flush=True)

    def _keep(self, name: str) -> None:
        save_checkpoint(self.plan.folder / name, self.network, self.optimisers, self.progress)

    def _share(self, started: float, first_step: int) -> float:
        """How much of the session is over, 0 to 1."""
        if self.plan.steps is not None:
            return (self.progress.step - first_step) / self.plan.steps
        return (time.monotonic() - started) / max(1e-9, self.plan.minutes * 60)

    def run(self, watch: Watch = lambda _share, _loss: None) -> None:
        """Train; leaves `stable/` (to resume from) and `decayed-*.safetensors` (to release).

        `watch` is told after each step what share of the session is over, and the step's loss.
        """
        self.plan.folder.mkdir(parents=True, exist_ok=True)
        self.network.train()
        started, first_step = time.monotonic(), self.progress.step
        stretch = Stretch(started, 0.0)
        decayed = 0
        for batch in self.batches():
            share = self._share(started, first_step)
            if share >= 1.0:
                break
            rate = learning_rate(self.plan, self.progress.step, share)
            stretch.losses.append(self.step(batch.to(self.device), rate))
            watch(share, stretch.losses[-1])
            tokens = int((batch.labels != IGNORED).sum())
            stretch.tokens += tokens
            self.progress.step += 1
            self.progress.target_tokens += tokens
            if share - stretch.share < self.plan.checkpoint_share:
                continue
            self.progress.seconds = self._seconds_before + time.monotonic() - started
            if share > 1.0 - self.plan.decay_share:
                name = f"decayed-{decayed % self.plan.averaged_weights}.safetensors"
                save_weights(self.network, self.plan.folder / name)
                decayed += 1
            else:
                self._keep("stable")
            self._report(stretch, rate)
            stretch = Stretch(time.monotonic(), share)
        save_weights(self.network, self.plan.folder / "decayed-last.safetensors")
        self._report(stretch, 0.0)

    def _report(self, stretch: Stretch, rate: float) -> None:
        self._log(
            {
                "step": self.progress.step,
                "epoch": self.progress.epoch,
                "minutes": round(self.progress.seconds / 60, 1),
                "dev": self.dev_losses(),
                "rate": rate,
                **stretch.summary(),
            }
        )
