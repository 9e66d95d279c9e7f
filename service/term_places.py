"""Terms put in where a Vietnamese draft has other words for them.

Vietnamese words do not change, so that what the model calls a term when it is asked for the term
alone is mostly what it calls it in a sentence as well: of the terms that drafts lacked, of 38 in 47
(`scripts/evaluate_glossary.py`; into English of 5 in 24). Putting the agreed term in their place
leaves the rest of the sentence as fluent as it was, which placeholders do not.
"""

import re
from collections.abc import Iterable, Sequence

from service.article import Language, Span
from service.glossary import cuts_word
from service.text.phrases import Cut, fold

# A form of address before another one: "Ông Comrade Hùng" is "Đồng chí Hùng".
_ADDRESS = r"(?:(?:ông|bà|anh|chị)\s+)?"
_ADDRESSES = frozenset({"đồng chí"})
# What the model may write before a noun by itself, e.g. "các sĩ quan hải quan".
_DETERMINER = re.compile(r"^(?:các|những|một|sự|việc)\s+")
_TITLE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){1,8}?(?=[,;]| và )")  # e.g. "Phó Bí thư Tỉnh ủy"
_TWICE = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)  # e.g. "khối dân sự sự"
_ENDS = " .,;:!?\"“”'"


def put_term(draft: str, renderings: Iterable[str], term: str, uses: int) -> str:
    """The draft with `term` in place of what the model calls it, of several words the longest.

    The draft as it is where none of the `renderings` stands there just as often as the source
    `uses` the term, or where they are parts of longer words.

    >>> put_term("Chủ tịch thành phố đã họp.", ["Chủ tịch thành phố."], "thị trưởng", 1)
    'Thị trưởng đã họp.'
    """
    folded = fold(draft)
    tokens = Cut(draft).tokens
    forms = {_DETERMINER.sub("", fold(text).strip(_ENDS)) for text in renderings}
    for form in sorted(filter(None, forms), key=len, reverse=True):
        before = _ADDRESS if fold(term) in _ADDRESSES else ""
        pattern = re.compile(rf"(?<!\w){before}{re.escape(form)}(?!\w)")
        places = [Span(*match.span()) for match in pattern.finditer(folded)]
        if len(places) != uses or any(
            cuts_word(draft, tokens, place, Language.VI) for place in places
        ):
            continue
        put = _replaced(draft, places, term)
        if len(_TWICE.findall(put)) <= len(_TWICE.findall(draft)):  # no half of a word is left
            return put
    return draft


def title_at(draft: str, start: int) -> str:
    """A title and whose it is, where nothing else follows before the clause ends; else "".

    >>> title_at("Thứ trưởng Ủy ban tỉnh, Chủ tịch Ủy ban", 0)
    'Thứ trưởng Ủy ban tỉnh'
    """
    title = _TITLE.match(draft, start)
    return title[0] if title else ""


def _replaced(draft: str, places: Sequence[Span], term: str) -> str:
    pieces, at = [], 0
    for place in places:
        pieces += [draft[at : place.start], _cased(term, place.of(draft))]
        at = place.end
    return "".join([*pieces, draft[at:]])


def _cased(term: str, like: str) -> str:
    """The term in capitals, or with a capital, as what it replaces."""
    if like.isupper() and len(like) > 1:
        return term.upper()
    return term[:1].upper() + term[1:] if like[:1].isupper() else term
