"""The hash chain: what one call says is hashed once, each case adds a link of fixed width."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Self
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from people.models import Account
from workflows.models import TransitionRecord

GENESIS = bytes(32)
NOTHING: Mapping[Any, Any] = {}


def canonical(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, kw_only=True)
class Act:
    """What one call of `advance` or `open_cases` says of every case it changes."""

    step: str
    actor_id: int
    note: str
    inputs: str
    at: datetime
    request_key: UUID | None = None
    on_behalf_of_id: int | None = None  # whose right a stand-in used

    @classmethod
    def of(
        cls,
        step: str,
        *,
        actor: Account,
        at: datetime,
        note: str = "",
        inputs: Mapping[str, Any] = NOTHING,
        request_key: UUID | None = None,
    ) -> Self:
        return cls(
            step=step,
            actor_id=actor.hand.pk,
            note=note,
            inputs=canonical(inputs),
            at=at,
            request_key=request_key,
            on_behalf_of_id=actor.stood_in_for,
        )

    @cached_property
    def digest(self) -> bytes:
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        said = [self.step, self.actor_id, self.note, self.inputs, at, self.request_key]
        if self.on_behalf_of_id is not None:  # else nothing is added: chains written before stand-ins were hold on
            said.append(self.on_behalf_of_id)
        return hashlib.sha256(canonical(said).encode()).digest()


def link(head: bytes, act: Act, case: bytes, number: int, *, source: str, target: str) -> bytes:
    """The next link of a case's chain; `case` is its key as bytes."""
    return hashlib.sha256(head + act.digest + case + number.to_bytes(4) + f"{source}>{target}".encode()).digest()


def holds(case: UUID, chain: Iterable[TransitionRecord], head: bytes) -> bool:
    """Whether the records of a case, in their order, are what was written, and all of it."""
    reached = GENESIS
    for number, record in enumerate(chain, start=1):
        reached = link(reached, act_of(record), case.bytes, number, source=record.source, target=record.target)
        if (record.number, bytes(record.hash)) != (number, reached):
            return False
    return reached == bytes(head)


def broken(records: Iterable[TransitionRecord], heads: Mapping[UUID, bytes]) -> Iterator[UUID]:
    """Cases whose chain does not hold. `records` come ordered by case and number; `heads` shows a missing tail."""
    found = set()
    for case, chain in groupby(records, key=attrgetter("case_id")):
        found.add(case)
        if not holds(case, chain, heads.get(case, b"")):
            yield case
    yield from (case for case in heads if case not in found)


def act_of(record: TransitionRecord) -> Act:
    return _act(*(getattr(record, name) for name in Act.__dataclass_fields__))


@lru_cache(maxsize=4_096)
def _act(*said: Any) -> Act:
    """Thousands of records share one act: what it says is hashed once."""
    return Act(**dict(zip(Act.__dataclass_fields__, said, strict=True)))
