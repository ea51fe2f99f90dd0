"""What a linkage tells the engine about its cases, and the registry in which the linkages meet."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.forms import Form
from django_fsm import Transition

from people.models import Account
from workflows.calendars import Calendar, Deadline, Since
from workflows.models import Case
from workflows.refusals import Refusal, Words

Step = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Who acts when, by which calendar: the same for all that one call causes."""

    actor: Account
    at: datetime
    calendar: Calendar


Effect = Callable[[Sequence[Any], Moment], Mapping[UUID, Refusal]]  # of cases of the kind's own model


@dataclass(frozen=True, kw_only=True)
class Duty:
    """Work that a state lays on somebody: what is asked, of whom, by when, and what happens when it is not done.

    `role` is a `people.roles.Role`; `Role.OFFICER` lays it on the subject himself, `Role.UNIT_HEAD` on the head of the
    subject's line unit, any other on the nearest desk of the role up the line. `due` is a deadline counted from
    entering the state, or a function of the case that gives one, says since when one runs (a public notice, which an
    objection does not begin anew), or names the last day itself (the end of a term). What hangs on working days is
    never named: a calendar that changes could not move it. The functions see the case as the step and its effects left
    it, and may not query.
    """

    role: str
    title: Words  # "初审"
    due: Deadline | Callable[[Any], Deadline | Since | date]
    remind: Deadline | None = None  # counted from the start; none: no reminder before it is due
    expiry: Step | None = None  # taken by the clock when the time is up; then lateness is not escalated
    person: Callable[[Any], int | None] | None = None  # the officer it is laid on; for none, the desk of the role
    # The unit path from which the nearest desk is looked for: one of the case's own or one above.
    at: Callable[[Any], str] | None = None
    usual: Deadline | None = None  # what a forecast counts with where `due` asks the case


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """Something told when a state is entered: to a role's desk, or with `Role.OFFICER` to the subject."""

    topic: str
    role: str
    title_zh: str  # "{subject}：{title}已提名"; fields: subject, title, kind, state
    title_en: str
    payload: Callable[[Any], dict[str, Any]] | None = None  # made of the case in memory, when the step is taken
    person: Callable[[Any], int | None] | None = None  # as with a duty
    at: Callable[[Any], str] | None = None


@dataclass(frozen=True, kw_only=True)
class DecisionView:
    """A decision as a kind sees it when a case is opened for it."""

    rule: str
    cycle: str
    outcome: str  # the word after the kind: of `reward:嘉奖` it is 嘉奖
    focus: str = ""
    dose: str = ""


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What a case of one outcome is expected to be before there is one: its way, its own fields, what it costs."""

    path: Sequence[str]
    fields: Mapping[str, Any] = field(default_factory=dict)
    cost: Decimal = Decimal(0)  # yuan


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One linkage's cases. `path` is the straight way through the states, as the page draws it."""

    name: str
    title: Words
    icon: str  # name in the icon sprite
    model: type[Case]
    initial: str
    path: Sequence[str]
    openers: Sequence[str]  # roles that may open a case
    readers: Sequence[str]  # roles that may see a case within their units, beside its subject
    tones: Mapping[str, str]  # state: mute, info, warn, hold, bad, ok
    version: int = 1
    duties: Mapping[str, Duty] = field(default_factory=dict)
    # On entering the state, and on a step that keeps it. An effect may set own fields of the cases it is given.
    effects: Mapping[str, Sequence[Effect]] = field(default_factory=dict)
    dispatches: Mapping[str, Sequence[Dispatch]] = field(default_factory=dict)  # on entering the state
    outcomes: Mapping[str, str] = field(default_factory=dict)  # final state: outcome word
    forms: Mapping[str, type[Form]] = field(default_factory=dict)  # step name: what the step asks for
    hold: Step | None = None  # lets another case hold this one (an objection), and release it again
    release: Step | None = None
    # Title and own fields of the case to be opened for a decision. May not query.
    from_decision: Callable[[DecisionView], tuple[str, Mapping[str, Any]]] | None = None
    # One open case per subject: a further decision joins it by this step, whose inputs are made of the decision.
    join: Step | None = None
    join_inputs: Callable[[DecisionView], Mapping[str, Any]] | None = None
    # Of each outcome word of a preview. May query once; none: every case goes the straight way and costs nothing.
    foresee: Callable[[Collection[str]], Mapping[str, Foreseen]] | None = None
    withdraw: Step | None = None  # ends a case whose decision no longer holds
    suspend: Step | None = None  # lets a case stand still while something is looked into; without one, `hold` does
    resume: Step | None = None
    # Takes back what was given. Where there are `grounds`, only on one of them, handed to the step as `reason`: that
    # the decision no longer holds is none.
    revoke: Step | None = None
    grounds: Mapping[str, Words] = field(default_factory=dict)
    panel: str = ""  # template of the kind's own facts on the case page, given `case`

    def label_of(self, state: str) -> Words:
        """What a state is called. One that is no longer there is called by its word."""
        states: type[TextChoices] = self.model.State  # type: ignore[attr-defined]
        return states(state).label if state in states.values else state


_kinds: dict[str, Kind] = {}
_by_step: dict[Step, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known. Called once, from the app's `ready`."""
    _kinds[kind.name] = kind
    for step in steps(kind).values():
        if _by_step.setdefault(step, kind) is not kind:
            raise ValueError(f"{step.__qualname__} belongs to two kinds")


def steps(kind: Kind) -> dict[str, Step]:
    state = Case._meta.get_field("state")
    found: Mapping[str, Step] = state.transitions[kind.model]
    return dict(found)


def of(step: Step) -> Kind:
    return _by_step[step]


def get(name: str) -> Kind:
    return _kinds[name]


def find(name: str) -> Kind | None:
    """The kind, or none where its app is not installed any more."""
    return _kinds.get(name)


def registered() -> Iterator[Kind]:
    yield from _kinds.values()


def edges(step: Step) -> Sequence[Transition]:
    """Each source state of a step with its target, guards and permission."""
    return list(step._django_fsm.transitions.values())  # type: ignore[attr-defined]


def possible(step: Step | None, state: str) -> bool:
    """Whether a step leaves that state, whoever takes it."""
    return step is not None and bool(step._django_fsm.has_transition(state))  # type: ignore[attr-defined]


def targets(edge: Transition) -> Sequence[str]:
    """The states a step can lead to from one source: several if its body says which, its own if it keeps the state."""
    if edge.target is None:
        return [str(edge.source)]
    return [str(state) for state in getattr(edge.target, "allowed_states", [edge.target])]


def label(step: Step) -> Words:
    """The step's name on a button, given as `custom={"label": _("初审通过")}` in its transition."""
    words: Words = edges(step)[0].custom["label"]
    return words
