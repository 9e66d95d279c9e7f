"""A job's options, as the store keeps them, to what the pipeline is asked."""

from collections.abc import Mapping
from typing import Any

from service.article import Language
from service.intake import ArticleRequest

# The plain values of an ArticleRequest that a job may set; its defaults hold for the others.
PLAIN = ("summary_sentences", "summary_words", "repair")
LANGUAGES = ("source_language", "target_language")


def options_of(request: ArticleRequest) -> dict[str, Any]:
    """The options in a request without its article: the inverse of `request_of`.

    >>> options_of(ArticleRequest(target_language=Language.EN, summary_sentences=0))
    {'target_language': 'en', 'summary_sentences': 0, 'repair': True}
    """
    found = {name: getattr(request, name) for name in (*LANGUAGES, *PLAIN)}
    return {
        name: str(value) if name in LANGUAGES else value
        for name, value in found.items()
        if value is not None
    }


def request_of(text: str | None, html: str | None, options: Mapping[str, Any]) -> ArticleRequest:
    """The request for one item; options that are not known are passed over.

    >>> request_of("Tin.", None, {"target_language": "en", "origin": "upload"}).target_language
    <Language.EN: 'en'>
    """
    known = {name: options[name] for name in PLAIN if name in options}
    languages = {name: Language(options[name]) for name in LANGUAGES if options.get(name)}
    return ArticleRequest(text=text, html=html, **known, **languages)
