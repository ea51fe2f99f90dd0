"""`open_cases`: what was decided becomes cases, once, whatever is killed, repeated or comes in another order."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from appraisal.models import Cycle
from linkage import evaluation, opening
from linkage.models import Decision, DecisionStatus
from training.models import TrainingCase
from workflows import running
from workflows.models import Case, CaseReason, Job, OutboxMessage, TransitionRecord, WorkItem

DAYS = {"2025": "2026-03-31", "2025Q4": "2026-01-10", "2025-12": "2026-01-05"}
NOTHING = {"reward": 0, "reserve": 0, "training": 0, "post_adjustment": 0, "resource": 0, "objection": 0}


def open_cycle(code, capsys):
    call_command("open_cases", code, "--as-of", DAYS[code], "--json")
    said = json.loads(capsys.readouterr().out)
    for figures in (said["opened"], said["cases"]):
        assert figures.pop("errand") == 0  # a kind that only the tests know is counted like any other
    return said


def test_a_cycle_opens_what_it_decided_and_says_so(haizhou, db, capsys):
    said = open_cycle("2025", capsys)
    expected = {"reward": 841, "reserve": 31, "training": 37, "post_adjustment": 14, "resource": 8, "objection": 0}
    assert said["opened"] == said["cases"] == expected
    assert said["work_items"] == sum(expected.values())
    assert said["history"] == TransitionRecord.objects.count()
    assert Cycle.objects.get(code="2025").state == "linked"
    call_command("check_invariants")


def test_it_says_on_the_error_stream_how_far_it_is(haizhou, db, capsys):
    call_command("open_cases", "2025Q4", "--as-of", DAYS["2025Q4"], "--json")
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "[0/3] 正在读取结果、事实与政策"
    assert told[-1].endswith("正在核对")


def test_in_the_background_it_only_asks_for_a_job(haizhou, db, capsys):
    call_command("open_cases", "2025Q4", "--as-of", DAYS["2025Q4"], "--background")
    assert "后台任务第" in capsys.readouterr().out
    assert not Case.objects.exists()
    job = Job.objects.get()
    running.run(job.pk)
    job.refresh_from_db()
    assert job.result["opened"] == Case.objects.count() > 0


def test_opened_again_it_opens_nothing(haizhou, db, capsys):
    first = open_cycle("2025", capsys)
    again = open_cycle("2025", capsys)
    assert again == {**first, "opened": NOTHING}


def test_held_blocked_and_over_quota_ones_have_no_case(haizhou, db, capsys):
    open_cycle("2025", capsys)
    parked = Decision.objects.exclude(status=DecisionStatus.OPEN)
    assert parked.count() == 37
    assert not parked.exclude(case=None).exists()
    assert not Decision.objects.to_open().exists()


def test_one_person_has_one_training_case_with_all_reasons(haizhou, db, capsys):
    for code in DAYS:
        open_cycle(code, capsys)
    decided = Decision.objects.filter(status=DecisionStatus.OPEN, outcome__startswith="training:")
    people = set(decided.values_list("officer", "unit"))
    assert set(TrainingCase.objects.values_list("officer", "unit")) == people
    assert TrainingCase.objects.count() == len(people) < decided.count()
    assert CaseReason.objects.filter(case__kind="training").count() == decided.count()
    call_command("check_invariants")


@pytest.mark.parametrize("order", [("2025", "2025Q4", "2025-12"), ("2025-12", "2025", "2025Q4")])
def test_in_whatever_order_the_cycles_are_opened_they_end_alike(haizhou, db, capsys, order):
    for code in order:
        open_cycle(code, capsys)
    ended = sorted(
        TrainingCase.objects.values_list("officer__badge", "unit__code", "form", "version", "state"), key=str
    )
    forms = {}
    for decision in Decision.objects.filter(status="open", outcome__startswith="training:"):
        forms.setdefault((decision.officer_id, decision.unit_id), set()).add(decision.word)
    ranks = ["class", "plan", "stage_2", "unit_plan"]
    for case in TrainingCase.objects.all():
        assert case.form == max(forms[case.officer_id, case.unit_id], key=ranks.index)
    assert len(ended) == len(forms)


def test_killed_half_way_and_run_again_it_ends_where_one_run_would(haizhou, db, capsys, monkeypatch):
    real, calls = opening.actions.open_cases, []

    def killed(openings, kind, **more):
        calls.append(kind.name)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(openings, kind, **more)

    monkeypatch.setattr(opening.actions, "open_cases", killed)
    with pytest.raises(CommandError, match="从停下的地方继续"):
        open_cycle("2025", capsys)
    monkeypatch.undo()
    half = Case.objects.count()
    said = open_cycle("2025", capsys)
    assert 0 < half < sum(said["cases"].values()) == 931
    assert not Decision.objects.to_open().exists()
    call_command("check_invariants")


def test_a_case_that_opened_unlinked_is_found_again_and_only_linked(haizhou, db, capsys):
    first = open_cycle("2025", capsys)
    Decision.objects.update(case=None)
    assert open_cycle("2025", capsys) == {**first, "opened": NOTHING}
    assert not Decision.objects.to_open().exists()


def test_a_later_run_opens_only_what_is_new_and_proposes_what_to_withdraw(cycle, loader):
    before = evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader)
    opening.open_run(before, actor=loader)
    there = set(Case.objects.values_list("pk", flat=True))
    later = evaluation.evaluate(cycle("2025"), as_of=date(2026, 3, 31), actor=loader)
    new = later.decisions.to_open()
    gone = [d for d in Decision.objects.live() if d.run == before]
    assert {d.rule for d in new} == {"P04"}
    assert {d.rule for d in gone} >= {"P15"}
    opened = opening.open_run(later, actor=loader)
    assert set(Case.objects.values_list("pk", flat=True)) > there
    assert opened.cases.total() + opened.joined == 3
    assert all(d.case.closed_at is None for d in gone)  # proposed, not done


def test_a_run_that_is_not_the_latest_opens_nothing(cycle, loader):
    earlier = evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader)
    evaluation.evaluate(cycle("2025"), as_of=date(2026, 3, 31), actor=loader)
    assert opening.open_run(earlier, actor=loader).cases.total() == 0
    assert not Case.objects.exists()


def test_each_case_has_its_work_its_history_and_its_reason(haizhou, db, capsys):
    open_cycle("2025", capsys)
    assert set(WorkItem.objects.filter(closed_at=None).values_list("case", flat=True)) == set(
        Case.objects.values_list("pk", flat=True)
    )
    assert set(CaseReason.objects.values_list("case", flat=True)) == set(Case.objects.values_list("pk", flat=True))
    assert OutboxMessage.objects.filter(cause="step").exists()
    reason = CaseReason.objects.filter(code="P04").first()
    assert reason.words_zh
    assert reason.words_en
    assert "公务员考核规定" in reason.basis
    assert reason.evidence
