"""The queue: which articles a reviewer sees, and how far the work is."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from service.store.review_values import ReviewItem, Vote
from service.store.reviews import ARTICLE

STATES = ("all", "open", "flagged", "approved")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles are wanted; unknown values ask for all."""

    state: str = "all"
    job: str = ""  # "" asks for all, "pasted" for those of no job
    text: str = ""  # in the title

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filter":
        state = query.get("state", "all")
        return cls(
            state=state if state in STATES else "all",
            job=query.get("job", "")[:64],
            text=query.get("q", "")[:200].strip(),
        )

    def takes(self, item: ReviewItem) -> bool:
        if self.job and self.job != (item.job_id or "pasted"):
            return False
        if self.text and self.text.casefold() not in item.title.casefold():
            return False
        match self.state:
            case "open":
                return is_open(item)
            case "flagged":
                return item.flagged > 0 and not item.approved
            case "approved":
                return item.approved
            case _:
                return True


@dataclass(frozen=True, slots=True)
class Progress:
    """How many articles are done, and how many doubted ones are not."""

    done: int
    total: int
    flagged: int


def is_open(item: ReviewItem) -> bool:
    """Whether it waits for the reviewer: not approved, or a vote is due."""
    return not item.approved if item.outputs < 2 else not item.voted


def chosen(items: Sequence[ReviewItem], wanted: Filter) -> list[ReviewItem]:
    """The items that a filter takes; those that wait come first, in the order given."""
    return sorted((item for item in items if wanted.takes(item)), key=lambda i: not is_open(i))


def progress(items: Sequence[ReviewItem]) -> Progress:
    return Progress(
        done=sum(not is_open(item) for item in items),
        total=len(items),
        flagged=sum(item.flagged > 0 and is_open(item) for item in items),
    )


def with_votes(
    items: Sequence[ReviewItem],
    votes: Sequence[Vote],
    rounds_due: Callable[[ReviewItem], int],
) -> list[ReviewItem]:
    """The items with `voted` told by how many rounds of each are due to the reviewer."""
    given = Counter(vote.item_id for vote in votes if vote.segment == ARTICLE)
    return [
        replace(item, voted=given[item.id] >= rounds_due(item)) if item.outputs > 1 else item
        for item in items
    ]
