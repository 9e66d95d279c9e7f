"""The model card: what a model was trained on, how good it is, and what it cannot do."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

from models.catalogue import Card
from models.training.corpus import NON_COMMERCIAL, Pair
from scripts.evaluation.translation import Scores

mpl.use("Agg")
from matplotlib import pyplot as plt

LICENCES = {
    "wiki-alt": "CC BY 4.0 / CC BY-SA (ALT, Wikinews)",
    "xquad": "CC BY-SA 4.0",
    "tatoeba-manythings": "CC BY 2.0 FR",
    "gov.tsv": "our own glossary",
}
SHORTLIST = ", three sentences or more of an article among their likely words (`vmap.txt`)"
TEMPLATE = """# {id} (version {version})

A small {architecture} transformer, Vietnamese to English and English to Vietnamese in one model
(a direction tag first in the source). It is trained from scratch by the recipe in this repository,
on the public sentence pairs below, and ships so that Songngu works without a download. **It is no
match for large public systems** (see the tables): use it to try Songngu, for triage and for drafts
that a person edits; load a better model where you have one.

- Licence: {licence}. Files and their sha256: `models/catalogue.toml`.
- Decoding by default: beam {beam}{shortlist}.
  At most {tokens} source tokens a sentence; longer ones are cut at clause marks by the service.
- Control tokens: direction tags, ten placeholders (copied as they are), inline term constraints.

## Scores

Each line was translated as the service does it (cut into sentences, int8 weights, repair ladder);
the rows "without repair" are the model alone.
{tables}

`numbers lost` and `names lost`: of those that stand in both source and reference. `short`: output
under 60 % of the reference's length. `flagged`: lines with a major finding of the service's own
checks, whoever translated them. Command: `python scripts/write_model_card.py` (it runs what
`python scripts/evaluate.py --flores DIR` and `--pairs FILE` run). Signature: `{signature}`.

## Training data

{pairs} pairs after filtering, both directions; and {synthetic} Vietnamese sentences with English by
the version before (`scripts/synthesise_pairs.py`), which training marks as such: back-translation
into Vietnamese, self-training into English.

| source | tier | pairs | English by | licence as stated |
|---|---|---|---|---|
{sources}

"none stated" means that the source states no licence. Left out because they state a
non-commercial licence: {refused}.

## Learning curve

![Loss on the development pairs over training time](learning-curve.png)

{curve}

## Limits

Trained on {pairs} pairs that people wrote. Rare names, administrative titles and long sentences
are translated poorly, numbers are sometimes changed: rely on the `findings` of each segment.
Domains: news first, some law, everyday sentences, technical prose. No native speaker has reviewed
the training data or the outputs.
"""


def table(title: str, rows: Mapping[str, Scores]) -> str:
    """Rows, best BLEU first, as Markdown."""
    lines = [
        f"\n**{title}**\n",
        "| system | BLEU | chrF++ | numbers lost | names lost | loops | short | flagged |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, s in sorted(rows.items(), key=lambda item: -item[1].bleu):
        lines.append(
            f"| {name} | {s.bleu:.1f} | {s.chrf:.1f} | {s.number_loss:.1f} % | "
            f"{s.name_loss:.1f} % | {s.loops} | {s.short} | {s.flagged} |"
        )
    return "\n".join(lines)


def sources_table(pairs: Sequence[Pair]) -> str:
    """One line a source, with how many pairs it gave."""
    counts = Counter((pair.tier, pair.machine, pair.source) for pair in pairs)
    return "\n".join(
        f"| {source} | {tier} | {count:,} | {'our model' if machine else 'people'} | "
        f"{LICENCES.get(source, 'none stated')} |"
        for (tier, machine, source), count in sorted(counts.items())
    )


def plot_curve(log: Path, out: Path) -> str:
    """Draw the loss on the development pairs; returns one sentence on where it ended."""
    entries = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    entries = [entry for entry in entries if "minutes" in entry]
    minutes = [entry["minutes"] for entry in entries]
    figure, axes = plt.subplots(figsize=(7, 4))
    for direction in ("vi-en", "en-vi"):
        axes.plot(minutes, [entry["dev"][direction] for entry in entries], "o-", label=direction)
    axes.set_xlabel("minutes of training on 2 to 4 CPU cores")
    axes.set_ylabel("loss a token on 300 news dev pairs (nats)")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(out, dpi=110)
    plt.close(figure)
    last = entries[-1]
    return (
        f"{last['minutes']:.0f} minutes, {last['step']:,} steps, {last['epoch'] + 1} passes begun; "
        f"final loss {last['dev']['vi-en']:.2f} vi-en, {last['dev']['en-vi']:.2f} en-vi."
    )


def write_card(
    card: Card, pairs: Sequence[Pair], scores: Mapping[str, Mapping[str, Scores]], log: Path
) -> None:
    """Write README.md and learning-curve.png into the card's folder; `scores` by table title."""
    curve = plot_curve(log, card.folder / "learning-curve.png")
    human = sum(not pair.machine for pair in pairs)
    signature = next(iter(next(iter(scores.values())).values())).signature
    text = TEMPLATE.format(
        id=card.id,
        version=card.version,
        architecture=card.architecture.capitalize(),
        licence=card.licence,
        beam=card.decoding.beam_size,
        shortlist=SHORTLIST if card.decoding.shortlist else "",
        tokens=card.max_source_tokens,
        tables="\n".join(table(title, rows) for title, rows in scores.items()),
        signature=signature,
        pairs=f"{human:,}",
        synthetic=f"{len(pairs) - human:,}",
        sources=sources_table(pairs),
        refused=", ".join(f"`{name}`" for name in sorted(NON_COMMERCIAL)),
        curve=curve,
    )
    (card.folder / "README.md").write_text(text, "utf-8")
