"""What whole pages need of cases, gathered with a fixed number of reads."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.forms import ChoiceField, Field, Form, ModelChoiceField
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Account, RoleGrant, Unit
from people.roles import Role
from workflows import access, history, kinds, standing
from workflows.calendars import Clock, Deadline, local_day
from workflows.kinds import Kind
from workflows.models import Case, TransitionRecord, WorkItem
from workflows.standing import StepView
from workflows.words import day_words, listed

RECENT = 20  # rows of history that a page shows at first


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A state of the straight way: done, skipped, now, end or todo."""

    label: str
    standing: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """A row of history as it is read."""

    number: int
    label: str
    actor: str
    at: datetime
    note: str
    change: str = ""
    tone: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    said: Sequence[tuple[str, str]] = ()  # the inputs by the labels of the step's form


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Whose turn it is: an open work item and who holds its desk."""

    item: WorkItem
    title: str
    desk: str
    holders: Sequence[str]
    mine: bool


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """Everything the page of one case shows."""

    case: Any
    kind: Kind
    stages: Sequence[Stage]
    turns: Sequence[Turn]
    steps: Sequence[StepView]
    ahead: StepView | None
    reasons: Sequence[Any]
    happenings: Sequence[Happening]
    earlier: int
    sound: bool  # the chain of the history holds
    siblings: Sequence[Case]

    @property
    def primary(self) -> StepView | None:
        """The step the reader most likely came for: the one that leads on, or the first that is open to him."""
        mine = [step for step in self.steps if step.permitted]
        if self.ahead in mine:
            return self.ahead
        return next((step for step in mine if step.open and not step.harm), None)

    @property
    def further(self) -> list[StepView]:
        return [step for step in self.steps if step.permitted and not step.harm and step != self.primary]

    @property
    def harmful(self) -> list[StepView]:
        return [step for step in self.steps if step.permitted and step.harm and step != self.primary]

    @property
    def state(self) -> str:
        return standing.state_label(self.kind, self.case.state)

    @property
    def aside(self) -> str:
        """The tone of the banner: a case that left the straight way, or came to its end, says so above all else."""
        straight = str(self.case.state) in [str(state) for state in self.kind.path]
        return "" if straight and not self.case.closed_at else str(self.kind.tones.get(self.case.state, "mute"))


def case_page(case: Case, account: Account, clock: Clock, *, whole: bool = False) -> CasePage:
    """`case` as `access.get_case` gives it: an instance of its kind's model."""
    kind = kinds.get(case.kind)
    offered = standing.steps(case, account)
    rows = list(records(case))
    # What reviewers and voters entered is for those who work on the case; its subject reads the notes and the facts.
    own = case.officer_id is not None and case.officer_id == account.officer_id
    shown = rows if whole else rows[-RECENT:]
    return CasePage(
        case=case,
        kind=kind,
        stages=stages(case, kind, clock, rows),
        turns=turns(case, account),
        steps=offered,
        ahead=standing.ahead(case, offered),
        reasons=list(case.reasons.all()),
        happenings=[happening(row, case, kind, inputs=not own) for row in reversed(shown)],
        earlier=len(rows) - len(shown),
        sound=not list(history.broken(rows, {case.pk: bytes(case.head)})),
        siblings=siblings(case, account),
    )


def records(case: Case) -> QuerySet[TransitionRecord]:
    return TransitionRecord.objects.filter(case_id=case.pk).select_related("actor__officer").order_by("number")


def happening(row: TransitionRecord, case: Case, kind: Kind, *, inputs: bool) -> Happening:
    step = kinds.steps(kind).get(row.step)
    moved = row.source and row.source != row.target
    words = {"from": standing.state_label(kind, row.source), "to": standing.state_label(kind, row.target)}
    given = json.loads(row.inputs or "{}") if inputs else {}
    tone = {"bad": "bad", "hold": "hold"}.get(str(kind.tones.get(row.target, "")), "")
    return Happening(
        number=row.number,
        label=str(kinds.label(step)) if step else _("开立"),
        actor=name_of(row.actor),
        at=row.at,
        note=row.note,
        change=_("%(from)s → %(to)s") % words if moved and step else "",
        tone="now" if row.number == case.version else tone,
        inputs=given,
        said=said(kind.forms.get(row.step), given),
    )


