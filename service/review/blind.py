"""In which order a reviewer sees an item's outputs, and when the names may be told.

Orders are drawn in blocks of 24 items: in each block every order of two, three or four outputs
comes equally often, in an order of its own for each reviewer. So the share of first places of any
output differs from fair by less than one block's remainder, and not by chance.
"""

import hashlib
import random
from collections.abc import Sequence
from itertools import permutations

BLOCK = 24  # 4!; also twelve times 2! and four times 3!
REPEAT_ONE_IN = 20  # 5 % of the articles are shown again, for the agreement with oneself
LETTERS = "ABCD"


def shown_order(reviewer_id: str, sequence: int, outputs: int, round_: int = 1) -> tuple[int, ...]:
    """Output numbers in the order that a reviewer sees them: A first.

    >>> orders = [shown_order("r", n, 2) for n in range(BLOCK)]
    >>> orders.count((0, 1)), orders.count((1, 0))
    (12, 12)
    """
    every = list(permutations(range(outputs)))
    block = (every * BLOCK)[:BLOCK]
    seed = _digest(reviewer_id, sequence // BLOCK, outputs, round_)
    random.Random(seed).shuffle(block)
    return block[sequence % BLOCK]


def rounds_due(reviewer_id: str, item_id: str, outputs: int) -> int:
    """How often a reviewer is asked about an item: 0 for a single output, else 1, sometimes 2."""
    if outputs < 2:
        return 0
    return 2 if _digest("repeat", reviewer_id, item_id) % REPEAT_ONE_IN == 0 else 1


def names_hidden(outputs: int, votes: int, rounds: int) -> bool:
    """Whether a reviewer may not yet know which model made what."""
    return outputs > 1 and votes < rounds


def label(position: int) -> str:
    """What an output is called while its name is hidden."""
    return LETTERS[position]


def _digest(*parts: object) -> int:
    text = "|".join(map(str, parts))
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")


def first_share(orders: Sequence[Sequence[int]]) -> float:
    """Share of the orders that begin with output 0."""
    return sum(order[0] == 0 for order in orders) / len(orders)
