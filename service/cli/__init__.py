"""The command `songngu`: one module a command; each parses, calls, prints."""

import typer

from service.cli import article, batch, digest, glossary, memory, models, reviewer, serve, worker

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Clean, checked Vietnamese-English translations and short summaries of raw articles.",
)
app.command(epilog=article.EXAMPLES)(article.article)
app.command(epilog=batch.EXAMPLES)(batch.batch)
app.command(epilog=digest.EXAMPLES)(digest.digest)
app.command(epilog=serve.EXAMPLES)(serve.serve)
app.command(epilog=worker.EXAMPLES)(worker.worker)
app.add_typer(glossary.app, name="glossary", epilog=glossary.EXAMPLES)
app.add_typer(memory.app, name="memory", epilog=memory.EXAMPLES)
app.add_typer(models.app, name="models", epilog=models.EXAMPLES)
app.add_typer(reviewer.app, name="reviewer", epilog=reviewer.EXAMPLES)
