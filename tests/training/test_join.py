"""One open case per person: a further decision joins it."""

import pytest

from training.kind import KIND, from_decision, join_inputs
from training.models import TrainingCase
from workflows.actions import advance, open_cases
from workflows.kinds import DecisionView

pytestmark = pytest.mark.django_db


def decision(outcome, focus="风险排查数"):
    return DecisionView(rule="P04", cycle="2026", outcome=outcome, focus=focus)


@pytest.mark.parametrize(
    ("outcome", "title", "stage"),
    [
        ("class", "能力提升班", 1),
        ("plan", "能力提升计划", 1),
        ("stage_2", "二阶段提升计划", 2),
        ("unit_plan", "单位改进计划", 1),
    ],
)
def test_a_decision_becomes_a_case_of_its_form(outcome, title, stage):
    said, fields = from_decision(decision(outcome))
    assert (said, fields) == (title, {"form": outcome, "focus": "风险排查数", "stage": stage})


def test_a_second_case_for_the_same_person_does_not_open(open_case, opening, hr, clock):
    open_case()
    assert open_cases([opening("P04:2026:2200001")], KIND, actor=hr, clock=clock).cases == []


# the form it has, the form that joins, the form it then has, the stage
RAISED = [
    ("class", "plan", "plan", 1),
    ("class", "stage_2", "stage_2", 2),
    ("plan", "class", "plan", 1),
    ("plan", "stage_2", "stage_2", 2),
    ("stage_2", "plan", "stage_2", 2),
    ("class", "class", "class", 1),
]


@pytest.mark.parametrize(("has", "joins", "then", "stage"), RAISED)
def test_joining_raises_the_form_and_never_lowers_it(open_case, take, hr, has, joins, then, stage):
    _title, fields = from_decision(decision(has, "群众满意度"))
    case = take(open_case(fields=fields), "join", hr, **join_inputs(decision(joins)))
    assert (case.form, case.stage, case.focus, case.state) == (then, stage, "群众满意度", "flagged")
    assert case.title == from_decision(decision(then))[0] if has != then else True


def test_the_reasons_of_both_are_kept_and_once(open_case, opening, reason, hr, clock):
    case = open_case(reasons=[reason("P08:2026Q3:2200001")])
    for _again in range(2):
        advance(
            [case.pk],
            TrainingCase.join,
            actor=hr,
            clock=clock,
            inputs={"form": "plan", "focus": ""},
            reasons={case.pk: [reason("P04:2026:2200001", "P04")]},
        )
    assert list(case.reasons.values_list("code", flat=True)) == ["P08", "P04"]


@pytest.mark.parametrize(
    "state", ["flagged", "under_review", "notified", "proposed", "planned", "active", "paused", "reassessed", "held"]
)
def test_a_case_is_joined_in_every_state_and_stays_in_it(walk, take, hr, state):
    case = take(walk(state), "join", hr, form="plan", focus="")
    assert (case.state, case.form) == (state, "plan")


def test_a_decision_while_he_is_watched_is_a_relapse(walk, take, hr):
    case = take(walk("monitoring"), "join", hr, form="class", focus="")
    assert (case.state, case.form, case.stage) == ("notified", "stage_2", 2)


def test_a_closed_case_is_not_joined_and_a_new_one_opens(walk, take, refused, hr, open_case):
    case = take(walk("flagged"), "withdraw", hr)
    assert refused(case, "join", hr, form="plan").reason == "not_possible"
    assert open_case("P04:2026:2200001").state == "flagged"
