"""What a birth and a step write: the case, its record, the duties of the state entered, the messages, the reasons."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from workflows import rows, statements
from workflows.calendars import Clock
from workflows.history import Act
from workflows.kinds import Kind
from workflows.models import CaseReason, OutboxMessage, TransitionRecord, WorkItem
from workflows.work_items import ITEM, MESSAGE, Move, Router, items, messages


def write_births(cursor: CursorWrapper, kind: Kind, births: Sequence[Move], at: datetime) -> set[UUID]:
    """Insert the cases whose key and slot are free; return which they were."""
    cases = [birth.case for birth in births]
    values: dict[str, Any] = {
        "at": at,
        "kind": kind.name,
        "kind_version": kind.version,
        "initial": str(kind.initial),
        "ids": rows.array(birth.key.hex() for birth in births),
        "keys": rows.text_array(case.key for case in cases),
        "slots": rows.text_array(case.slot for case in cases),
        "titles": rows.text_array(case.title for case in cases),
        "heads": rows.array(birth.hash.hex() for birth in births),
        "officers": rows.array(case.__dict__["officer_id"] or "NULL" for case in cases),
        "units": rows.array(case.__dict__["unit_id"] or "NULL" for case in cases),
        "unit_paths": rows.text_array(case.unit_path for case in cases),
        "line_paths": rows.text_array(case.line_path for case in cases),
    }
    cursor.execute(statements.BEAR, values)
    return {case for (case,) in cursor.fetchall()}


def write_moves(
    cursor: CursorWrapper, kind: Kind, moves: Sequence[Move], act: Act, router: Router, clock: Clock
) -> None:
    states = sorted({move.target for move in moves})
    ids = rows.array(move.key.hex() for move in moves)
    staying = {move.case.id for move in moves if move.source == move.target}
    values: dict[str, Any] = {
        "at": act.at,
        "actor": act.actor_id,
        "ids": ids,
        "targets": rows.array(move.target for move in moves),
        "heads": rows.array(move.hash.hex() for move in moves),
        "states": states,
        "outcomes": [kind.outcomes.get(state, "") for state in states],
    }
    cursor.execute(statements.MOVE, values)
    if staying:
        values["ids"] = rows.array(move.case.id for move in moves if move.case.id not in staying)
    cursor.execute(statements.SETTLE, values)
    write_entries(cursor, kind, moves, act, router, clock)


RECORD = (
    "case",
    "number",
    "step",
    "source",
    "target",
    "actor",
    "note",
    "inputs",
    "request_key",
    "at",
    "on_behalf_of",
    "hash",
)


def write_entries(
    cursor: CursorWrapper, kind: Kind, moves: Sequence[Move], act: Act, router: Router, clock: Clock
) -> None:
    """What follows a birth as it follows a step. A step that keeps the state lays no new duty and tells nobody."""
    key = act.request_key and act.request_key.bytes
    said = (act.actor_id, act.note, act.inputs, key, act.at, act.on_behalf_of_id)
    entered = [move for move in moves if move.source != move.target]
    records = ((m.key, m.number, act.step, m.source, m.target, *said, m.hash) for m in moves)
    with rows.without_queries():  # the rows are made while the server writes those before
        rows.copy(cursor, TransitionRecord, RECORD, records)
        rows.copy(cursor, WorkItem, ITEM, items(kind, entered, router, clock))
        rows.copy(cursor, OutboxMessage, MESSAGE, messages(kind, entered, router, clock))


encode = json.JSONEncoder(ensure_ascii=False).encode
REASON = ("source", "code", "title_zh", "title_en", "words_zh", "words_en", "basis")


def write_reasons(cursor: CursorWrapper, reasons: Iterable[tuple[UUID, Sequence[CaseReason]]], at: datetime) -> None:
    given = [(case, reason) for case, several in reasons for reason in several]
    if not given:
        return
    values = {name: rows.text_array(getattr(reason, name) for _, reason in given) for name in REASON}
    values["evidence"] = rows.text_array(encode(reason.evidence) for _, reason in given)
    cursor.execute(statements.ADD_REASONS, {"at": at, "cases": rows.array(case for case, _ in given), **values})
