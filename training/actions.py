"""Placing people in classes, telling the training unit by versioned lists, marking, and notes on the way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from people.access import log_looks
from people.models import Account, Officer
from people.queries import Desks
from people.roles import Role
from training import guards, queries, rosters
from training.models import CheckIn, ClassSession, Enrollment, EnrollmentList, Form, Goal, Result, TrainingCase
from workflows import clock as clocks
from workflows import receipts
from workflows.actions import advance
from workflows.calendars import Clock, Deadline, end_of
from workflows.models import Cause, OutboxMessage
from workflows.refusals import Outcome, Refusal, Unmet, by_line_manager

LIST_TOPIC = "training.list"
HELP_TOPIC = "training.help"
RECEIPT = Deadline(number=2)  # working days until a list is to be confirmed; the bureau's own
Status = Enrollment.Status


# Seats -----------------------------------------------------------------------------------------------------------
def enroll(
    session: ClassSession, cases: Collection[UUID], *, actor: Account, clock: Clock | None = None, note: str = ""
) -> Outcome:
    """Place each case in the class that can be placed, and say of each other why not. Seats are never oversold."""
    inputs = queries.place_inputs(session)
    return advance(cases, TrainingCase.place, actor=actor, clock=clock, note=note, inputs=inputs)


def try_out(session: ClassSession, cases: Collection[UUID], *, actor: Account, clock: Clock | None = None) -> Outcome:
    """What `enroll` would do now. Done and undone in one transaction: it saves nothing and tells nobody."""
    with transaction.atomic():
        outcome = enroll(session, cases, actor=actor, clock=clock)
        transaction.set_rollback(True)
    return outcome


# Lists -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def issue_list(session: ClassSession, *, actor: Account, clock: Clock | None = None) -> EnrollmentList:
    """Send the training unit the list as it stands. Nothing changed since the last version: that one still holds."""
    clock = clock or clocks.now()
    _may_train(session, actor)
    locked = ClassSession.objects.select_for_update(of=("self",)).select_related("course", "unit").get(pk=session.pk)
    latest = locked.lists.order_by("-version").first()
    rows = queries.roster(locked)
    changes = rosters.difference(latest.rows if latest else [], rows)
    if latest and changes.is_empty:
        return latest
    if latest is None and not rows:
        raise Unmet(_("还没有人排进这一期，没有名册可发"))
    version = latest.version + 1 if latest else 1
    listed = EnrollmentList.objects.create(
        session=locked,
        version=version,
        rows=rows,
        added=changes.added,
        removed=changes.removed,
        count=len(rows),
        checksum=rosters.checksum(locked.course.code, locked.number, version, rows),
        sent_at=clock.at,
        sent_by=actor,
        due_at=end_of(clock.calendar.due(clock.day, RECEIPT).day),
    )
    _tell_of(listed, latest, clock)
    return listed


def _tell_of(listed: EnrollmentList, before: EnrollmentList | None, clock: Clock) -> None:
    """To the desk of the training unit nearest to the class; it owes a receipt. The file is made when the letter is."""
    said = {"course": listed.session.course.name, "number": listed.session.number, "version": listed.version}
    payload = {
        "list": listed.pk,
        "title_zh": "{course}第 {number} 期：名册第 {version} 版，请确认收到".format(**said),
        "title_en": "{course}, class {number}: list version {version}, please confirm".format(
            **said | {"course": listed.session.course.name_en or listed.session.course.name}
        ),
    }
    desk = Desks.on(clock.day).nearest(Role.TRAINING_UNIT, listed.session.unit.path)
    _tell(LIST_TOPIC, Role.TRAINING_UNIT, desk, payload, clock)
    _ask_for_receipt(listed, before, desk, clock)


def _ask_for_receipt(listed: EnrollmentList, before: EnrollmentList | None, desk: str, clock: Clock) -> None:
    said = {"course": listed.session.course.name, "number": listed.session.number, "version": listed.version}
    english = said | {"course": listed.session.course.name_en or listed.session.course.name}
    asked = receipts.Asked(
        key=receipt_key(listed),
        role=Role.TRAINING_UNIT,
        desk=desk,
        line_path=listed.session.unit.path,
        title_zh="{course}第 {number} 期名册第 {version} 版".format(**said),
        title_en="{course}, class {number}, list version {version}".format(**english),
        link=f"{reverse('training:class', args=[listed.session_id])}?version={listed.version}",
        count=listed.count,
        checksum=listed.checksum,
        due_at=listed.due_at,
        added=len(listed.added) if before else 0,
        removed=len(listed.removed),
    )
    receipts.ask(asked, replaces=receipt_key(before) if before else "", clock=clock)


def receipt_key(listed: EnrollmentList) -> str:
    return f"{LIST_TOPIC}:{listed.pk}"


def _tell(
    topic: str, role: str, desk: str, payload: Mapping[str, Any], clock: Clock, case: TrainingCase | None = None
) -> None:
    OutboxMessage.objects.create(
        topic=topic,
        cause=Cause.NOTICE,
        case=case,
        role=role,
        desk=desk,
        payload=dict(payload),
        written_at=clock.at,
        available_at=clock.at,
    )


@transaction.atomic
def confirm_list(
    listed: EnrollmentList, *, count: int, checksum: str, actor: Account, clock: Clock | None = None
) -> EnrollmentList:
    """Take the receipt of a list: the one who has it says how many names and which checksum it bears."""
    clock = clock or clocks.now()
    locked = EnrollmentList.objects.select_for_update(of=("self",)).select_related("session__unit").get(pk=listed.pk)
    _may_train(locked.session, actor, Role.TRAINING_UNIT)
    if locked.confirmed_at:
        raise Unmet(_("第 %d 版已有回执") % locked.version)
    if EnrollmentList.objects.filter(session=locked.session_id, version__gt=locked.version).exists():
        raise Unmet(_("已有新的一版，请看最新名册"))
    if count != locked.count or checksum != locked.checksum:
        raise Unmet(_("人数或校验码与第 %d 版不一致，请重新下载后核对") % locked.version)
    locked.confirmed_at, locked.confirmed_by = clock.at, actor
    locked.save(update_fields=["confirmed_at", "confirmed_by"])
    receipts.close(receipt_key(locked), actor=actor, clock=clock)
    return locked


def confirm_by_key(key: str, *, count: int, checksum: str, actor: Account) -> object:
    """The same for whoever knows the list by its receipt."""
    return confirm_list(_by_key(key), count=count, checksum=checksum, actor=actor)


def content_by_key(key: str, *, account: Account) -> Mapping[str, Any]:
    """What the list holds, for the training unit's system. That its names were read is written down."""
    listed = _by_key(key)
    officers = Officer.objects.filter(badge__in=[row["badge"] for row in listed.rows])
    log_looks(account, list(officers), page="api:receipt")
    return {
        "class": f"{listed.session.course.code}-{listed.session.number}",
        "version": listed.version,
        "rows": listed.rows,
        "added": listed.added if listed.version > 1 else [],
        "removed": [row["badge"] for row in listed.removed],
    }


