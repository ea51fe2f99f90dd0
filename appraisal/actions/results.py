"""Correcting a result: a later row supersedes it. The row it corrects stays as it was."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.grades import grades
from appraisal.models import Cycle, Result, ResultStatus
from people.models import Account, Officer, Unit
from people.refusals import Clash, NotPermitted, Unfit
from people.roles import Role
from workflows import clock as clocks
from workflows.calendars import Clock


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a result says."""

    status: str
    grade: str = ""
    score: float | None = None
    indicators: dict[str, float] = field(default_factory=dict)


@transaction.atomic
def correct_result(
    *, cycle: Cycle, subject: Officer | Unit, said: Said, reason: str, actor: Account, clock: Clock | None = None
) -> Result:
    """Write what holds from today on. Raises `Refused` when the actor may not, or when it cannot be so."""
    clock = clock or clocks.now()
    if not actor.may(Role.HR, path_of(subject)):
        raise NotPermitted
    if isinstance(subject, Officer) and subject.pk == actor.officer_id:
        raise NotPermitted(_("不能更正自己的结果，请由另一人办理"))
    if not reason.strip():
        raise Unfit(_("请写明更正的原因"))
    check(said, cycle, unit=isinstance(subject, Unit))
    # Two corrections at once: the second waits here and sees the first.
    Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    before = latest(cycle, subject)
    if before is not None and says(before) == said:
        raise Clash(_("与现在的结果完全相同，没有需要更正的"))
    if before is not None and before.recorded_on > clock.day:
        raise Clash(_("已有一行更晚录入的结果（%(day)s）") % {"day": before.recorded_on.isoformat()})
    return supersede(cycle=cycle, subject=subject, said=said, reason=reason.strip(), actor=actor, clock=clock)


def supersede(
    *, cycle: Cycle, subject: Officer | Unit, said: Said, reason: str, actor: Account, clock: Clock
) -> Result:
    """Add the row. For those who have already been found to be allowed to."""
    return Result.objects.create(
        cycle=cycle,
        officer=subject if isinstance(subject, Officer) else None,
        unit=subject if isinstance(subject, Unit) else None,
        status=said.status,
        grade=said.grade,
        score=said.score,
        indicators=said.indicators,
        recorded_on=clock.day,
        reason=reason,
        recorded_by=actor,
    )


def check(said: Said, cycle: Cycle, *, unit: bool) -> None:
    if said.status not in ResultStatus.values:
        raise Unfit(_("没有这种状态"))
    allowed = grades(cycle.kind, unit=unit)
    if said.status == ResultStatus.GRADED and said.grade not in allowed:
        raise Unfit(_("等次应为：%(words)s") % {"words": "、".join(allowed)})
    if said.status != ResultStatus.GRADED and (said.grade or said.score is not None):
        raise Unfit(_("不定等次或暂缓的结果没有等次和得分"))


def latest(cycle: Cycle, subject: Officer | Unit) -> Result | None:
    return subject.results.filter(cycle=cycle).order_by("-recorded_on", "-id").first()


def says(result: Result) -> Said:
    return Said(status=result.status, grade=result.grade, score=result.score, indicators=result.indicators)


def path_of(subject: Officer | Unit) -> str:
    return subject.unit.path if isinstance(subject, Officer) else subject.path
