"""Enrollment lists as data: their rows, what changed since the last version, and their checksum. Plain Python."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict


class Row(TypedDict):
    badge: str
    name: str
    unit: str
    post_type: str
    focus: str
    codes: list[str]  # the rules behind the case
    form: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    added: Sequence[str]  # badges
    removed: Sequence[Row]

    @property
    def is_empty(self) -> bool:
        return not self.added and not self.removed


def difference(before: Sequence[Row], now: Sequence[Row]) -> Difference:
    """Who came and who left. A row whose content changed is neither: the person stays."""
    old, new = {row["badge"] for row in before}, {row["badge"] for row in now}
    return Difference(
        added=[row["badge"] for row in now if row["badge"] not in old],
        removed=[row for row in before if row["badge"] not in new],
    )


def checksum(course: str, number: int, version: int, rows: Sequence[Row]) -> str:
    """SHA-256 over what the list says: whoever holds the file can say that it is this one."""
    said = {"course": course, "number": number, "version": version, "rows": list(rows)}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