def _by_key(key: str) -> EnrollmentList:
    return EnrollmentList.objects.select_related("session__course").get(pk=key.rpartition(":")[2])


def _may_train(session: ClassSession, actor: Account, *roles: str) -> None:
    if not any(actor.may(role, session.unit.path) for role in roles or (Role.TRAINING_UNIT, Role.HR)):
        raise Unmet(_("你没有办理这一步的权限"))


# Attendance and marks --------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the training unit says of one seat."""

    status: str
    mark: int | None = None


@dataclass(slots=True)
class Marked:
    """The seats that were written, and why the others were not."""

    saved: int = 0
    refused: dict[int, Refusal] = field(default_factory=dict)  # by enrollment


SAYS = (Status.ATTENDED, Status.PASSED, Status.FAILED, Status.ABSENT)
DONE = (Status.PASSED, Status.FAILED, Status.ABSENT, Status.LEFT)


@transaction.atomic
def mark_class(
    session: ClassSession, verdicts: Mapping[int, Verdict], *, actor: Account, clock: Clock | None = None
) -> Marked:
    """Write who came and who passed; where a class is all there is, the case goes on with it.

    A verdict once given stays: what follows from it has begun.
    """
    clock = clock or clocks.now()
    _may_train(session, actor, Role.TRAINING_UNIT)
    if clock.day < session.starts_on:
        raise Unmet(_("还没有开班，%s 起可以登记") % session.starts_on.isoformat())
    seats = Enrollment.objects.select_for_update(of=("self",)).filter(session=session.pk, pk__in=verdicts)
    open_seats = [seat for seat in seats.select_related("case") if seat.status not in DONE]
    marked = Marked()
    for status in SAYS:
        group = [seat for seat in open_seats if verdicts[seat.pk].status == status]
        refused = _go_on(group, status, actor, clock)
        marked.refused |= refused
        marked.saved += _write([seat for seat in group if seat.pk not in refused], verdicts)
    return marked


