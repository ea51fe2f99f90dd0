"""The state machines in pictures and tables, drawn from the code, and the cases that fell out of them."""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_fsm import Transition

from people.roles import Role
from workflows import kinds
from workflows.calendars import Deadline
from workflows.kinds import Duty, Kind
from workflows.models import Case

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))


def lost_cases() -> Iterator[tuple[UUID, str, str]]:
    """Cases whose kind or state is no longer in the code: id, kind, state."""
    known = {kind.name: kind for kind in kinds.registered()}
    lost = Case.objects.exclude(kind__in=known)
    for name, kind in known.items():
        lost |= Case.objects.filter(kind=name).exclude(state__in=states(kind))
    yield from lost.order_by("kind", "state", "pk").values_list("pk", "kind", "state")


def states(kind: Kind) -> Sequence[str]:
    values: Sequence[str] = kind.model.State.values  # type: ignore[attr-defined]
    return values


def page(kind: Kind) -> str:
    """The Markdown page of a kind, in both languages."""
    parts = [f"# {kind.name}\n"]
    for code, name in LANGUAGES:
        with translation.override(code):
            parts += [f"## {name}: {kind.title}\n", picture(kind), table(kind)]
    return "\n".join(parts)


def picture(kind: Kind) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{kind.label_of(state)}" as {state}' for state in states(kind)]
    lines.append(f"    [*] --> {kind.initial}")
    for name, edge, target in _arrows(kind):
        lines.append(f"    {edge.source} --> {target}: {edge.custom.get('label', name)}")
    lines += [f"    {state} --> [*]" for state in kind.outcomes]
    return "\n".join([*lines, "```\n"])


def table(kind: Kind) -> str:
    head = (_("状态"), _("职责"), _("期限"), _("步骤"))
    rows = [head, ("---",) * len(head), *(_row(kind, state) for state in states(kind))]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _row(kind: Kind, state: str) -> tuple[str, ...]:
    duty = kind.duties.get(state)
    asked = f"{Role(duty.role).label}: {duty.title}" if duty else kind.outcomes.get(state, "")
    steps = [_step(kind, name, edge, target) for name, edge, target in _arrows(kind) if edge.source == state]
    return f"{kind.label_of(state)} `{state}`", asked, _until(duty) if duty else "", "<br>".join(steps)


def _step(kind: Kind, name: str, edge: Transition, target: str) -> str:
    roles = " / ".join(str(Role(role).label) for role in getattr(edge.permission, "roles", ()))
    guards = "; ".join(str(guard.words) for guard in edge.conditions)  # type: ignore[attr-defined]
    label = edge.custom.get("label", name)
    return (
        f"{label} `{name}` → {kind.label_of(target)}"
        + (f" ({roles})" if roles else "")
        + (f": {guards}" if guards else "")
    )


def _arrows(kind: Kind) -> Iterator[tuple[str, Transition, str]]:
    """Each step from each of its sources to each target it may lead to, in the order of the states."""
    order = {state: place for place, state in enumerate(states(kind))}
    arrows = [
        (name, edge, target)
        for name, step in kinds.steps(kind).items()
        for edge in kinds.edges(step)
        for target in kinds.targets(edge)
    ]
    return iter(
        sorted(arrows, key=lambda arrow: (order.get(str(arrow[1].source), -1), order.get(arrow[2], -1), arrow[0]))
    )


def _until(duty: Duty) -> str:
    said = [_("视事项而定") if callable(duty.due) else words(duty.due)]
    if duty.remind:
        said.append(_("%s后提醒") % words(duty.remind))
    if duty.expiry:
        said.append(_("到期：%s") % kinds.label(duty.expiry))
    return "; ".join(said)


def words(deadline: object) -> str:
    """A deadline in words: 5 个工作日."""
    if not isinstance(deadline, Deadline):
        return str(deadline)
    count: dict[str, Callable[[int], str]] = {
        "days": lambda n: ngettext("%d 日", "%d 日", n),
        "working_days": lambda n: ngettext("%d 个工作日", "%d 个工作日", n),
        "months": lambda n: ngettext("%d 个月", "%d 个月", n),
        "years": lambda n: ngettext("%d 年", "%d 年", n),
    }
    return count[deadline.unit](deadline.number) % deadline.number
