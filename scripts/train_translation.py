#!/usr/bin/env python3
"""Train the bundled translation model; stops after --minutes and can be run again to go on.

Example:
    python scripts/train_translation.py --run runs/base --dev dev.tsv --minutes 120
"""

from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from models.training.batches import TIER_SHARES
from models.training.corpus import read_dev_pairs, read_run
from models.training.loop import Plan, Session
from models.training.network import Size

COLUMNS = (
    TextColumn("training, loss {task.description}"),
    BarColumn(),
    TaskProgressColumn(),
    TimeRemainingColumn(),
)
app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    run: Annotated[Path, typer.Option(help="Holds vocabulary/, pairs.tsv, perhaps synthetic.tsv.")],
    dev: Annotated[Path, typer.Option(help="Development pairs, TSV vi<TAB>en.")],
    minutes: Annotated[float, typer.Option(help="Length of this session.")] = 60.0,
    decay_share: Annotated[float, typer.Option(help="Its last share, rate falling to 0.")] = 0.25,
    rate: Annotated[float, typer.Option(help="Peak learning rate.")] = 1e-3,
    warmup_steps: int = 600,
    batch_tokens: int = 4096,
    dropout: float = 0.1,
    sampling: Annotated[float, typer.Option(help="SentencePiece sampling, 0 is off.")] = 0.0,
    tier_shares: Annotated[
        tuple[float, float, float, float], typer.Option(help="Share of tiers 1 to 4 an epoch.")
    ] = TIER_SHARES,
    synthetic_share: Annotated[
        float, typer.Option(help="Share of the pairs of synthetic.tsv an epoch.")
    ] = 0.5,
    muon: Annotated[bool, typer.Option(help="Muon for the layers' matrices, else AdamW.")] = True,
    width: int = 384,
    encoder_layers: int = 6,
    decoder_layers: int = 3,
    seed: int = 1,
    threads: Annotated[int, typer.Option(help="CPU threads; 0 is all.")] = 0,
    initial: Annotated[Path | None, typer.Option(help="Weights to start from.")] = None,
) -> None:
    if threads:
        torch.set_num_threads(threads)
    plan = Plan(
        folder=run,
        minutes=minutes,
        decay_share=decay_share,
        peak_rate=rate,
        warmup_steps=warmup_steps,
        batch_tokens=batch_tokens,
        dropout=dropout,
        sampling=sampling,
        tier_shares=tier_shares,
        synthetic_share=synthetic_share,
        muon=muon,
        seed=seed,
    )
    size = Size(width, encoder_layers, decoder_layers)
    spm = str(run / "vocabulary" / "source.spm")
    pairs = read_run(run)
    session = Session(plan, size, spm, pairs, read_dev_pairs(dev)[:300], initial)
    console = Console(stderr=True)
    with Progress(*COLUMNS, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=1.0)
        session.run(
            lambda share, loss: bar.update(task, completed=share, description=f"{loss:.2f}")
        )


if __name__ == "__main__":
    app()
