"""Whole lives of cases, in any order of what can happen to them, against a model that counts days on its fingers."""

from collections import Counter
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Q
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from people.accounts import machine
from people.models import Account, Officer, RoleGrant, Unit
from tests.errand.kind import KIND
from tests.errand.models import Errand
from workflows import actions, claims, deadlines, invariants, ledger
from workflows.calendars import Calendar, Clock, local_day
from workflows.models import Notice, OutboxMessage, TransitionRecord, WorkItem

pytestmark = [pytest.mark.faults, pytest.mark.slow]

CALENDAR = Calendar(years=range(2020, 2040))  # only weekends are free
FRIDAY = date(2026, 11, 20)
ONE_DAY = timedelta(days=1)
# state: days of its duty, whether working ones, days until the reminder before it is due, who has to act
DUTIES = {"asked": (5, True, 3), "accepted": (10, True, 7), "planned": (2, False, None), "held": (30, False, None)}
STEPS = {  # step: sources, target (none: the state stays), inputs
    "accept": ({"asked"}, "accepted", {}),
    "plan": ({"accepted"}, "planned", {"place": "p", "days": 2}),
    "replan": ({"planned"}, "accepted", {}),
    "remark": ({"accepted", "planned"}, None, {"text": "t"}),
    "hold": ({"accepted", "planned"}, "held", {}),
    "release": ({"held"}, "back", {}),
    "finish": ({"planned"}, "done", {}),
}
AT_DESK = {"asked", "held"}  # whose duty lies on the desk of HR
BEFORE, ON_THE_DAY, AFTER = 1, 2, 3


@dataclass
class Span:
    """A number of days, counted one by one as they come."""

    left: int
    working: bool
    last: date | None = None

    def arrive(self, day):
        if self.left and (not self.working or day.weekday() < 5):
            self.left -= 1
            self.last = day if not self.left else None

    def go_on(self, stopped, day):
        """A clock that stood still at the end of the last day has its last day now."""
        if self.last == stopped != day:
            self.last = day


@dataclass
class Work:
    """One duty as the model sees it."""

    due: Span
    reminder: Span | None
    stopped: date | None = None
    said: int = 0
    escalated: bool = False
    holder: Account | None = None  # who of the desk has taken it on

    @classmethod
    def of(cls, state):
        if state not in DUTIES:
            return None
        days, working, remind = DUTIES[state]
        return cls(Span(days, working), remind and Span(remind, True))

    def spans(self):
        return [span for span in (self.due, self.reminder) if span]

    def reached(self, today):
        """The highest reminder whose moment has come; a round goes at five in the afternoon."""
        last, remind = self.due.last, self.reminder and self.reminder.last
        levels = [BEFORE] if remind and remind <= today and not (last and remind > last) else []
        if last and last <= today:
            levels.append(ON_THE_DAY if last == today else AFTER)
        return max(levels, default=0)


@dataclass
class Life:
    """A case as the model sees it."""

    key: str
    state: str = "asked"
    version: int = 1
    back_to: str = ""
    work: Work | None = None


