"""A job's options, as the store keeps them, to what the pipeline is asked."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from service.article import Language
from service.intake import ArticleRequest
from service.stages.spell_names import NameStyle
from service.terms import TermList, read_terms

# The plain values of an ArticleRequest that a job may set; its defaults hold for the others.
PLAIN = (
    "summary_sentences",
    "summary_words",
    "summary_title",
    "summary_model",
    "repair",
    "memory",
)
LANGUAGES = ("source_language", "target_language")


def options_of(request: ArticleRequest) -> dict[str, Any]:
    """The options in a request without its article, as JSON: the inverse of `request_of`.

    What stands as in an empty request is left out.

    >>> options_of(ArticleRequest(target_language=Language.EN, summary_sentences=0))
    {'target_language': 'en', 'summary_sentences': 0}
    """
    usual = ArticleRequest()
    found: dict[str, Any] = {
        name: getattr(request, name)
        for name in (*LANGUAGES, *PLAIN, "names", "models")
        if getattr(request, name) != getattr(usual, name)
    }
    options = {name: str(v) if name in (*LANGUAGES, "names") else v for name, v in found.items()}
    if "models" in options:
        options["models"] = list(options["models"])
    if request.glossary is not None:
        options["glossary"] = {"tsv": request.glossary.to_tsv(), "label": request.glossary.label}
    return options


def request_of(text: str | None, html: str | None, options: Mapping[str, Any]) -> ArticleRequest:
    """The request for one item; options that are not known are passed over.

    >>> request_of("Tin.", None, {"target_language": "en", "origin": "upload"}).target_language
    <Language.EN: 'en'>
    """
    known: dict[str, Any] = {name: options[name] for name in PLAIN if name in options}
    known |= {name: Language(options[name]) for name in LANGUAGES if options.get(name)}
    if "names" in options:
        known["names"] = NameStyle(options["names"])
    if "models" in options:
        known["models"] = tuple(options["models"])
    if "glossary" in options:
        known["glossary"] = _terms(options["glossary"]["tsv"], options["glossary"]["label"])
    return ArticleRequest(text=text, html=html, **known)


@lru_cache(maxsize=8)
def _terms(tsv: str, label: str) -> TermList:
    """Read once for all articles of a job."""
    return read_terms(tsv, label=label)
