"""One case alone, with one client and with four, against the same statements sent by psycopg without Django."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from statistics import median, quantiles
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection

from people.queries import NEAR
from tests.bench import cases
from tests.bench.figures import ROUNDS, Figure
from training.models import TrainingCase
from workflows import moves, rows, statements, work_items
from workflows.history import link
from workflows.kinds import Duty
from workflows.models import OutboxMessage, TransitionRecord, WorkItem

CLIENTS = 4
ALONE_LIMIT = 1.5
TOGETHER_LIMIT = 5.0
WARM_UP = 20
CLIENT = (sys.executable, "-m", "tests.bench.client")


def figures(calls: int, desk: cases.Desk) -> Iterator[Figure]:
    """`calls` per client, in rounds; of each round the 95th percentile, and of these the middle."""
    each = calls // ROUNDS
    cases.want(2 * WARM_UP + 2 * ROUNDS * each + CLIENTS * (WARM_UP + ROUNDS * each))
    ids: list[UUID] = []
    cases.refill(ids, desk)
    waiting = iter(ids)
    connection.close()  # both begin with a fresh one: the server is slower on the one that made the data
    with psycopg.connect(**parameters()) as bare_connection:
        bare = Bare(bare_connection, desk)
        sides = {"asked": bare.review, "taken": lambda case: desk.review([case])}
        for call in sides.values():
            timed(call, [next(waiting) for _ in range(WARM_UP)])
        rounds = [_in_turn(sides, waiting, each) for _round in range(ROUNDS)]
    asked, taken = (median(p95(one[side]) for one in rounds) for side in sides)
    yield Figure(name="one case alone, p95", seconds=taken, yardstick_seconds=asked, limit=ALONE_LIMIT)
    together = median(map(p95, _together(waiting, each)))
    name = f"one case, {CLIENTS} clients, p95"
    yield Figure(name=name, seconds=together, yardstick_seconds=asked, limit=TOGETHER_LIMIT)


def p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20)[-1]


def timed(call: Callable[[UUID], object], ids: Sequence[UUID]) -> list[float]:
    seconds = []
    for case in ids:
        start = time.perf_counter()
        call(case)
        seconds.append(time.perf_counter() - start)
    return seconds


def _in_turn(sides: dict[str, Callable[[UUID], object]], waiting: Iterator[UUID], each: int) -> dict[str, list[float]]:
    """Call by call in turn, so that whatever else the machine does meets both."""
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    for _call in range(each):
        for side, call in sides.items():
            seconds[side] += timed(call, [next(waiting)])
    return seconds


def _together(waiting: Iterator[UUID], each: int) -> list[list[float]]:
    """Rounds of processes that start at one word, each with cases of its own."""
    own = WARM_UP + ROUNDS * each
    with ExitStack() as stack:
        clients = [
            stack.enter_context(
                subprocess.Popen([*CLIENT, str(each)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(CLIENTS)
        ]
        for client in clients:
            _tell(client, json.dumps([str(next(waiting)) for _ in range(own)]))
        for client in clients:
            _hear(client)  # ready
        rounds = []
        for _round in range(ROUNDS):
            for client in clients:
                _tell(client, "go")
            rounds.append([second for client in clients for second in json.loads(_hear(client))])
        return rounds


def _tell(client: "subprocess.Popen[str]", line: str) -> None:
    assert client.stdin
    client.stdin.write(f"{line}\n")
    client.stdin.flush()


def _hear(client: "subprocess.Popen[str]") -> str:
    assert client.stdout
    line = client.stdout.readline()
    assert line, "a client has died"
    return line


def parameters() -> dict[str, str]:
    """How Django reaches the database, for a connection without it; nothing prepared, as with Django."""
    return {
        key: value
        for key, value in connection.get_connection_params().items()
        if key in ("dbname", "user", "host", "port", "password")
    } | {"prepare_threshold": None}


class Bare:
    """What `advance` sends for one case, sent by psycopg. What Python must work out between is worked out here too."""

    def __init__(self, bare: "psycopg.Connection[tuple[object, ...]]", desk: cases.Desk) -> None:
        self._connection = bare
        self._desk = desk
        self._duty: Duty = cases.KIND.duties[TrainingCase.State.UNDER_REVIEW]
        names, self._lock = rows._lock_of(TrainingCase)
        self._places = [names.index(name) for name in ("id", "head", "version", "unit_path", "line_path")]

    def review(self, case: UUID) -> None:
        with psycopg.ClientCursor(self._connection) as text, self._connection.cursor(binary=True) as cursor:
            cursor.execute(self._lock, [f"{{{case}}}"])
            row = cursor.fetchone()
            assert row
            self._write(cursor, text, *(row[place] for place in self._places))
        self._connection.commit()

    def _write(self, cursor, text, case, head, version, unit_path, line_path) -> None:  # type: ignore[no-untyped-def]
        act, clock = self._desk.act("review"), self._desk.clock
        digest = link(head, act, case.bytes, version + 1, source="flagged", target="under_review")
        paths = {line_path, *(unit_path[: n + 1] for n, letter in enumerate(unit_path) if letter == "/")}
        roles = ["hr", "unit_head", "officer", "training_unit"]
        text.execute(NEAR, {"roles": roles, "paths": [*paths], "day": clock.day, "zone": settings.TIME_ZONE})
        held = text.fetchall()
        desk = max((path for role, path in held if role == "unit_head" and line_path.startswith(path)), key=len)
        values = {"at": act.at, "actor": act.actor_id, "ids": f"{{{case}}}", "targets": "{under_review}"}
        cursor.execute(statements.OPEN_DOOR)
        cursor.execute(
            statements.MOVE,
            values | {"heads": f"{{{digest.hex()}}}", "states": ["under_review"], "outcomes": [""]},
        )
        cursor.execute(statements.SETTLE, values)
        said = (act.actor_id, "", act.inputs, None, act.at, None)
        record = (case.bytes, version + 1, "review", "flagged", "under_review", *said, digest)
        dates = work_items.dated(clock, self._duty.due, self._duty.remind)
        times = (*dates, clock.calendar.version or None)
        item = (case.bytes, "training", "under_review", act.at, "unit_head", desk, None, *times)
        at = act.at
        told = (case.bytes, version + 1, "training.review", "unit_head", desk, None, at, at, work_items.NO_PAYLOAD)
        _copy(cursor, TransitionRecord, moves.RECORD, record)
        _copy(cursor, WorkItem, work_items.ITEM, item)
        _copy(cursor, OutboxMessage, work_items.MESSAGE, told)
        cursor.execute(statements.SHUT_DOOR)


def _copy(cursor, model, names, record) -> None:  # type: ignore[no-untyped-def]
    statement, types = rows._copy_of(model, names)
    with cursor.copy(statement) as pipe:
        pipe.set_types(types)
        pipe.write_row(record)
