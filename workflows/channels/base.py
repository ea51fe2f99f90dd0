"""What every channel to the outside is: it opens once a round, and sends parcels one by one, each or not at all."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from people.models import Account
from workflows.models import DeskChoice, OutboxMessage, Parcel, WorkItem


class NotSent(Exception):
    """The parcel did not go. The argument is kept and shown: words of a program, never of a person."""


class NotAllowed(NotSent):
    """The address is not one that an administrator has allowed."""


class Withdrawn(Exception):
    """Nobody wants the parcel any more: the account is closed, or the desk has chosen otherwise."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message with the state it tells of, which the case may have left by now."""

    message: OutboxMessage
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A parcel with all that sending it needs: no channel reads the database for one parcel."""

    parcel: Parcel
    told: Sequence[Told]
    account: Account | None
    choice: DeskChoice | None
    soon: Sequence[WorkItem] = ()  # of a digest: what is due in the next days


Send = Callable[[Pack], None]  # returns when it went; raises NotSent or Withdrawn
Opened = Callable[[], AbstractContextManager[Send]]
