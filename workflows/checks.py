"""What is checked of every kind at start: a kind that would fail with its first case does not come up at all."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db.models import Field, ForeignKey
from django_fsm import Transition

from people.roles import Role
from workflows import kinds
from workflows.kinds import Kind
from workflows.rows import own_fields


def check_kinds(**_: Any) -> list[CheckMessage]:
    return [
        Error(words, obj=kind.model, id=f"workflows.{number}")
        for kind in kinds.registered()
        for number, words in faults(kind)
    ]


def faults(kind: Kind) -> Iterator[tuple[str, str]]:
    """What is wrong with a kind, each with the number of its check."""
    yield from _faults_of_states(kind)
    for name, step in kinds.steps(kind).items():
        for edge in kinds.edges(step):
            yield from _faults_of_edge(name, edge)
    for field in own_fields(kind.model):
        yield from _faults_of_field(field)
    for duty in kind.duties.values():
        if duty.role not in Role.values:
            yield "E005", f"{duty.role} is no role"
        if duty.expiry and duty.expiry not in kinds.steps(kind).values():
            yield "E006", f"{duty.expiry.__qualname__} is no step of {kind.name}"


def _faults_of_states(kind: Kind) -> Iterator[tuple[str, str]]:
    known = set(kind.model.State.values)  # type: ignore[attr-defined]
    named = {kind.initial, *kind.path, *kind.tones, *kind.duties, *kind.effects, *kind.dispatches, *kind.outcomes}
    for state in sorted(named - known):
        yield "E001", f"{state} is no state of {kind.name}"
    for state in sorted(known - set(kind.duties) - set(kind.outcomes)):
        yield "E002", f"{kind.name}: in {state} nobody has anything to do, and it is no end"
    for state in sorted(known - reachable(kind)):
        yield "E003", f"{kind.name}: no step leads to {state}"


def reachable(kind: Kind) -> set[str]:
    edges = [edge for step in kinds.steps(kind).values() for edge in kinds.edges(step)]
    found, grown = {str(kind.initial)}, True
    while grown:
        next_ones = {state for edge in edges if edge.source in (*found, "*", "+") for state in kinds.targets(edge)}
        grown = not next_ones <= found
        found |= next_ones
    return found


def _faults_of_edge(name: str, edge: Transition) -> Iterator[tuple[str, str]]:
    if edge.permission is None:
        yield "E004", f"{name} from {edge.source} is open to everybody: django-fsm takes no permission for all"
    if edge.on_error is not None:
        yield "E007", f"{name}: on_error changes the state of a step that was refused"
    if "label" not in edge.custom:
        yield "E008", f"{name} has no label"
    for guard in edge.conditions:
        if not hasattr(guard, "words"):
            yield "E009", f"{name}: the guard {guard} has no words for the reader"


def _faults_of_field(field: Field[Any, Any]) -> Iterator[tuple[str, str]]:
    """The engine reads and writes whole rows without the ORM: both must see the same values."""
    target = field.target_field if isinstance(field, ForeignKey) else field
    if hasattr(target, "from_db_value") and type(target).__module__ != "django.db.models.fields.json":
        yield "E010", f"{field} is converted when it is read; the engine reads it as it is stored"
    if field.has_db_default():
        yield "E011", f"{field} has a default of the database, which the engine's COPY does not ask; use `default`"
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        yield "E012", f"{field} is set by save(), which the engine does not call"
