"""The options of an article, which `article` and `batch` share."""

from typing import Annotated

import typer

from service.cli.common import LanguageChoice, known_encoding
from service.stages.spell_names import NameStyle

To = Annotated[LanguageChoice, typer.Option("--to", help="Target language.")]
From = Annotated[LanguageChoice, typer.Option("--from", help="Source language; auto detects it.")]
Names = Annotated[
    NameStyle, typer.Option(help="Vietnamese names in English: with marks, or without.")
]
Repair = Annotated[
    bool, typer.Option("--repair/--no-repair", help="Try again where a check finds a fault.")
]
GlossaryName = Annotated[
    str | None,
    typer.Option(
        help="Your terms: a TSV or CSV file, or a stored glossary, `id[@version]`.",
        show_default=False,
    ),
]
SummarySentences = Annotated[int, typer.Option(min=0, max=50, help="At most.")]
SummaryWords = Annotated[
    int | None, typer.Option(min=1, max=5000, help="At most so many in all.", show_default=False)
]
SummaryTitle = Annotated[
    bool, typer.Option("--summary-title", help="Begin the summary with the title.")
]
SummaryModel = Annotated[
    str | None,
    typer.Option(
        help="Model that writes it: an id of `songngu models list`, or auto.", show_default=False
    ),
]
Memory = Annotated[
    bool, typer.Option("--memory", help="Use translations of equal sentences again.")
]
Encoding = Annotated[
    str,
    typer.Option(callback=known_encoding, help="Of texts and tables, and of pages that name none."),
]