def said(form: type[Form] | None, inputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was entered, as the form asked for it. A row that was chosen is known by its number alone and left out."""
    if form is None:
        return []
    fields: Mapping[str, Field] = form.base_fields
    asked = [(name, known) for name, known in fields.items() if inputs.get(name) not in (None, "", [])]
    return [
        (str(known.label or name), in_words(known, inputs[name]))
        for name, known in asked
        if not isinstance(known, ModelChoiceField)
    ]


def in_words(known: Field, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    offered: Any = known.choices if isinstance(known, ChoiceField) else ()
    choices = dict(flatten_choices(offered))
    values = value if isinstance(value, list) else [value]
    return listed(line_in_words(one) if isinstance(one, dict) else choices.get(one, one) for one in values)


def line_in_words(line: Mapping[str, Any]) -> str:
    """One line of a list, such as an item, how many and what they cost."""
    return " ".join(str(part) for part in line.values())


def name_of(account: Account) -> str:
    return _("系统") if account.is_machine else account.shown_name


def stages(case: Case, kind: Kind, clock: Clock, rows: Sequence[TransitionRecord]) -> list[Stage]:
    """The straight way with the days on which each state was entered; a side state stands at the last one reached."""
    days = {row.target: row.at for row in rows if row.source != row.target}  # the last entry counts
    path = [str(state) for state in kind.path]
    reached = [number for number, state in enumerate(path) if state in days]
    here = path.index(str(case.state)) if str(case.state) in path else max(reached, default=0)
    return [
        _stage(case, kind, clock, place=(number, here), entered=days.get(state)) for number, state in enumerate(path)
    ]


def _stage(case: Case, kind: Kind, clock: Clock, *, place: tuple[int, int], entered: datetime | None) -> Stage:
    number, here = place
    state = str(kind.path[number])
    today = local_day(clock.at)
    label = standing.state_label(kind, state)
    if number == here:
        ended = case.closed_at is not None
        spent = clock.calendar.working_days(local_day(case.state_since), today)
        note = day_words(local_day(case.state_since), today=today) if ended else _spent(spent)
        return Stage(label=label, standing="end" if ended and state == case.state else "now", note=note)
    if number < here:
        day = day_words(local_day(entered), today=today) if entered else ""
        return Stage(label=label, standing="done" if entered else "skipped", note=day)
    duty = kind.duties.get(state)
    plan = standing.term(duty.due) if duty and isinstance(duty.due, Deadline) else ""
    return Stage(label=label, standing="todo", note=plan)


def _spent(days: int) -> str:
    return ngettext("已 %d 个工作日", "已 %d 个工作日", days) % days if days else _("今天进入")


def turns(case: Case, account: Account) -> list[Turn]:
    """The open work of a case, and who can do it."""
    items = list(WorkItem.objects.filter(case_id=case.pk, closed_at=None).select_related("officer").order_by("due_at"))
    desks = {(item.role, item.desk) for item in items if item.officer_id is None}
    names = dict(Unit.objects.filter(path__in=[path for _role, path in desks]).values_list("path", "name"))
    holders = holders_of(desks)
    kind = kinds.get(case.kind)
    return [_turn(item, kind, account, names=names, holders=holders) for item in items]


def _turn(
    item: WorkItem,
    kind: Kind,
    account: Account,
    *,
    names: dict[str, str],
    holders: dict[tuple[str, str], list[Account]],
) -> Turn:
    duty = kind.duties.get(item.duty)
    role = str(Role(item.role).label)
    if item.officer:
        held, desk = [item.officer.name], _("本人") if item.role == Role.OFFICER else role
        mine = item.officer_id == account.officer_id
    else:
        found = holders.get((item.role, item.desk), [])
        held = [holder.shown_name for holder in found if holder.pk != account.pk][:3]
        desk = " · ".join(part for part in (names.get(item.desk, ""), role) if part)
        mine = (item.role, item.desk) in account.grants
    title = str(duty.title) if duty else standing.state_label(kind, item.duty)
    return Turn(item=item, title=title, desk=desk, holders=held, mine=mine)


def holders_of(desks: set[tuple[str, str]]) -> dict[tuple[str, str], list[Account]]:
    """The people at each desk."""
    wanted = Q(pk__in=())
    for role, path in desks:
        wanted |= Q(role=role, path=path)
    found: dict[tuple[str, str], list[Account]] = {}
    grants = RoleGrant.objects.in_force(timezone.localdate()).filter(wanted, account__is_machine=False)
    for grant in grants.select_related("account__officer").order_by("account_id"):
        found.setdefault((grant.role, grant.path), []).append(grant.account)
    return found


def siblings(case: Case, account: Account) -> list[Case]:
    """Other open cases of the same subject."""
    same = Q(officer_id=case.officer_id) if case.officer_id else Q(unit_id=case.unit_id)
    return list(access.visible(account).filter(same, closed_at=None).exclude(pk=case.pk).order_by("-id")[:8])
