"""Whole lives of cases, from the result that is corrected to the step that ends them, in any order of what can happen.

One machine: cases opened by hand and by decision, steps, pauses, stand-ins, claims, the clock, corrected results, new
decisions and what is taken back. Beside it a bureau on paper, which must agree after each of them.
"""

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Q
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from appraisal.actions.results import Said, correct_result
from appraisal.models import Cycle, Result
from linkage import evaluation, lifecycle, opening, queries
from linkage.invariants import breaches as of_linkage
from linkage.models import Decision
from linkage.withdrawal import withdraw
from people.accounts import machine
from people.actions import end_stand_in, set_stand_in
from people.models import Account, Officer, Posting, RoleGrant, Unit
from people.refusals import Clash
from tests.errand.kind import KIND
from tests.errand.models import Errand
from tests.faults.on_paper import AFTER, ONE_DAY, POLICY, STEPS, Life, Register
from workflows import actions, capacity, claims, deadlines, ledger, standing
from workflows.calendars import Calendar, Clock, local_day
from workflows.invariants import breaches as of_engine
from workflows.models import CaseReason, ItemChange, Notice, OutboxMessage, TransitionRecord, WorkItem

pytestmark = [pytest.mark.faults, pytest.mark.slow]

CALENDAR = Calendar(years=range(2020, 2040))  # only weekends are free
FRIDAY = date(2026, 11, 20)
LENT = {"accept", "plan", "replan", "remark", "finish"}  # what HR may take; the others are the machines'
AT_DESK = {"asked", "held"}  # whose duty lies on the desk of HR
BEGUN = [("优秀", 50), ("称职", 50), ("称职", 75)]  # results: of the first, two decisions and one case
PICKS = st.sets(st.integers(0, 99), min_size=1, max_size=6)
STEP = {"picks": PICKS, "pick": st.integers(0, 99), "stray": st.sampled_from([None, None, *STEPS])}
# All that can happen, and with what. One rule draws from it: of several Hypothesis leaves out half in each example.
EVENTS = {
    "open": {"first": st.integers(0, 9), "count": st.integers(1, 4)},
    "step": STEP,
    "step_in_place": STEP,
    "delegate": {"days": st.integers(0, 9)},
    "pause": {"picks": PICKS},
    "resume": {"picks": PICKS},
    "claim_or_release": {"picks": PICKS, "other": st.booleans(), "takes": st.booleans()},
    "time_passes": {"days": st.integers(1, 12), "looks": st.booleans()},
    "sweep": {},
    "correct": {
        "officer": st.integers(0, len(BEGUN) - 1),
        "grade": st.sampled_from(["优秀", "称职", "不称职"]),
        "score": st.sampled_from([50, 75]),
        "then": st.sampled_from(["", "decide", "open", "take back"]),
    },
    "decide": {"opens": st.booleans()},
    "open_what_is_decided": {},
    "take_back": {"picks": PICKS},
}


