"""What whole pages need of cases, gathered with a fixed number of reads."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.forms import ChoiceField, Field, Form, ModelChoiceField
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Account, Unit
from people.roles import Role
from people.stand_ins import away
from workflows import access, claims, desk, history, kinds, pausing, standing
from workflows.calendars import Clock, Deadline, local_day
from workflows.kinds import Kind
from workflows.models import Case, TransitionRecord, WorkItem
from workflows.pausing import PauseRow
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
    actor: str  # "李某（代张某）" where he stood in
    at: datetime
    note: str
    on_behalf_of: str = ""
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
    lent_by: str = ""  # whose turn it is that the reader sees because he stands in for him
    away: date | None = None  # until when the one it is laid on by name is out of office
    claimable: bool = False
    releasable: bool = False
    colleagues: Sequence[Account] = ()  # to whom the reader may hand it


@dataclass(frozen=True, kw_only=True)
class Seats:
    """Who sits where: the names of units, the people at each desk, and which of those asked by name are away."""

    names: Mapping[str, str]
    holders: Mapping[tuple[str, str], list[Account]]
    away: Mapping[int, date]


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
    pauses: Sequence[PauseRow]
    unpublished: Sequence[int]  # years without holidays on which a deadline hangs
    pausable: bool
    resumable: bool

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
    waiting = turns(case, account)
    keeps = pausing.pauser(case, account) is not None
    return CasePage(
        case=case,
        kind=kind,
        stages=stages(case, kind, clock, rows),
        turns=waiting,
        steps=offered,
        ahead=standing.ahead(case, offered),
        reasons=list(case.reasons.all()),
        happenings=[happening(row, case, kind, inputs=not own) for row in reversed(shown)],
        earlier=len(rows) - len(shown),
        sound=not list(history.broken(rows, {case.pk: bytes(case.head)})),
        siblings=siblings(case, account),
        pauses=pausing.pauses(case.pk),
        unpublished=pausing.unpublished([turn.item for turn in waiting], clock.calendar),
        pausable=keeps and any(turn.item.paused_at is None for turn in waiting),
        resumable=keeps and any(turn.item.paused_at for turn in waiting),
    )


def records(case: Case) -> QuerySet[TransitionRecord]:
    return (
        TransitionRecord.objects.filter(case_id=case.pk)
        .select_related("actor__officer", "on_behalf_of__officer")
        .order_by("number")
    )


def happening(row: TransitionRecord, case: Case, kind: Kind, *, inputs: bool) -> Happening:
    step = kinds.steps(kind).get(row.step)
    moved = row.source and row.source != row.target
    words = {"from": standing.state_label(kind, row.source), "to": standing.state_label(kind, row.target)}
    given = json.loads(row.inputs or "{}") if inputs else {}
    tone = {"bad": "bad", "hold": "hold"}.get(str(kind.tones.get(row.target, "")), "")
    return Happening(
        number=row.number,
        label=str(kinds.label(step)) if step else _("开立"),
        actor=acted(row.actor, row.on_behalf_of),
        on_behalf_of=name_of(row.on_behalf_of) if row.on_behalf_of else "",
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


def acted(actor: Account, principal: Account | None) -> str:
    """李某, or 李某（代张某）."""
    if principal is None:
        return name_of(actor)
    return _("%(actor)s（代%(principal)s）") % {"actor": name_of(actor), "principal": name_of(principal)}


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
    rows = WorkItem.objects.filter(case_id=case.pk, closed_at=None).select_related("officer", "claimed_by__officer")
    items = list(rows.order_by("due_at"))
    desks = {(item.role, item.desk) for item in items if item.officer_id is None}
    names = dict(Unit.objects.filter(path__in=[path for _role, path in desks]).values_list("path", "name"))
    seats = Seats(
        names=names,
        holders=claims.colleagues(items),
        away=away([item.officer_id for item in items if item.officer_id], timezone.localdate()),
    )
    kind = kinds.get(case.kind)
    return [_turn(item, kind, account, seats) for item in items]


def _turn(item: WorkItem, kind: Kind, account: Account, seats: Seats) -> Turn:
    duty = kind.duties.get(item.duty)
    title = str(duty.title) if duty else standing.state_label(kind, item.duty)
    lent_by = desk.lent_by(item, account)
    role = str(Role(item.role).label)
    if item.officer:
        place = _("本人") if item.role == Role.OFFICER else role
        return Turn(
            item=item,
            title=title,
            desk=place,
            holders=[item.officer.name],
            mine=item.officer_id == account.officer_id or bool(lent_by),
            lent_by=lent_by,
            away=seats.away.get(item.officer.pk),
        )
    found = seats.holders.get((item.role, item.desk), [])
    mine = (item.role, item.desk) in account.grants or bool(lent_by)
    over = claims.hands_out(account, item)
    return Turn(
        item=item,
        title=title,
        desk=" · ".join(part for part in (seats.names.get(item.desk, ""), role) if part),
        holders=[holder.shown_name for holder in found if holder.pk != account.pk][:3],
        mine=mine,
        lent_by=lent_by,
        claimable=mine and item.claimed_by_id is None,
        releasable=item.claimed_by_id is not None and (item.claimed_by_id == account.pk or over),
        colleagues=[one for one in found if one.pk not in (account.pk, item.claimed_by_id)] if mine or over else [],
    )


def siblings(case: Case, account: Account) -> list[Case]:
    """Other open cases of the same subject."""
    same = Q(officer_id=case.officer_id) if case.officer_id else Q(unit_id=case.unit_id)
    return list(access.visible(account).filter(same, closed_at=None).exclude(pk=case.pk).order_by("-id")[:8])
