"""Where one case stands: the steps from here, what bars each of them, and who will be told when it is taken."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_fsm import ANY_OTHER_STATE, ANY_STATE, Transition

from people.models import Account
from people.roles import Role
from workflows import capacity, kinds
from workflows.calendars import Deadline
from workflows.kinds import Duty, Kind
from workflows.models import Case
from workflows.refusals import Guard, Reason, Refusal, Words
from workflows.words import clauses


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing a step asks for, and whether it is there."""

    words: Words
    met: bool


@dataclass(frozen=True, kw_only=True)
class Tell:
    """Somebody who hears of a step, or gets work by it."""

    icon: str
    words: str


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A step as the case page offers it."""

    name: str
    label: Words
    harm: bool
    needs: Sequence[Need]
    permitted: bool
    asks: bool  # for more than a note
    targets: Sequence[str]
    tells: Sequence[Tell]
    in_place_of: str = ""  # the name of him for whom the reader would take it, standing in

    @property
    def lacking(self) -> list[Need]:
        return [need for need in self.needs if not need.met]

    @property
    def open(self) -> bool:
        return self.permitted and not self.lacking

    @property
    def why(self) -> str:
        """Why it is barred, in one sentence."""
        if not self.permitted:
            return str(Reason.NOT_PERMITTED.label)
        return _("还差：%s。") % clauses(need.words for need in self.lacking)


def edge_from(step: kinds.Step, state: str) -> Transition | None:
    """The step's transition from a state, if it has one."""
    by_source = {edge.source: edge for edge in kinds.edges(step)}
    found: Transition | None = by_source.get(state) or by_source.get(ANY_STATE)
    if found is None and (other := by_source.get(ANY_OTHER_STATE)) and other.target != state:
        found = other
    return found


def words_of(guard: Guard) -> Words:
    """What a guard asks for, as it says itself."""
    words: Words = getattr(guard, "words", _("条件未满足"))
    return words


def steps(case: Case, account: Account) -> list[StepView]:
    """The steps from the state the case is in that a person may take: those open to the account first."""
    kind = kinds.get(case.kind)
    found = [view(kind, case, name, step, account) for name, step in kinds.steps(kind).items()]
    known = [step for step in found if step is not None]
    straight = {state: number for number, state in enumerate(kind.path)}
    here = straight.get(str(case.state), -1)

    def rank(step: StepView) -> tuple[bool, bool, int]:
        ahead = [straight[target] for target in step.targets if straight.get(target, -1) > here]
        return (not step.permitted, step.harm, min(ahead) if ahead else len(straight))

    return sorted(known, key=rank)


def view(kind: Kind, case: Case, name: str, step: kinds.Step, account: Account) -> StepView | None:
    edge = edge_from(step, str(case.state))
    if edge is None or step is kind.join or not for_people(edge):
        return None
    targets = [str(case.state) if target in (ANY_STATE, ANY_OTHER_STATE) else target for target in kinds.targets(edge)]
    form = kind.forms.get(name)
    place = capacity.acting(case, edge, account)
    return StepView(
        name=name,
        label=edge.custom["label"],
        harm=bool(edge.custom.get("harm")),
        needs=[Need(words=words_of(guard), met=bool(guard(case))) for guard in edge.conditions],
        permitted=place is not None,
        asks=form is not None and set(form.base_fields) > {"note"},
        targets=targets,
        tells=tells(kind, targets),
        in_place_of=place.shown_name if place is not None and place.deputy else "",
    )


def named(cases: Iterable[Case], step: kinds.Step, account: Account) -> Iterator[tuple[Case, Account | None]]:
    """Each case with the account in whose name the step is taken on it."""
    for case in cases:
        yield case, capacity.acting(case, edge_from(step, str(case.state)), account)


def for_people(edge: Transition) -> bool:
    """Whether somebody else than the clock and the engine may take it."""
    roles = getattr(edge.permission, "roles", ())
    return not roles or any(role != Role.SYSTEM for role in roles)


def ahead(case: Case, steps_: Sequence[StepView]) -> StepView | None:
    """The step that leads on along the kind's straight way: what it lacks is what the case lacks."""
    path = [str(state) for state in kinds.get(case.kind).path]
    here = path.index(str(case.state)) if str(case.state) in path else -1
    onward = [(path.index(target), step) for step in steps_ for target in step.targets if target in path]
    return next((step for place, step in sorted(onward, key=lambda pair: pair[0]) if place > here), None)


def tells(kind: Kind, targets: Sequence[str]) -> list[Tell]:
    """Who will be told and who gets work when one of the states is entered."""
    found: list[Tell] = []
    for state in targets:
        also = _("（如进入“%s”）") % state_label(kind, state) if len(targets) > 1 else ""
        if duty := kind.duties.get(state):
            found.append(Tell(icon="desk", words=_duty_words(duty) + also))
        told = [receiver(dispatch.role) for dispatch in kind.dispatches.get(state, ()) if dispatch.role != Role.SYSTEM]
        found += [Tell(icon="mail", words=_("通知%s") % who + also) for who in told]
    return list(dict.fromkeys(found))


def _duty_words(duty: Duty) -> str:
    said = {"who": receiver(duty.role), "what": duty.title}
    if isinstance(duty.due, Deadline):
        return _("交%(who)s办理“%(what)s”，期限 %(term)s") % (said | {"term": term(duty.due)})
    return _("交%(who)s办理“%(what)s”") % said


def receiver(role: str) -> str:
    if role == Role.OFFICER:
        return _("本人")
    return str(Role(role).label)


def term(deadline: Deadline) -> str:
    """10 个工作日; a legal limit in calendar days says 日."""
    number = deadline.number
    if deadline.unit == "working_days":
        return ngettext("%d 个工作日", "%d 个工作日", number) % number
    if deadline.unit == "days":
        return ngettext("%d 日", "%d 日", number) % number
    if deadline.unit == "months":
        return ngettext("%d 个月", "%d 个月", number) % number
    return ngettext("%d 年", "%d 年", number) % number


def state_label(kind: Kind, state: str) -> str:
    states: Any = getattr(kind.model, "State", None)
    return str(dict(states.choices).get(state, state)) if states else state


def refusal_words(refusal: Refusal) -> str:
    """Why it was refused: the guard's own words, or what the reason means."""
    general = str(refusal.reason.label)
    if not refusal.words or str(refusal.words) == general:
        return general
    return _("%(reason)s：%(words)s") % {"reason": general, "words": refusal.words}