def _go_on(group: Sequence[Enrollment], status: str, actor: Account, clock: Clock) -> dict[int, Refusal]:
    """Move the cases whose whole remedy was the class; a plan goes on and is judged at its own end."""
    alone = {seat.case_id: seat.pk for seat in group if seat.case.form == Form.CLASS}
    if not alone or status == Status.ATTENDED:
        return {}
    if status == Status.ABSENT:
        said: dict[str, Any] = {"reason": _("缺课")}
        outcome = advance(alone, TrainingCase.unplace, actor=actor, clock=clock, note=said["reason"], inputs=said)
    else:
        result = Result.MET if status == Status.PASSED else Result.NOT_MET
        outcome = advance(alone, TrainingCase.reassess, actor=actor, clock=clock, inputs={"result": result.value})
    return {alone[case]: refusal for case, refusal in outcome.refused.items()}


def _write(seats: Sequence[Enrollment], verdicts: Mapping[int, Verdict]) -> int:
    for seat in seats:
        seat.status, seat.mark = verdicts[seat.pk].status, verdicts[seat.pk].mark
    return Enrollment.objects.bulk_update(seats, ["status", "mark"]) if seats else 0


# Notes on the way ------------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Note:
    words: str
    feeling: str = ""
    goal: Goal | None = None
    figure: float | None = None


@transaction.atomic
def check_in(case: TrainingCase, note: Note, *, actor: Account, clock: Clock | None = None) -> CheckIn:
    """Keep what was done since the last note, by the person or his manager. A call for help reaches the manager."""
    clock = clock or clocks.now()
    if not may_note(case, actor):
        raise Unmet(_("你没有办理这一步的权限"))
    if case.state not in queries.NOTING:
        raise Unmet(_("计划进行中才能写记录"))
    if not note.words.strip():
        raise Unmet(_("请写做了什么"))
    written = CheckIn.objects.create(
        case=case,
        by=actor,
        day=clock.day,
        words=note.words.strip(),
        feeling=note.feeling,
        goal=note.goal if note.goal and note.goal.case_id == case.pk else None,
        figure=note.figure,
    )
    if note.feeling == "needs_help" and not by_line_manager(case, actor):
        _call_for_help(case, clock)
    return written


def may_note(case: TrainingCase, actor: Account) -> bool:
    return guards.by_concerned(case, actor) or by_line_manager(case, actor)


def _call_for_help(case: TrainingCase, clock: Clock) -> None:
    payload = {
        "title_zh": "{subject}在双周记录里请求帮助",
        "title_en": "{subject} asked for help in a check-in",
    }
    desk = Desks.on(clock.day).nearest(Role.UNIT_HEAD, case.line_path)
    _tell(HELP_TOPIC, Role.UNIT_HEAD, desk, payload, clock, case)
