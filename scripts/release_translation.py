#!/usr/bin/env python3
"""Average a run's last checkpoints, convert them to int8 and enter them in the catalogue.

Example:
    python scripts/release_translation.py --run runs/base --out models/weights/songngu-small
"""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from models.training.network import Size
from models.training.release import average, convert, export_transformers

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    run: Annotated[Path, typer.Option(help="Folder of the run.")],
    out: Annotated[Path, typer.Option(help="Folder of the converted files.")],
    pattern: Annotated[str, typer.Option(help="Checkpoints to average.")] = "decayed-*.safetensors",
    width: int = 384,
    encoder_layers: int = 6,
    decoder_layers: int = 3,
    keep: Annotated[
        Path | None, typer.Option(help="Keep the transformers folder here, for benchmarks.")
    ] = None,
) -> None:
    size = Size(width, encoder_layers, decoder_layers)
    with tempfile.TemporaryDirectory() as scratch:
        averaged = Path(scratch) / "averaged.safetensors"
        average(sorted(run.glob(pattern)), averaged)
        folder = keep or Path(scratch) / "transformers"
        export_transformers(averaged, run / "vocabulary", size, folder)
        sums = convert(folder, out)
    print("[model.files]")
    for name, digest in sums.items():
        print(f'"{name}" = "{digest}"')


if __name__ == "__main__":
    app()
