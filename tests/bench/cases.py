"""Opening and moving thousands of cases through `workflows.actions`, against the same written in SQL."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self
from uuid import UUID

from django.db import connection

from people.models import Account, RoleGrant, Unit
from people.roles import Role
from tests.bench import same, yardstick
from tests.bench.bureau import sql
from tests.bench.figures import Figure, paired
from training.kind import KIND
from training.models import TrainingCase
from workflows import actions, rows
from workflows import clock as clocks
from workflows.calendars import Clock
from workflows.history import Act
from workflows.models import Case, CaseReason

OPEN_LIMIT = 1.5
MOVE_LIMIT = 2.0
COMPARED = 2_000  # cases, row for row
HR = "bench-hr"

FILLED = (
    "workflows_case, training_trainingcase, workflows_casereason, workflows_transitionrecord, workflows_workitem, "
    "workflows_itemchange, workflows_outboxmessage, workflows_inboxentry"
)
# A reason as long as the reference pack's own.
REASON = {
    "title_zh": "基本称职：能力提升",
    "title_en": "Basically competent: training",
    "words_zh": "2025 年度考核为基本称职；五项指标中，信息采集率低于同岗位中位数最多（61.5，中位数 83.0）。",
    "words_en": "The annual result of 2025 is basically competent; of five indicators, 信息采集率 lies furthest below "
    "the median of the post type (61.5, median 83.0).",
    "basis": "《公务员考核规定》(2020) 第二十一条；《公务员平时考核办法（试行）》",
    "evidence": """[{"what": {"zh": "2025 年度", "en": "2025"}, "recorded_on": "2026-01-12",
        "content": {"zh": "基本称职", "en": "basically competent"}}, {"what": {"zh": "信息采集率", "en": "信息采集率"},
        "recorded_on": "2026-01-12", "content": {"zh": "61.5", "en": "61.5"}}]""",
}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """HR of the bureau, who opens and moves the cases at one moment."""

    actor: Account
    clock: Clock

    @classmethod
    def staffed(cls) -> Self:
        """A head for each unit, and HR at the root: the desks on which the work lands."""
        heads, hr = (Account.objects.create(username=name, password="!") for name in ("bench-heads", HR))
        for unit in Unit.objects.all():
            _grant(heads, Role.UNIT_HEAD, unit)
        _grant(hr, Role.HR, Unit.objects.get(parent=None))
        return cls(actor=hr, clock=clocks.now())

    def act(self, step: str) -> Act:
        return Act.of(step, actor=self.actor, at=self.clock.at)

    def open_by_hand(self) -> None:
        yardstick.open_cases(self.act("open"), self.clock)

    def review_by_hand(self, ids: Sequence[UUID]) -> None:
        yardstick.review(self.act("review"), self.clock, ids=rows.array(ids), officer=self.actor.officer_id)

    def review(self, ids: Sequence[UUID]) -> None:
        outcome = actions.advance(ids, TrainingCase.review, actor=self.actor, clock=self.clock)
        assert len(outcome.taken) == len(ids), outcome.refused


def _grant(account: Account, role: str, unit: Unit) -> None:
    RoleGrant.objects.create(
        account=account, role=role, unit=unit, path=unit.path, from_day="2020-01-01", granted_by=account
    )


@dataclass(frozen=True, kw_only=True)
class Scene:
    desk: Desk
    reasoned: bool = False

    @cached_property
    def openings(self) -> list[actions.Opening]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT key, slot, officer_id, unit_path, line_path, focus FROM bench_wanted")
            return [self._opening(*row) for row in cursor.fetchall()]

    def _opening(self, key: str, slot: str, officer: int, unit: str, line: str, focus: str) -> actions.Opening:
        title, fields = "能力提升班", {"form": "class", "focus": focus, "stage": 1}
        return actions.Opening(
            key=key,
            slot=slot,
            title=title,
            officer_id=officer,
            unit_path=unit,
            line_path=line,
            fields=fields,
            reasons=[reason(key)] if self.reasoned else (),
        )

    def ours(self) -> None:
        opened = actions.open_cases(self.openings, KIND, actor=self.desk.actor, clock=self.desk.clock)
        assert len(opened.cases) == len(self.openings), opened.refused

    def by_hand(self) -> None:
        yardstick.open_cases(self.desk.act("open"), self.desk.clock, reason=REASON if self.reasoned else None)


def reason(source: str) -> CaseReason:
    return CaseReason(source=source, code="P04", **REASON | {"evidence": json.loads(REASON["evidence"])})


def figures(cases: int, desk: Desk) -> Iterator[Figure]:
    plain, reasoned = Scene(desk=desk), Scene(desk=desk, reasoned=True)
    compare(min(cases, COMPARED), desk)
    want(cases)
    yield _opening(f"open {cases:,} cases", plain, limit=OPEN_LIMIT)
    yield _opening("the same, each with its reason", reasoned, limit=None)
    yield _moving(f"move {cases:,} cases one step", desk)
    clear()


def compare(cases: int, desk: Desk) -> None:
    """Both sides must write the same, row for row."""
    want(cases)
    for scene in (Scene(desk=desk), Scene(desk=desk, reasoned=True)):
        same.alike([scene.ours, scene.by_hand], before=clear)
    ids: list[UUID] = []
    same.alike([lambda: desk.review(ids), lambda: desk.review_by_hand(ids)], before=lambda: refill(ids, desk))


def want(cases: int) -> None:
    """The cases that are to be opened from now on."""
    with connection.cursor() as cursor:
        cursor.execute(yardstick.WANTED, REASON | {"cases": cases})


def _opening(name: str, scene: Scene, *, limit: float | None) -> Figure:
    assert scene.openings  # made before the watch runs
    return paired(name, scene.ours, scene.by_hand, limit=limit, before=clear)


def _moving(name: str, desk: Desk) -> Figure:
    ids: list[UUID] = []
    return paired(
        name,
        lambda: desk.review(ids),
        lambda: desk.review_by_hand(ids),
        limit=MOVE_LIMIT,
        before=lambda: refill(ids, desk),
    )


def refill(ids: list[UUID], desk: Desk) -> None:
    """What is wanted, opened anew by hand; its keys are put into `ids`."""
    clear()
    desk.open_by_hand()
    sql(f"VACUUM (ANALYZE) {FILLED}")
    ids[:] = Case.objects.order_by("id").values_list("id", flat=True)


def clear() -> None:
    """Take all cases away. The history lets only a database be emptied that calls itself one of tests."""
    sql("SET workflows.truncate = 'test database'")
    sql(f"TRUNCATE {FILLED} RESTART IDENTITY CASCADE")
