"""What effects do to cases of other kinds, by the kind's name: the linkages never import each other.

The step that caused it was permitted, so nobody is asked again; states and guards of the other case hold all the same.
"""

from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from workflows import kinds
from workflows.actions import Opened, Opening, Order, StepOrder, carry_in, carry_out
from workflows.calendars import Clock
from workflows.history import NOTHING, Act
from workflows.kinds import Moment, Step
from workflows.models import Case
from workflows.refusals import Outcome


def open_kind(name: str, openings: Sequence[Opening], moment: Moment, note: str = "") -> Opened:
    act = Act.of("open", actor=moment.actor, at=moment.at, note=note)
    return carry_in(
        openings, Order(kind=kinds.get(name), actor=moment.actor, clock=_clock(moment), act=act, by_right=True)
    )


def take(
    cases: Collection[UUID], step: Step, moment: Moment, *, note: str = "", inputs: Mapping[str, Any] = NOTHING
) -> Outcome:
    """Take a step on other cases because of the present one."""
    act = Act.of(step.__name__, actor=moment.actor, at=moment.at, note=note, inputs=inputs)
    order = StepOrder(
        kind=kinds.of(step),
        step=step,
        actor=moment.actor,
        clock=_clock(moment),
        act=act,
        inputs=inputs,
        seen=NOTHING,
        reasons=NOTHING,
        by_right=True,
    )
    return carry_out(cases, order)


def hold(cases: Collection[UUID], moment: Moment, note: str = "") -> Outcome:
    """Hold cases of whatever kind. Those that cannot be held now are in the outcome with the reason."""
    return _by_kind(cases, "hold", moment, note)


def release(cases: Collection[UUID], moment: Moment, note: str = "") -> Outcome:
    return _by_kind(cases, "release", moment, note)


def _by_kind(cases: Collection[UUID], name: str, moment: Moment, note: str) -> Outcome:
    outcome = Outcome()
    held = Case.objects.filter(pk__in=cases).values_list("kind", "pk")
    names = {kind for kind, _ in held}
    for kind in sorted(filter(lambda kind: kind.name in names, kinds.registered()), key=attrgetter("name")):
        if step := getattr(kind, name):
            outcome.add(take([pk for known, pk in held if known == kind.name], step, moment, note=note))
    return outcome


def _clock(moment: Moment) -> Clock:
    return Clock(at=moment.at, calendar=moment.calendar)
