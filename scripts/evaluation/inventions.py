"""Facts planted in summaries, to see whether the search for inventions finds them."""

import re
from collections.abc import Iterator, Sequence

KINDS = ("numbers", "names")

_FIGURE = re.compile(r"(?<![\d.,/-])\d{2,4}(?![\d.,/%-])")  # "120" of "120 tỷ đồng"
_NAME = re.compile(r"(?<=[a-zà-ỹ] )[A-ZĐ]\w+ [A-ZĐ]\w+(?: [A-ZĐ]\w+)?")  # "Trần Văn Nam"


def plant(texts: Sequence[str], articles: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Each text with one figure, and with one name, that its article does not have.

    Yields what was planted, the changed text and the place of its article. Names are taken from
    the next article in which there is one.
    """
    donors = [_NAME.search(article) for article in articles]
    for place, (text, article) in enumerate(zip(texts, articles, strict=True)):
        figure = _FIGURE.search(text)
        if figure:
            other = next(n for n in range(int(figure[0]) + 1, 100_000) if str(n) not in article)
            yield "numbers", text[: figure.start()] + str(other) + text[figure.end() :], place
        name = _NAME.search(text)
        rest = [donors[(place + step) % len(donors)] for step in range(1, len(donors))]
        donor = next((found[0] for found in rest if found and found[0] not in article), None)
        if name and donor:
            yield "names", text[: name.start()] + donor + text[name.end() :], place
