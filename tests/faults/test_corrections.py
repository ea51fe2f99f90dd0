"""Results that are corrected, decisions that follow, cases that open and are taken back: in any order, as modelled."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from appraisal.actions.results import Said, correct_result
from appraisal.models import Cycle, Result, SchemeWeight
from linkage import evaluation, opening, queries
from linkage.invariants import breaches as of_linkage
from linkage.models import Decision
from linkage.withdrawal import withdraw
from people.models import Account, Officer, Posting, RoleGrant, Unit
from people.refusals import Clash
from tests.bench.bureau import SCHEMES
from workflows.calendars import Calendar, Clock
from workflows.invariants import breaches as of_engine
from workflows.models import Case, TransitionRecord

pytestmark = [pytest.mark.faults, pytest.mark.slow]

OFFICERS = 3
# What the reference policy makes of one annual grade alone: rules P01, P04 and P05.
FOLLOWS = {"优秀": "reward", "称职": None, "基本称职": "training", "不称职": "post_adjustment"}

GRADES = st.lists(st.sampled_from(sorted(FOLLOWS)), min_size=OFFICERS, max_size=OFFICERS)


class Corrections(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.block = transaction.atomic()
        self.block.__enter__()
        self.unit = Unit.objects.create(code="B00", name="市局", path="/B00/", kind="市局")
        self.hr = Account.objects.create(username=uuid4().hex)
        for role in ("hr", "system"):
            RoleGrant.objects.create(
                account=self.hr, role=role, path="/", from_day=date(2020, 1, 1), granted_by=self.hr
            )
        self.cycle = Cycle.objects.create(
            code="2025", kind="annual", state="final", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
        )
        self.officers = [self.officer(number) for number in range(OFFICERS)]
        for name, indicators in SCHEMES.items():
            for place, indicator in enumerate(indicators):
                SchemeWeight.objects.create(applies_to=name, indicator=indicator, weight=1, position=place)
        self.day = date(2026, 1, 20)
        self.grades = ["称职"] * OFFICERS
        self.decided = [None] * OFFICERS  # what the latest run says
        self.going_on = [set() for _ in range(OFFICERS)]  # kinds of the open cases of each
        self.opened = self.taken_back = 0

    def officer(self, number):
        officer = Officer.objects.create(
            badge=str(2200001 + number),
            name="n",
            born_on=date(1990, 1, 1),
            joined_on=date(2012, 1, 1),
            unit=self.unit,
            post_type="内勤",
            employment="在编",
        )
        Posting.objects.create(officer=officer, unit=self.unit, post_type="内勤", from_day=date(2015, 1, 1))
        said = {"status": "graded", "grade": "称职", "score": 75.0, "recorded_on": date(2026, 1, 12)}
        Result.objects.create(cycle=self.cycle, officer=officer, recorded_by=self.hr, **said)
        return officer

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @property
    def clock(self):
        at = datetime(self.day.year, self.day.month, self.day.day, 9, tzinfo=UTC)
        return Clock(at=at, calendar=Calendar(years=range(2020, 2040)))

    @rule(grades=GRADES)
    def correct(self, grades):
        self.say(grades)

    @rule(grades=GRADES, takes_back=st.booleans())
    def correct_and_decide(self, grades, takes_back):
        self.say(grades)
        self.decide_and_open(1, takes_back)

    def say(self, grades):
        """What is the same already cannot be corrected."""
        for number, grade in enumerate(grades):
            said = Said(status="graded", grade=grade, score=75.0)
            given = {"cycle": self.cycle, "subject": self.officers[number], "said": said, "reason": "更正"}
            if grade == self.grades[number]:
                with pytest.raises(Clash):
                    correct_result(actor=self.hr, clock=self.clock, **given)
            else:
                correct_result(actor=self.hr, clock=self.clock, **given)
                self.grades[number] = grade

    @rule(days=st.integers(0, 2), takes_back=st.booleans())
    def decide(self, days, takes_back):
        self.decide_and_open(days, takes_back)

    def decide_and_open(self, days, takes_back):
        """The same day once more, or later; and what no longer holds is taken back at once, later or never."""
        self.day += timedelta(days=days)
        run = evaluation.evaluate(self.cycle, as_of=self.day, actor=self.hr)
        opened = opening.open_run(run, actor=self.hr, clock=self.clock).cases.total()
        self.decided = [FOLLOWS[grade] for grade in self.grades]
        new = [n for n, kind in enumerate(self.decided) if kind and kind not in self.going_on[n]]
        for number in new:
            self.going_on[number].add(self.decided[number])
        assert opened == len(new)
        self.opened += len(new)
        if takes_back:
            self.take_back_what_no_longer_holds()

    @rule()
    def take_back_what_no_longer_holds(self):
        proposed = list(queries.withdrawals(self.cycle))
        for decision in proposed:
            withdraw(decision, actor=self.hr, note="结果已更正")
        gone = [(n, kind) for n, kinds in enumerate(self.going_on) for kind in kinds if kind != self.decided[n]]
        for number, kind in gone:
            self.going_on[number].remove(kind)
        assert len(proposed) == len(gone)
        self.taken_back += len(gone)

    @invariant()
    def what_goes_on_is_as_in_the_model(self):
        open_cases = Counter(Case.objects.filter(closed_at=None).values_list("officer", "kind"))
        expected = {(self.officers[n].pk, kind): 1 for n, kinds in enumerate(self.going_on) for kind in kinds}
        assert open_cases == expected

    @invariant()
    def nothing_of_the_past_is_gone(self):
        assert Case.objects.count() == self.opened
        assert TransitionRecord.objects.count() == self.opened + self.taken_back
        assert Decision.objects.filter(status="withdrawn").count() == self.taken_back

    @invariant()
    def the_invariants_hold(self):
        assert [*of_engine(), *of_linkage()] == []


@pytest.mark.django_db
def test_what_was_taken_back_long_ago_opens_anew_when_it_is_decided_again():
    """Found by the machine below: the case that had ended was taken for the one to open."""
    life = Corrections()
    Corrections.begin(life)
    life.correct_and_decide(["优秀"] * OFFICERS, takes_back=True)
    life.correct_and_decide(["称职"] * OFFICERS, takes_back=True)
    life.decide_and_open(1, takes_back=False)  # a run that says nothing of them
    life.correct_and_decide(["优秀"] * OFFICERS, takes_back=True)
    life.what_goes_on_is_as_in_the_model()
    assert Case.objects.filter(closed_at=None).count() == OFFICERS
    life.teardown()


@pytest.mark.django_db(transaction=True)
def test_no_sequence_of_corrections_leads_away_from_the_model(request):
    run_state_machine_as_test(
        Corrections,
        settings=settings(
            max_examples=100 if request.config.getoption("--faults") else 5,
            stateful_step_count=16,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    connection.close()
