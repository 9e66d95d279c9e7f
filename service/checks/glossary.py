"""Are the terms of the glossary translated as agreed?"""

from collections.abc import Iterator

from service.article import Finding, Severity
from service.checks.base import Check, Pair
from service.glossary import Glossary, government_glossary

ID = "glossary"


def _find(pair: Pair) -> Iterator[Finding]:
    yield from find_unapplied(pair, government_glossary(), Severity.MINOR)


def find_unapplied(pair: Pair, glossary: Glossary, severity: Severity) -> Iterator[Finding]:
    """A finding for each term of the source that the target has in none of its forms."""
    language = pair.source.language
    for use in glossary.check_tokens(pair.source.tokens, pair.target.text, language):
        if use.applied:
            continue
        term, agreed = use.span.of(pair.source.text), use.term.forms(language.other)[0]
        yield Finding(
            ID,
            severity,
            f"Thuật ngữ “{term}” chưa được dịch là “{agreed}”.",
            f"The term “{term}” is not translated as “{agreed}”.",
            source_span=use.span,
        )


CHECK = Check(ID, "Are the terms of the glossary translated as agreed?", _find)
