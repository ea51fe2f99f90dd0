"""Whether the history is what was written: every chain is counted again, and compared with anchors kept elsewhere.

A chain shows a changed record and a missing tail. Who rewrites a chain from its first record on can hide that from the
chain, but not from an anchor: a digest over the heads of all cases, kept outside the database. A new anchor is made
only while the last one holds, so the newest vouches for all before it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from workflows import history
from workflows.models import Case, TransitionRecord

AT_ONCE = 5_000
NOTHING_BEFORE = "0" * 64

# No step is in flight while this lock is held: of the records up to the highest number none can still turn up.
WAIT_FOR_STEPS = "LOCK TABLE workflows_transitionrecord IN SHARE MODE"
LAST_RECORD = "SELECT coalesce(max(id), 0) FROM workflows_transitionrecord"
# The head that each case had when the record `last` was the newest of all.
HEADS = """
SELECT DISTINCT ON (case_id) case_id, number, hash FROM workflows_transitionrecord
WHERE id <= %(last)s ORDER BY case_id, number DESC
"""


class AnchorBroken(Exception):
    """The history up to an anchor is not what it was when the anchor was made, or the file of anchors was changed."""


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """All heads of one moment in a few words. `last` is the newest record of then; `before` chains the anchors."""

    at: str
    last: int
    cases: int
    digest: str
    before: str

    @property
    def line(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def identity(self) -> str:
        return hashlib.sha256(self.line.encode()).hexdigest()


def broken_chains() -> Iterator[UUID]:
    """Cases whose records were changed or lack their end. One statement each, so that no step comes in between."""
    records = TransitionRecord.objects.annotate(head=F("case__head")).order_by("case_id", "number")
    for case, chain in groupby(records.iterator(AT_ONCE), key=attrgetter("case_id")):
        rows = list(chain)
        if not history.holds(case, rows, rows[0].head):
            yield case
    yield from Case.objects.filter(records=None).values_list("pk", flat=True)


def anchors_file() -> Path:
    return Path(settings.ANCHORS) / "history.jsonl"


def read_anchors(file: Path) -> list[Anchor]:
    """The anchors of a file, oldest first. A line that was changed, or taken out, breaks their chain."""
    if not file.exists():
        return []
    try:
        anchors = [Anchor(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]
    except (ValueError, TypeError) as error:
        raise AnchorBroken(f"{file}: {error}") from error
    before = NOTHING_BEFORE
    for number, anchor in enumerate(anchors, start=1):
        if anchor.before != before:
            raise AnchorBroken(f"{file}: line {number} does not follow the line before it")
        before = anchor.identity
    return anchors


def check(anchor: Anchor) -> None:
    cases, digest = _heads(anchor.last)
    if (cases, digest) != (anchor.cases, anchor.digest):
        raise AnchorBroken(f"the history up to {anchor.at} was rewritten: {cases} cases, {anchor.cases} were anchored")


def rewritten() -> str:
    """What the newest anchor of this product shows, which vouches for all before it; nothing where all holds."""
    try:
        for anchor in read_anchors(anchors_file())[-1:]:
            check(anchor)
    except AnchorBroken as broken:
        return str(broken)
    return ""


def anchor_now(at: datetime, file: Path) -> Anchor:
    """Add an anchor to the file, if the last one of it holds."""
    anchors = read_anchors(file)
    if anchors:
        check(anchors[-1])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WAIT_FOR_STEPS)
        cursor.execute(LAST_RECORD)
        (last,) = cursor.fetchone()
    cases, digest = _heads(last)
    before = anchors[-1].identity if anchors else NOTHING_BEFORE
    anchor = Anchor(at=at.isoformat(), last=last, cases=cases, digest=digest, before=before)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        lines.write(anchor.line + "\n")
    return anchor


def _heads(last: int) -> tuple[int, str]:
    cases, digest = 0, hashlib.sha256()
    with connection.chunked_cursor() as cursor:
        cursor.execute(HEADS, {"last": last})
        while rows := cursor.fetchmany(AT_ONCE):
            for case, number, head in rows:
                digest.update(case.bytes + number.to_bytes(4) + bytes(head))
            cases += len(rows)
    return cases, digest.hexdigest()
