#!/usr/bin/env python3
"""Learn which target pieces a source piece may become, for faster decoding: `vmap.txt`.

Takes the pairs of a training run. The file belongs into the folder of the converted weights and,
with its sha256, into the catalogue; `shortlist = true` in the model's `decoding` makes use of it.

Example:
    python scripts/build_shortlist.py --run runs/base --out models/weights/songngu-small
"""

import hashlib
import random
from pathlib import Path
from typing import Annotated

import sentencepiece
import typer

from models.control_tokens import TARGET_TAG
from models.normalise import normalise
from models.training.corpus import read_run
from models.training.shortlist import candidates, frequent, learn, write_shortlist

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    run: Annotated[Path, typer.Option(help="Holds vocabulary/ and pairs.tsv.")],
    out: Annotated[Path, typer.Option(help="Folder of the converted weights.")],
    most: Annotated[int, typer.Option(help="Candidates of a piece.")] = 40,
    least: Annotated[float, typer.Option(help="Their least probability.")] = 0.001,
    always: Annotated[int, typer.Option(help="Frequent pieces that are always there.")] = 1000,
    sample: Annotated[int, typer.Option(help="Pairs to learn from; 10,000 need 0.4 GB.")] = 200_000,
    seed: int = 1,
) -> None:
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(run / "vocabulary" / "source.spm"))
    pairs = read_run(run)
    random.Random(seed).shuffle(pairs)
    vi = pieces.encode([normalise(pair.vi) for pair in pairs[:sample]])
    en = pieces.encode([normalise(pair.en) for pair in pairs[:sample]])
    size = pieces.get_piece_size()
    found = {}
    for language, sides in (("en", (vi, en)), ("vi", (en, vi))):
        likely = learn(list(zip(*sides, strict=True)), size)
        found[TARGET_TAG[language]] = (
            candidates(likely, most=most, least=least),
            frequent(likely, always),
        )
    path = write_shortlist([pieces.id_to_piece(number) for number in range(size)], found, out)
    print(f'"{path.name}" = "{hashlib.sha256(path.read_bytes()).hexdigest()}"')


if __name__ == "__main__":
    app()
