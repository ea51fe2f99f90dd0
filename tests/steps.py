"""A kind's steps taken in memory, without a database: what a table of all edges is tested with."""

from dataclasses import dataclass, field
from typing import Any

from django_fsm import TransitionNotAllowed

from people.models import Account
from people.roles import Role
from workflows import kinds

SUBJECT = 7
STATION = "/B00/F01/F01P01/"
EVERYBODY = [*Role]


@dataclass(frozen=True)
class Edge:
    """One arrow: from where, by which step, to where; who may take it, what it asks for and with which fields."""

    source: str
    step: str
    target: str
    may: set[str]
    inputs: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)  # what the case must have for the guards to be met
    lacks: str = ""  # words of the guards when the case has none of it

    def __str__(self):
        return f"{self.source}-{self.step}"


def edges_of(kind):
    """Every (source, step) of a kind's model."""
    return {(str(edge.source), name) for name, step in kinds.steps(kind).items() for edge in kinds.edges(step)}


def make_case(kind, state, *, unit=False, **fields):
    subject = {"unit_id": 3} if unit else {"officer_id": SUBJECT}
    return kind.model(state=state, version=1, unit_path=STATION, line_path=STATION, **(subject | fields))


def make_actor(role, *, officer_id=99, path=STATION, pk=50):
    account = Account(pk=pk, officer_id=officer_id)
    account.__dict__["grants"] = () if role in ("", Role.OFFICER) else ((role, path),)
    return account


def permission_of(kind, edge):
    step = kinds.steps(kind)[edge.step]
    return {str(found.source): found for found in kinds.edges(step)}[edge.source].permission


def who_may(kind, edge, case, *, path=STATION):
    """The roles that may take the edge, each tried alone by somebody else than the subject; and the subject himself."""
    permitted = permission_of(kind, edge)
    held = {role for role in Role if permitted(case, make_actor(role, path=path))}
    return held | ({"subject"} if permitted(case, make_actor("", officer_id=SUBJECT)) else set())


def take(kind, edge, case, **inputs):
    kinds.steps(kind)[edge.step](case, **(edge.inputs | inputs))
    return case.state


def unmet(kind, edge, case):
    """The words of the guards that are not met."""
    step = kinds.steps(kind)[edge.step]
    found = {str(e.source): e for e in kinds.edges(step)}[edge.source]
    try:
        take(kind, edge, case)
    except TransitionNotAllowed:
        return "；".join(str(guard.words) for guard in found.conditions if not guard(case))
    return ""