class Lives(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.block = transaction.atomic()
        self.block.__enter__()
        self.unit = Unit.objects.create(code="B00", name="市局", path="/B00/", kind="市局")
        self.hr = self.account("hr", "system")
        self.colleague = self.account("hr")
        self.account("leader")
        self.stand_in = copy(self.hr)  # as `people.stand_ins.in_place` makes it
        self.stand_in.deputy = self.account()
        machine("clock")
        self.officer = Officer.objects.create(
            badge="1", name="n", born_on=date(1990, 1, 1), joined_on=date(2012, 1, 1), unit=self.unit
        )
        self.today, self.lives, self.told, self.lent = FRIDAY, {}, Counter(), 0

    def account(self, *roles):
        account = Account.objects.create(username=uuid4().hex)
        for role in roles:
            RoleGrant.objects.create(
                account=account, role=role, path="/", from_day=date(2020, 1, 1), granted_by=account
            )
        return account

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @property
    def clock(self):
        return Clock(at=datetime(self.today.year, self.today.month, self.today.day, 9, tzinfo=UTC), calendar=CALENDAR)

    def chosen(self, picks):
        ids = list(self.lives)
        return {ids[pick % len(ids)] for pick in picks}

    @rule(first=st.integers(0, 9), count=st.integers(1, 4))
    def open(self, first, count):
        keys = [f"k{n}" for n in range(first, first + count)]
        said = {"title": "t", "unit_path": "/B00/", "line_path": "/B00/", "officer_id": self.officer.pk}
        news = [actions.Opening(key=key, fields={"purpose": "r"}, **said) for key in keys]
        born = actions.open_cases(news, KIND, actor=self.hr, clock=self.clock).by_key
        assert set(born) == set(keys) - {life.key for life in self.lives.values()}
        self.lives |= {case: Life(key, work=Work.of("asked")) for key, case in born.items()}

    @precondition(lambda self: self.lives)
    @rule(
        step=st.sampled_from(sorted(STEPS)),
        picks=st.sets(st.integers(0, 99), min_size=1, max_size=6),
        lent=st.booleans(),
    )
    def step(self, step, picks, lent):
        """One case or several, by HR or by who stands in for it."""
        chosen, (sources, target, inputs) = self.chosen(picks), STEPS[step]
        outcome = actions.advance(
            chosen,
            getattr(Errand, step),
            actor=self.stand_in if lent else self.hr,
            clock=self.clock,
            inputs=inputs,
            seen={case: self.lives[case].version for case in chosen},
            request_key=uuid4(),
        )
        assert set(outcome.taken) == {case for case in chosen if self.lives[case].state in sources}
        self.lent += len(outcome.taken) if lent else 0
        for case in outcome.taken:
            self.moved(self.lives[case], step, target)

    def moved(self, life, step, target):
        life.version += 1
        if step == "hold":
            life.back_to = life.state
        if target:
            life.state = life.back_to if target == "back" else target
            life.work = Work.of(life.state)

    @precondition(lambda self: self.lives)
    @rule(picks=st.sets(st.integers(0, 99), min_size=1, max_size=6))
    def pause(self, picks):
        chosen = self.chosen(picks)
        ledger.pause(chosen, actor=self.hr, clock=self.clock, note="休假")
        for work in self.works(chosen):
            work.stopped = work.stopped or self.today

    @precondition(lambda self: self.lives)
    @rule(picks=st.sets(st.integers(0, 99), min_size=1, max_size=6))
    def resume(self, picks):
        chosen = self.chosen(picks)
        ledger.resume(chosen, actor=self.hr, clock=self.clock, note="回岗")
        for work in self.works(chosen):
            if work.stopped:
                for span in work.spans():
                    span.go_on(work.stopped, self.today)
                work.stopped = None

    @precondition(lambda self: self.lives)
    @rule(picks=st.sets(st.integers(0, 99), min_size=1, max_size=6), other=st.booleans(), takes=st.booleans())
    def claim_or_release(self, picks, other, takes):
        """One of the two who sit at the desk of HR takes work on, or puts it back."""
        chosen, actor = self.chosen(picks), self.colleague if other else self.hr
        act = claims.claim if takes else claims.release
        with patch("workflows.clock.now", lambda: self.clock):
            done = act(Q(case__in=chosen), actor=actor).done
        at_desk = [self.lives[case].work for case in chosen if self.lives[case].state in AT_DESK]
        may = [work for work in at_desk if work.holder == actor or (takes and work.holder is None)]
        assert len(done) == len(may)
        for work in may:
            work.holder = actor if takes else None

    def works(self, chosen):
        return [self.lives[case].work for case in chosen if self.lives[case].work]

    @rule(days=st.integers(1, 12), looks=st.booleans())
    def time_passes(self, days, looks):
        """Some days later; with or without the clock looking at the end of them, as when nothing ran for a week."""
        for _ in range(days):
            self.today += ONE_DAY
            for work in self.works(self.lives):
                for span in work.spans() if not work.stopped else ():
                    span.arrive(self.today)
        if looks:
            self.sweep()

    @rule()
    def sweep(self):
        """Told twice in a row, the clock says nothing more."""
        deadlines.sweep(self.clock)
        for life in self.lives.values():
            if life.work and not life.work.stopped:
                self.looked_at(life)
        assert deadlines.sweep(self.clock).nothing

    def looked_at(self, life):
        work, reached = life.work, life.work.reached(self.today)
        if reached == AFTER and life.state == "asked":
            life.state, life.version, life.work = "lapsed", life.version + 1, None
            return
        self.told["reminder"] += reached > work.said
        work.said = max(work.said, reached)
        self.told["escalation"] += reached == AFTER and not work.escalated
        work.escalated |= reached == AFTER

    @invariant()
    def cases_and_history_are_as_in_the_model(self):
        found = {row[0]: row[1:] for row in Errand.objects.values_list("pk", "key", "state", "version")}
        assert found == {case: (life.key, life.state, life.version) for case, life in self.lives.items()}
        assert TransitionRecord.objects.count() == sum(life.version for life in self.lives.values())
        assert TransitionRecord.objects.exclude(on_behalf_of=None).count() == self.lent

    @invariant()
    def work_is_as_in_the_model(self):
        open_items = {item.case_id: item for item in WorkItem.objects.filter(closed_at=None)}
        assert open_items.keys() == {case for case, life in self.lives.items() if life.work}
        for case, item in open_items.items():
            work = self.lives[case].work
            assert (item.paused_at is not None, item.reminded) == (work.stopped is not None, work.said)
            assert item.claimed_by_id == (work.holder and work.holder.pk)
            if not work.stopped:
                assert local_day(item.due_at) == self.last_day(work)

    def last_day(self, work):
        span, day = replace(work.due), self.today
        while span.last is None:
            day += ONE_DAY
            span.arrive(day)
        return span.last

    @invariant()
    def what_was_told_is_as_in_the_model(self):
        told = Counter(OutboxMessage.objects.exclude(cause="step").values_list("cause", flat=True))
        assert told == +self.told
        assert Notice.objects.filter(spoken=True).count() == self.told.total()

    @invariant()
    def the_invariants_hold(self):
        assert list(invariants.breaches()) == []


@pytest.mark.django_db(transaction=True)
def test_no_sequence_of_events_leads_away_from_the_model(request, monkeypatch):
    monkeypatch.setattr("workflows.clock.fresh", lambda: CALENDAR)
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=300 if request.config.getoption("--faults") else 15,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # to make a failing sequence shorter takes minutes
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    connection.close()
