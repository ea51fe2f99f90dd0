"""Taking a step: alone, for many, again, too late, without the right."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.errand.models import Errand, State
from workflows.actions import advance
from workflows.models import Case, CaseReason, OutboxMessage, TransitionRecord, WorkItem
from workflows.refusals import Reason, StepFailed

pytestmark = pytest.mark.django_db
PLACE = {"place": "档案馆", "days": 3}


def test_it_moves_a_case_and_settles_its_work(make, hr, clock):
    ids = make()
    assert advance(ids, Errand.accept, actor=hr, clock=clock).taken == ids
    case = Case.objects.get()
    assert (case.state, case.version, case.state_since) == (State.ACCEPTED, 2, clock.at)
    assert list(WorkItem.objects.order_by("id").values_list("duty", "closed_by")) == [
        (State.ASKED, hr.pk),
        (State.ACCEPTED, None),
    ]


def test_a_step_writes_the_fields_it_changed(make, hr, clock):
    ids = make(3)
    advance(ids, Errand.accept, actor=hr, clock=clock)
    advance(ids, Errand.plan, actor=hr, clock=clock, inputs=PLACE)
    assert set(Errand.objects.values_list("place", "days")) == {("档案馆", 3)}


def test_a_closing_step_leaves_no_work_and_an_outcome(make, hr, clock):
    ids = make(fields={"purpose": "送达文书", "place": "档案馆"})
    for step in (Errand.accept, Errand.finish):
        advance(ids, step, actor=hr, clock=clock)
    case = Case.objects.get()
    assert (case.outcome, case.closed_at) == ("done", clock.at)
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_each_refusal_has_its_reason(make, hr, stranger, clock):
    ids = make()

    def why(step, **more):
        refusal = advance(ids, step, **{"actor": hr, "clock": clock, **more}).refused[ids[0]]
        return refusal.reason, refusal.words

    assert why(Errand.finish) == (Reason.NOT_POSSIBLE, "")
    assert why(Errand.accept, actor=stranger) == (Reason.NOT_PERMITTED, "")
    assert why(Errand.accept, seen={ids[0]: 7}) == (Reason.OUTRUN, "")
    advance(ids, Errand.accept, actor=hr, clock=clock)
    assert why(Errand.finish) == (Reason.UNMET, "地点已确定")
    assert why(Errand.plan, inputs={"place": "x", "days": 0}) == (Reason.UNMET, "至少需要一天")
    gone = uuid4()
    assert advance([gone], Errand.accept, actor=hr, clock=clock).refused[gone].reason == Reason.NOT_FOUND
    assert TransitionRecord.objects.count() == 2  # open and accept


def test_a_set_is_split_into_taken_and_refused(make, hr, clock):
    first, second = make(2)
    advance([first], Errand.accept, actor=hr, clock=clock)
    outcome = advance([first, second], Errand.accept, actor=hr, clock=clock)
    assert outcome.taken == [second]
    assert list(outcome.refused) == [first]


def test_a_request_repeated_changes_nothing_twice(make, hr, clock):
    ids, key = make(3), uuid4()
    for _ in range(2):
        outcome = advance(ids, Errand.accept, actor=hr, clock=clock, request_key=key)
    assert sorted(outcome.repeated) == sorted(ids)
    assert not outcome.taken
    assert not outcome.refused


@pytest.mark.parametrize(
    "other",
    [
        {"step": Errand.replan},
        {"inputs": {"place": "别处", "days": 3}},
        {"note": "另有说明"},
    ],
)
def test_a_request_key_stands_for_one_request(make, hr, clock, other):
    ids, key = make(), uuid4()
    advance(ids, Errand.accept, actor=hr, clock=clock)
    said = {"step": Errand.plan, "inputs": PLACE, "actor": hr, "clock": clock, "request_key": key}
    assert advance(ids, **said).taken == ids
    assert advance(ids, **(said | other)).refused[ids[0]].reason == Reason.KEY_REUSED


def test_a_step_that_keeps_the_state_is_history_but_moves_no_deadline(make, hr, clock):
    ids = make()
    advance(ids, Errand.accept, actor=hr, clock=clock)
    before = WorkItem.objects.filter(closed_at=None).values().get()
    told = OutboxMessage.objects.count()
    outcome = advance(ids, Errand.remark, actor=hr, clock=clock, inputs={"text": "路上堵车", "title": "送急件"})
    assert outcome.taken == ids
    assert WorkItem.objects.filter(closed_at=None).values().get() == before
    assert OutboxMessage.objects.count() == told
    errand = Errand.objects.get()
    assert (errand.state, errand.version, errand.remarks, errand.title) == (State.ACCEPTED, 3, ["路上堵车"], "送急件")


def test_a_case_that_is_released_goes_back_to_where_it_was_held(make, hr, clock, make_account):
    ids, machine = make(), make_account("machine", "system")
    advance(ids, Errand.accept, actor=hr, clock=clock)
    assert not advance(ids, Errand.hold, actor=hr, clock=clock).taken
    advance(ids, Errand.hold, actor=machine, clock=clock)
    assert advance(ids, Errand.release, actor=machine, clock=clock).taken == ids
    assert Case.objects.get().state == State.ACCEPTED
    assert WorkItem.objects.get(closed_at=None).duty == State.ACCEPTED


def test_a_field_of_the_parent_is_not_for_steps_to_set(make, hr, clock, monkeypatch):
    ids = make()

    def takes_over(case):
        case.line_path = "/B00/"

    monkeypatch.setattr(Errand.accept._django_fsm.get_transition("asked"), "conditions", [lambda c: takes_over(c) or 1])
    with pytest.raises(TypeError, match="may not set line_path"):
        advance(ids, Errand.accept, actor=hr, clock=clock)
    assert Case.objects.get().state == State.ASKED


def test_a_guard_that_queries_is_a_fault_of_the_program(make, hr, clock, monkeypatch):
    ids = make()
    edge = Errand.accept._django_fsm.get_transition("asked")
    monkeypatch.setattr(edge, "conditions", [lambda case: case.officer.name])
    with pytest.raises(StepFailed, match="may not query") as failed:
        advance(ids, Errand.accept, actor=hr, clock=clock)
    assert failed.value.case == ids[0]


def test_a_step_that_fails_names_its_case_and_what_was_done_before(make, hr, clock, monkeypatch):
    monkeypatch.setattr("workflows.actions.CHUNK", 2)
    ids = sorted(make(6))
    edge = Errand.accept._django_fsm.get_transition("asked")
    monkeypatch.setattr(edge, "conditions", [lambda case: case.pk != ids[3] or 1 / 0])
    with pytest.raises(StepFailed) as failed:
        advance(ids, Errand.accept, actor=hr, clock=clock)
    assert failed.value.case == ids[3]
    assert failed.value.outcome.taken == ids[:2]
    assert set(Case.objects.filter(state=State.ACCEPTED).values_list("pk", flat=True)) == set(ids[:2])


def test_an_effect_sees_the_moved_cases_sets_fields_and_may_refuse(make, hr, clock, monkeypatch):
    from tests.errand.kind import KIND  # noqa: PLC0415
    from workflows.refusals import Refusal  # noqa: PLC0415

    first, second = make(2)

    def busy(cases, moment):
        assert moment.actor == hr
        for case in cases:
            case.days = 9
        return {second: Refusal(Reason.UNMET, "没有人手")}

    monkeypatch.setitem(KIND.effects, State.ACCEPTED, [busy])
    outcome = advance([first, second], Errand.accept, actor=hr, clock=clock)
    assert outcome.taken == [first]
    assert str(outcome.refused[second].words) == "没有人手"
    assert dict(Errand.objects.values_list("pk", "days")) == {first: 9, second: 0}


def test_a_reason_is_added_once(make, hr, clock):
    ids = make()

    def reason():
        return CaseReason(
            source="P04:2026:2200081", code="P04", title_zh="由", title_en="why", words_zh="字", words_en="w"
        )

    advance(ids, Errand.accept, actor=hr, clock=clock, reasons={ids[0]: [reason()]})
    advance(ids, Errand.remark, actor=hr, clock=clock, inputs={"text": "x"}, reasons={ids[0]: [reason()]})
    assert CaseReason.objects.get().case_id == ids[0]


@pytest.mark.parametrize(("step", "inputs", "statements"), [(Errand.accept, {}, 11), (Errand.plan, PLACE, 12)])
def test_statements_do_not_grow_with_the_set(make, hr, clock, step, inputs, statements):
    few, many = make(1), make(300)
    if step is Errand.plan:
        advance([*few, *many], Errand.accept, actor=hr, clock=clock)
    _ = hr.grants
    for ids in (few, many):
        with CaptureQueriesContext(connection) as counted:
            advance(ids, step, actor=hr, clock=clock, inputs=inputs)
        assert len(counted) == statements, [query["sql"][:60] for query in counted.captured_queries]
