"""Files that belong to messages of a topic: a letter carries them, a folder receives them."""

from collections.abc import Callable, Iterable, Sequence

from workflows.channels.base import Told
from workflows.models import OutboxMessage

Attachment = tuple[str, bytes, str]  # name, content, type
Maker = Callable[[OutboxMessage], Sequence[Attachment]]
_makers: dict[str, Maker] = {}
MOST = 20  # in one letter; the pages have them all


def attach(topic: str, maker: Maker) -> None:
    """Add what `maker` makes of a message of this topic to whatever tells of it outside the product."""
    _makers[topic] = maker


def made_of(told: Iterable[Told]) -> list[Attachment]:
    found: list[Attachment] = []
    for one in told:
        if one.message.topic in _makers and len(found) < MOST:
            found += _makers[one.message.topic](one.message)
    return found
