"""What a step does to cases of other kinds, by name."""

import pytest

from tests.errand.kind import KIND
from tests.errand.models import Errand, State
from workflows import effects
from workflows.actions import advance
from workflows.kinds import Moment
from workflows.models import Case, TransitionRecord
from workflows.refusals import Reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def moment(officer, clock):
    """Of an officer, who may not hold anything himself."""
    return Moment(actor=officer, at=clock.at, calendar=clock.calendar)


def test_it_holds_and_releases_whatever_the_kind(make, hr, clock, moment):
    first, second = make(2)
    advance([first], Errand.accept, actor=hr, clock=clock)
    outcome = effects.hold([first, second], moment, note="异议")
    assert (outcome.taken, outcome.refused[second].reason) == ([first], Reason.NOT_POSSIBLE)
    assert Case.objects.get(pk=first).state == State.HELD
    record = TransitionRecord.objects.get(step="hold")
    assert (record.actor, record.note) == (moment.actor, "异议")
    assert effects.release([first], moment).taken == [first]
    assert Case.objects.get(pk=first).state == State.ACCEPTED


def test_it_opens_a_case_of_another_kind(moment, opening):
    assert effects.open_kind("errand", [opening("a")], moment).by_key.keys() == {"a"}
    assert TransitionRecord.objects.get().actor == moment.actor


def test_an_effect_is_part_of_the_step_that_caused_it(make, hr, clock, monkeypatch, opening):
    """The step fails after its effect has opened a case: neither is there."""
    ids = make()

    def opens_and_breaks(cases, moment):
        effects.open_kind("errand", [opening(f"follow:{case.pk}") for case in cases], moment)
        raise RuntimeError("broken")

    monkeypatch.setitem(KIND.effects, State.ACCEPTED, [opens_and_breaks])
    with pytest.raises(RuntimeError, match="broken"):
        advance(ids, Errand.accept, actor=hr, clock=clock)
    assert list(Case.objects.values_list("state", flat=True)) == [State.ASKED]


def test_the_door_stays_open_for_the_step_after_its_effect_used_it(make, hr, clock, monkeypatch, opening):
    ids = make()

    def opens(cases, moment):
        effects.open_kind("errand", [opening(f"follow:{case.pk}") for case in cases], moment)
        return {}

    monkeypatch.setitem(KIND.effects, State.ACCEPTED, [opens])
    assert advance(ids, Errand.accept, actor=hr, clock=clock).taken == ids
    assert Case.objects.count() == 2


def test_an_effect_of_the_first_state_runs_on_the_new_cases_and_may_set_fields(hr, clock, monkeypatch, opening):
    from workflows.actions import open_cases  # noqa: PLC0415

    def sets(cases, moment):
        for case in cases:
            case.days = 4
        return {}

    monkeypatch.setitem(KIND.effects, State.ASKED, [sets])
    open_cases([opening("a"), opening("b")], KIND, actor=hr, clock=clock)
    assert set(Errand.objects.values_list("days", flat=True)) == {4}


def test_an_effect_of_the_first_state_may_not_refuse(hr, clock, monkeypatch, opening):
    from workflows.actions import open_cases  # noqa: PLC0415
    from workflows.refusals import Refusal  # noqa: PLC0415

    monkeypatch.setitem(
        KIND.effects, State.ASKED, [lambda cases, moment: {case.pk: Refusal(Reason.UNMET) for case in cases}]
    )
    with pytest.raises(TypeError, match="may not refuse"):
        open_cases([opening("a")], KIND, actor=hr, clock=clock)
    assert not Case.objects.exists()
