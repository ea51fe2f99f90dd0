"""Random steps on random sets against a model in plain Python: the database and the model never part."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from people.models import Account, Officer, RoleGrant, Unit
from tests.errand.kind import KIND
from tests.errand.models import Errand
from workflows import actions, invariants
from workflows.calendars import Calendar, Clock
from workflows.models import OutboxMessage, TransitionRecord, WorkItem

CLOCK = Clock(at=datetime(2026, 11, 20, 9, tzinfo=UTC), calendar=Calendar(years=range(2020, 2040)))
OPEN = {"asked", "accepted", "planned", "held"}
EDGES = {  # step: sources, target (none: the state stays), needs a place
    "accept": ({"asked"}, "accepted", False),
    "plan": ({"accepted"}, "planned", False),
    "replan": ({"planned"}, "accepted", False),
    "remark": ({"accepted", "planned"}, None, False),
    "hold": ({"accepted", "planned"}, "held", False),
    "release": ({"held"}, "back", False),
    "finish": ({"accepted", "planned"}, "done", True),
    "lapse": ({"asked"}, "lapsed", False),
}
INPUTS = {"plan": {"place": "p", "days": 1}, "remark": {"text": "t"}}
TOLD = {"asked": 1, "accepted": 1, "planned": 2, "done": 2}


class Bureau(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.block = transaction.atomic()
        self.block.__enter__()
        self.actor = Account.objects.create(username=uuid4().hex)
        for role in ("hr", "system"):
            RoleGrant.objects.create(
                account=self.actor, role=role, path="/", from_day=date(2020, 1, 1), granted_by=self.actor
            )
        unit = Unit.objects.create(code="B00", name="市局", path="/B00/", kind="市局")
        self.officer = Officer.objects.create(
            badge="1", name="n", born_on=date(1990, 1, 1), joined_on=date(2012, 1, 1), unit=unit
        )
        self.model, self.ids = {}, []

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @rule(first=st.integers(0, 9), count=st.integers(1, 5))
    def open(self, first, count):
        keys = [f"k{i}" for i in range(first, first + count)]
        news = [
            actions.Opening(
                key=key,
                title="t",
                unit_path="/B00/",
                line_path="/B00/",
                officer_id=self.officer.pk,
                fields={"purpose": "r"},
            )
            for key in keys
        ]
        born = actions.open_cases(news, KIND, actor=self.actor, clock=CLOCK).by_key
        assert set(born) == set(keys) - {case["key"] for case in self.model.values()}
        for key, case in born.items():
            self.model[case] = {"key": key, "state": "asked", "version": 1, "place": "", "back_to": "", "told": 1}
        self.ids += born.values()

    @precondition(lambda self: self.ids)
    @rule(step=st.sampled_from(sorted(EDGES)), picks=st.sets(st.integers(0, 99), max_size=6), stale=st.booleans())
    def advance(self, step, picks, stale):
        chosen = {self.ids[i % len(self.ids)] for i in picks}
        sources, target, needs_place = EDGES[step]
        seen = {case: self.model[case]["version"] - stale for case in chosen}
        said = {"inputs": INPUTS.get(step, {}), "seen": seen, "request_key": uuid4(), "clock": CLOCK}
        outcome = actions.advance(chosen, getattr(Errand, step), actor=self.actor, **said)
        can = {c for c in chosen if self.model[c]["state"] in sources and (self.model[c]["place"] or not needs_place)}
        assert set(outcome.taken) == (set() if stale else can)
        assert set(outcome.refused) == chosen - set(outcome.taken)
        for case in outcome.taken:
            self.model[case] = self.after(self.model[case], step, target)

    def after(self, case, step, target):
        new = {**case, "version": case["version"] + 1}
        if step == "plan":
            new["place"] = "p"
        if step == "hold":
            new["back_to"] = case["state"]
        if target:
            new["state"] = case["back_to"] if target == "back" else target
            new["told"] += TOLD.get(new["state"], 0)
        return new

    @invariant()
    def the_database_says_the_same(self):
        cases = {
            row.pop("pk"): row for row in Errand.objects.values("pk", "key", "state", "version", "place", "back_to")
        }
        assert cases == {pk: {k: v for k, v in case.items() if k != "told"} for pk, case in self.model.items()}
        assert TransitionRecord.objects.count() == sum(case["version"] for case in self.model.values())
        assert OutboxMessage.objects.count() == sum(case["told"] for case in self.model.values())
        waiting = dict(WorkItem.objects.filter(closed_at=None).values_list("case_id", "duty"))
        assert waiting == {pk: case["state"] for pk, case in self.model.items() if case["state"] in OPEN}
        assert list(invariants.breaches()) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_engine_and_its_model_never_part():
    run_state_machine_as_test(
        Bureau,
        settings=settings(
            max_examples=30,
            stateful_step_count=15,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    connection.close()