class Lives(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.block = transaction.atomic()
        self.block.__enter__()
        self.unit = Unit.objects.create(code="B00", name="市局", path="/B00/", kind="市局")
        self.hr = self.account("hr", "system")
        self.colleague = self.account("hr")
        self.account("leader")
        self.deputy = self.account()
        machine("clock")
        self.today, self.lives, self.told = FRIDAY, {}, Counter()
        self.lent_until, self.stand_in, self.lent, self.moves = None, None, 0, Counter()
        self.cycle = Cycle.objects.create(
            code="2025", kind="annual", state="final", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
        )
        self.officers = [self.officer(*result) for result in BEGUN]
        self.register = Register([officer.badge for officer in self.officers], list(BEGUN))
        loader = machine("loader")
        lifecycle.enact(lifecycle.draft(POLICY, from_day=date(2020, 1, 1), actor=loader), actor=loader)
        self.open(first=0, count=2)
        self.decide(opens=True)

    def account(self, *roles):
        account = Account.objects.create(username=uuid4().hex)
        for role in roles:
            RoleGrant.objects.create(
                account=account, role=role, path="/", from_day=date(2020, 1, 1), granted_by=account
            )
        return account

    def officer(self, grade, score):
        number = Officer.objects.count()
        officer = Officer.objects.create(
            badge=f"220000{number}", name="n", born_on=date(1990, 1, 1), joined_on=date(2012, 1, 1), unit=self.unit
        )
        Posting.objects.create(officer=officer, unit=self.unit, post_type="内勤", from_day=date(2015, 1, 1))
        said = {"status": "graded", "grade": grade, "score": score, "recorded_on": date(2026, 1, 12)}
        Result.objects.create(cycle=self.cycle, officer=officer, recorded_by=self.hr, **said)
        return officer

    def teardown(self):
        """The invariants of the product itself, as `check_invariants` asks them."""
        try:
            assert [*of_engine(), *of_linkage()] == []
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @property
    def clock(self):
        return Clock(at=datetime(self.today.year, self.today.month, self.today.day, 9, tzinfo=UTC), calendar=CALENDAR)

    @contextmanager
    def today_being_that_day(self):
        with (
            patch("workflows.clock.now", lambda: self.clock),
            patch("django.utils.timezone.localdate", lambda: self.today),
        ):
            yield

    def chosen(self, picks):
        ids = list(self.lives)
        return {ids[pick % len(ids)] for pick in picks}

    def going_on(self):
        return {case for case, life in self.lives.items() if life.work}

    def works(self, chosen):
        return [self.lives[case].work for case in chosen if self.lives[case].work]

    @rule(event=st.sampled_from([*EVENTS, "step", "correct", "correct"]), data=st.data())
    def something_happens(self, event, data):
        getattr(self, event)(**data.draw(st.fixed_dictionaries(EVENTS[event])))

    # Cases -------------------------------------------------------------------------------------------------------
    def open(self, first, count):
        keys = [f"k{n}" for n in range(first, first + count)]
        said = {"title": "t", "unit_path": "/B00/", "line_path": "/B00/", "officer_id": self.officers[0].pk}
        news = [actions.Opening(key=key, fields={"purpose": "r"}, **said) for key in keys]
        born = actions.open_cases(news, KIND, actor=self.hr, clock=self.clock).by_key
        assert set(born) == set(keys) - {life.key for life in self.lives.values()}
        self.lives |= {case: Life(key) for key, case in born.items()}

    def step(self, picks, pick, stray):
        """One case or several, as the page showed them."""
        chosen = self.chosen(picks)
        step = stray or self.onward(chosen, pick)
        taken = self.take(chosen, step, self.hr).taken
        self.taken(taken, {case for case in chosen if self.lives[case].may(step)}, step)

    def onward(self, chosen, pick):
        """A step that one of the cases can take, if there is any."""
        possible = [name for name in STEPS if any(self.lives[case].may(name) for case in chosen)] or [*STEPS]
        return possible[pick % len(possible)]

    def take(self, chosen, step, actor):
        return actions.advance(
            chosen,
            getattr(Errand, step),
            actor=actor,
            clock=self.clock,
            inputs=STEPS[step].inputs,
            seen={case: self.lives[case].version for case in chosen},
            request_key=uuid4(),
        )

    def taken(self, taken, expected, step):
        assert set(taken) == expected
        for case in expected:
            self.lives[case].take(step)

    def delegate(self, days):
        """HR names who stands in for it, from today on; whoever did so until now does no more."""
        with self.today_being_that_day():
            if self.lent_until and self.lent_until >= self.today:
                end_stand_in(stand_in=self.stand_in, actor=self.hr)
            self.lent_until = self.today + days * ONE_DAY
            self.stand_in = set_stand_in(
                grant=RoleGrant.objects.get(account=self.hr, role="hr"),
                substitute=self.deputy,
                from_day=self.today,
                to_day=self.lent_until,
                reason="休假",
                actor=self.hr,
            )

    def step_in_place(self, picks, pick, stray):
        """By who stands in, if he still does: what was lent, and nothing else."""
        deputy, chosen = Account.objects.get(pk=self.deputy.pk), self.chosen(picks)
        step = stray or self.onward(chosen, pick)
        with self.today_being_that_day():
            named = list(standing.named(Errand.objects.filter(pk__in=chosen), getattr(Errand, step), deputy))
            outcome = capacity.in_turn(
                named, deputy, lambda cases, place: self.take({case.pk for case in cases}, step, place)
            )
        lent = step in LENT and self.lent_until is not None and self.today <= self.lent_until
        expected = {case for case in chosen if lent and self.lives[case].may(step)}
        self.taken(outcome.taken, expected, step)
        self.lent += len(expected)

    # Work --------------------------------------------------------------------------------------------------------
    def pause(self, picks):
        chosen = self.chosen(picks)
        ledger.pause(chosen, actor=self.hr, clock=self.clock, note="休假")
        for work in self.works(chosen):
            self.moves["paused"] += work.stopped is None
            work.stopped = work.stopped or self.today

    def resume(self, picks):
        chosen = self.chosen(picks)
        ledger.resume(chosen, actor=self.hr, clock=self.clock, note="回岗")
        for work in self.works(chosen):
            if work.stopped:
                self.moves["resumed"] += 1
                work.go_on(self.today)

    def claim_or_release(self, picks, other, takes):
        """One of the two who sit at the desk of HR takes work on, or puts it back."""
        chosen, actor = self.chosen(picks), self.colleague if other else self.hr
        act = claims.claim if takes else claims.release
        with self.today_being_that_day():
            done = act(Q(case__in=chosen), actor=actor).done
        at_desk = [self.lives[case].work for case in chosen if self.lives[case].state in AT_DESK]
        may = [work for work in at_desk if work.holder == actor or (takes and work.holder is None)]
        assert len(done) == len(may)
        for work in may:
            work.holder = actor if takes else None

    def time_passes(self, days, looks):
        """Some days later; with or without the clock looking at the end of them, as when nothing ran for a week."""
        for _ in range(days):
            self.today += ONE_DAY
            for work in self.works(self.lives):
                for span in work.spans() if not work.stopped else ():
                    span.arrive(self.today)
        if looks:
            self.sweep()

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
            life.go_to("lapsed")
            return
        self.told["reminder"] += reached > work.said
        work.said = max(work.said, reached)
        self.told["escalation"] += reached == AFTER and not work.escalated
        work.escalated |= reached == AFTER

    # Decisions ---------------------------------------------------------------------------------------------------
    def correct(self, officer, grade, score, then):
        """A result is corrected, and what follows is drawn from it now or later."""
        self.say(officer, grade, score)
        if then:
            self.decide(opens=then != "decide")
        if then == "take back":
            self.take_back(range(len(self.register.live)))

    def say(self, officer, grade, score):
        """What is the same already cannot be corrected."""
        said = Said(status="graded", grade=grade, score=score)
        given = {"cycle": self.cycle, "subject": self.officers[officer], "said": said, "reason": "更正"}
        if self.register.results[officer] == (grade, score):
            with pytest.raises(Clash):
                correct_result(actor=self.hr, clock=self.clock, **given)
        else:
            correct_result(actor=self.hr, clock=self.clock, **given)
            self.register.results[officer] = (grade, score)

    def decide(self, opens):
        evaluation.evaluate(self.cycle, as_of=self.today, actor=self.hr)
        self.register.decide(self.today, self.going_on())
        if opens:
            self.open_what_is_decided()

    def open_what_is_decided(self):
        done = opening.open_run(evaluation.latest_run(self.cycle), actor=self.hr, clock=self.clock)
        opened = joined = 0
        for key, decision in self.register.to_open():
            source, held = self.register.source(key), self.case_of(key[1])
            if held:
                self.lives[held].go_to(None)
            decision.case = held or self.born(source, key[1])
            self.register.carried[source] = decision.case
            opened, joined = opened + (held is None), joined + (held is not None)
        assert (done.cases["errand"], done.joined) == (opened, joined)

    def case_of(self, officer):
        """The one case of an officer that decisions opened and that still goes on."""
        return next((case for case in self.going_on() if self.lives[case].officer == officer), None)

    def born(self, source, officer):
        case = Errand.objects.get(key=source).pk
        self.lives[case] = Life(source, officer=officer)
        return case

    def take_back(self, picks):
        """Some of what no longer holds; the rest later, or never."""
        for pick in picks:
            if not (proposed := self.register.proposed(self.going_on())):
                return
            key = proposed[pick % len(proposed)]
            decision = Decision.objects.live().get(rule=key[0], officer=self.officers[key[1]])
            with self.today_being_that_day():
                withdraw(decision, actor=self.hr, note="结果已更正")
            if ended := self.register.take_back(key):
                self.lives[ended].go_to("withdrawn")

    # What must be so after each of these -------------------------------------------------------------------------
    @invariant()
    def cases_and_history_are_as_on_paper(self):
        found = {row[0]: row[1:] for row in Errand.objects.values_list("pk", "key", "state", "version")}
        assert found == {case: (life.key, life.state, life.version) for case, life in self.lives.items()}
        assert TransitionRecord.objects.count() == sum(life.version for life in self.lives.values())
        assert TransitionRecord.objects.exclude(on_behalf_of=None).count() == self.lent

    @invariant()
    def work_is_as_on_paper(self):
        open_items = {item.case_id: item for item in WorkItem.objects.filter(closed_at=None)}
        assert open_items.keys() == self.going_on()
        for case, item in open_items.items():
            work = self.lives[case].work
            assert (item.paused_at is not None, item.reminded) == (work.stopped is not None, work.said)
            assert item.claimed_by_id == (work.holder and work.holder.pk)
            if not work.stopped:
                assert local_day(item.due_at) == work.last_day(self.today)

    @invariant()
    def what_was_told_is_as_on_paper(self):
        told = Counter(OutboxMessage.objects.exclude(cause="step").values_list("cause", flat=True))
        assert told == +self.told
        assert Notice.objects.filter(spoken=True).count() == self.told.total()
        moves = ItemChange.objects.filter(why__in=("paused", "resumed")).values_list("why", flat=True)
        assert Counter(moves) == +self.moves

    @invariant()
    def decisions_are_as_on_paper(self):
        rows = Decision.objects.live().values_list("rule", "officer", "status", "attempt", "case")
        found = {(rule, officer): said for rule, officer, *said in rows}
        live = self.register.live.items()
        assert found == {(r, self.officers[n].pk): [d.status, d.attempt, d.case] for (r, n), d in live}
        assert dict(CaseReason.objects.values_list("source", "case")) == self.register.carried

    @invariant()
    def proposals_are_as_on_paper(self):
        found = {(d.rule, d.officer_id) for d in queries.withdrawals(self.cycle)}
        assert found == {(rule, self.officers[n].pk) for rule, n in self.register.proposed(self.going_on())}


@pytest.mark.django_db(transaction=True)
def test_no_sequence_of_events_leads_away_from_the_model(request, monkeypatch):
    monkeypatch.setattr("workflows.clock.fresh", lambda: CALENDAR)
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=100 if request.config.getoption("--faults") else 15,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # to make a failing sequence shorter takes minutes
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    connection.close()
