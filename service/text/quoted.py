"""Quotations in the language that a text is translated to: they stay as they are."""

import re

from service.article import Language, Span
from service.rules.words import english_function_words
from service.text.quotes import find_quotes

MIN_WORDS = 4  # fewer may be a name: "Women in Business"
_WORD = re.compile(r"[^\W\d_]{2,}")


def quotes_in(language: Language, text: str) -> list[Span]:
    """The quotations of a text that are sentences of a language, or good parts of one.

    >>> text = "Bà nói: “We are very proud of them”, và “Kết nối cung - cầu” là chủ đề."
    >>> [span.of(text) for span in quotes_in(Language.EN, text)]
    ['“We are very proud of them”']
    """
    return [span for span in find_quotes(text) if _is_in(language, span.of(text))]


def _is_in(language: Language, quote: str) -> bool:
    words = _WORD.findall(quote.lower())
    marked = sum(not word.isascii() for word in words)
    if len(words) < MIN_WORDS:
        return False
    if language is Language.VI:
        return 2 * marked >= len(words)
    small = sum(word in english_function_words() for word in words)
    return small > 0 and 10 * marked <= len(words)
