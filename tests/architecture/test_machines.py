"""Every state machine is whole: a permission on each step, a way to each state, somebody to wait for in each."""

import pytest
from django.apps import apps
from django_fsm import RETURN_VALUE, FSMField

from people.models import Account
from tests.architecture.tree import our_apps
from workflows import kinds

ANY, ANY_OTHER = "*", "+"


def machines():
    """Every model of ours with a protected state field, and the field."""
    for config in our_apps():
        for model in config.get_models():
            for field in model._meta.get_fields():
                if isinstance(field, FSMField):
                    yield model, field


def transitions():
    """Every edge of every machine: its name, its model, the transition."""
    for model, field in machines():
        for transition in field.get_all_transitions(model):
            yield f"{model.__name__}.{transition.name} from {transition.source}", model, transition


def all_kinds():
    return [pytest.param(kind, id=kind.name) for kind in kinds.registered()]


def states(kind):
    """Every state of a kind: those its steps name, and its first."""
    named = {kind.initial}
    for edge in edges(kind):
        named |= {edge.source, *targets(edge)}
    return {str(state) for state in named - {ANY, ANY_OTHER}}


def edges(kind):
    return [edge for step in kinds.steps(kind).values() for edge in kinds.edges(step)]


def targets(edge):
    """Where a step may lead: one state, one of several that its body chooses, or nowhere new."""
    if isinstance(edge.target, RETURN_VALUE):
        return set(edge.target.allowed_states)
    return {edge.target} - {None}


def leads_from(edge, state):
    return edge.source in {state, ANY} or (edge.source == ANY_OTHER and state not in targets(edge))


def finals(kind):
    return set(kind.outcomes)


def test_every_state_field_is_protected():
    assert [f"{model.__name__}.{field.name}" for model, field in machines() if not field.protected] == []


def test_every_step_asks_for_a_permission():
    assert [name for name, _model, transition in transitions() if transition.permission is None] == []


def test_no_step_is_open_to_somebody_without_a_role():
    nobody = Account(pk=7, username="nobody", officer_id=7)
    nobody.grants = ()
    assert [name for name, model, transition in transitions() if transition.permission(of_others(model), nobody)] == []


def of_others(model):
    """An object of the model that is about somebody else."""
    return model(**{name: "/B00/" for name in ("unit_path", "line_path") if hasattr(model, name)})


def test_no_step_changes_the_state_on_an_error():
    assert [name for name, _model, transition in transitions() if transition.on_error is not None] == []


@pytest.mark.parametrize("kind", all_kinds())
def test_every_state_can_be_reached(kind):
    reached, waiting = set(), {kind.initial}
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting |= {target for edge in edges(kind) if leads_from(edge, state) for target in targets(edge)} - reached
    assert states(kind) - reached == set()


@pytest.mark.parametrize("kind", all_kinds())
def test_every_waiting_state_has_a_duty_and_no_final_one(kind):
    assert set(kind.duties) == states(kind) - finals(kind)


@pytest.mark.parametrize("kind", all_kinds())
def test_every_final_state_exists_and_every_waiting_one_can_be_left(kind):
    assert finals(kind) <= states(kind)
    stuck = [
        state
        for state in states(kind) - finals(kind)
        if not any(leads_from(edge, state) and targets(edge) - {state} for edge in edges(kind))
    ]
    assert stuck == []


@pytest.mark.parametrize("kind", all_kinds())
def test_a_kind_speaks_of_its_own_states_and_steps_only(kind):
    known = states(kind)
    assert set(kind.effects) <= known
    assert set(kind.dispatches) <= known
    assert set(kind.path) <= known
    assert set(kind.tones) == known
    assert set(kind.forms) <= set(kinds.steps(kind))
    special = {step for step in (kind.hold, kind.release, kind.join, kind.withdraw) if step}
    assert special <= set(kinds.steps(kind).values())


@pytest.mark.parametrize("kind", all_kinds())
def test_what_the_clock_takes_can_be_taken_from_that_state(kind):
    for state, duty in kind.duties.items():
        if duty.expiry:
            assert any(leads_from(edge, state) for edge in kinds.edges(duty.expiry)), state


@pytest.mark.parametrize("kind", all_kinds())
def test_every_step_has_a_name_for_its_button(kind):
    for step in kinds.steps(kind).values():
        assert kinds.label(step)


def test_the_six_kinds_are_there():
    names = {kind.name for kind in kinds.registered()}
    assert names >= {"reward", "reserve", "training", "post_adjustment", "resource", "objection"}


def test_each_kind_lives_in_its_own_table():
    for kind in kinds.registered():
        assert apps.get_model("workflows.Case") in kind.model.__mro__
