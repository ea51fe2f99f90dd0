"""Which rows made the difference: what became known of a subject between two runs, in words."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import Q

from appraisal.models import Fact, FactKind, Result, ResultStatus
from linkage import register
from linkage.models import Decision, DecisionStatus, Run
from linkage.rules.find import find
from linkage.rules.model import Rank
from linkage.rules.phrases import FACTS
from people.models import Officer

MOST = 6
Row = Mapping[str, str]
STATUS = {
    ResultStatus.GRADED: ("已定等次", "graded"),
    ResultStatus.UNGRADED: ("不定等次", "ungraded"),
    ResultStatus.PENDING: ("暂缓定等次", "pending"),
}


def causes(run: Run, before: Decision | None, after: Decision | None) -> list[Row]:
    """What was recorded of the subject after the earlier decision's day and up to the run's; else whose rows it was."""
    decision = after or before
    if decision is None:
        return []
    since = before.run.as_of if before else _day_before(run)
    found = [*_results(decision, since, run.as_of), *_facts(decision, since, run.as_of)][:MOST]
    return found or [_others() if _hangs_on_others(run, before, after) else _time(since, run.as_of)]


def _hangs_on_others(run: Run, before: Decision | None, after: Decision | None) -> bool:
    """A seat won or lost, or a rule that ranks."""
    if any(one is not None and one.status == DecisionStatus.OVER_QUOTA for one in (before, after)):
        return True
    decision = after or before
    rule = register.parsed(run.policy).rules.get(decision.rule) if decision else None
    return rule is not None and next(find(rule.when, Rank), None) is not None


def _day_before(run: Run) -> date:
    earlier = run.cycle.runs.exclude(pk=run.pk).filter(as_of__lte=run.as_of).order_by("-as_of").first()
    return earlier.as_of if earlier else run.cycle.ends_on


def _about(decision: Decision) -> Q:
    """The subject's own rows, and those of an officer's unit, which may reach its leader."""
    if isinstance(decision.subject, Officer):
        return Q(officer=decision.officer_id) | Q(unit=decision.subject.unit_id)
    return Q(unit=decision.unit_id)


def _results(decision: Decision, since: date, until: date) -> Iterator[Row]:
    rows = Result.objects.filter(_about(decision), recorded_on__gt=since, recorded_on__lte=until)
    for row in rows.select_related("cycle").order_by("recorded_on", "pk"):
        same = Q(officer=row.officer_id) if row.officer_id else Q(unit=row.unit_id)
        earlier = Result.objects.filter(same, cycle=row.cycle, pk__lt=row.pk).order_by("-recorded_on", "-pk").first()
        zh, en = _graded(row)
        if earlier is None:
            yield _row(row.recorded_on, f"{row.cycle.code}结果补录：{zh}", f"result of {row.cycle.code} added: {en}")
            continue
        was, had = _graded(earlier)
        why = f"（{row.reason}）" if row.reason else ""
        yield _row(
            row.recorded_on,
            f"{row.cycle.code}结果由{was}更正为{zh}{why}",
            f"result of {row.cycle.code} corrected from {had} to {en}",
        )


def _graded(row: Result) -> tuple[str, str]:
    words = STATUS.get(ResultStatus(row.status), ("", ""))
    score = f" {row.score:g}" if row.score is not None else ""
    return (f"{row.grade}{score}", f"{row.grade}{score}") if row.grade else words


def _facts(decision: Decision, since: date, until: date) -> Iterator[Row]:
    rows = Fact.objects.filter(_about(decision), recorded_on__gt=since, recorded_on__lte=until)
    for row in rows.order_by("recorded_on", "pk"):
        yield _row(row.recorded_on, *_fact(row))
    ended = Fact.objects.filter(_about(decision), recorded_on__lte=since, to_day__gt=since, to_day__lte=until)
    for row in ended.exclude(kind__in=[FactKind.AWARD, FactKind.PLAN_CLOSED]).order_by("to_day", "pk"):
        zh, en = _named(row)
        yield _row(row.recorded_on, f"{zh}于{row.to_day}届满", f"{en} ended on {row.to_day}")


def _named(row: Fact) -> tuple[str, str]:
    zh, en = FACTS.get(row.kind, (row.kind, row.kind))
    level = (f"（{row.level}）", f" ({row.level})") if row.level else ("", "")
    return f"{row.from_day}起的{zh}{level[0]}", f"{en}{level[1]} from {row.from_day}"


def _fact(row: Fact) -> tuple[str, str]:
    zh, en = _named(row)
    if row.withdrawn:
        return f"{zh}已撤销", f"{en} withdrawn"
    if row.to_day:
        return f"{zh}登记了止日{row.to_day}", f"{en}, now with its end {row.to_day}"
    return f"登记了{zh}", f"{en} recorded"


def _others() -> Row:
    """Who the others are stands on their own pages."""
    return _row(
        None,
        "本人的结果和事实没有变化；同组或同一名额内他人的结果、认定有变化",
        "nothing of the subject's own changed; results or decisions of others in the group or quota did",
    )


def _time(since: date, until: date) -> Row:
    return _row(
        None,
        f"没有新录入的结果和事实；评定日由{since}改为{until}，年限、年龄和期间按新的日期计算",
        f"nothing new was recorded; the day of evaluation moved from {since} to {until}, and years and terms with it",
    )


def _row(day: date | None, zh: str, en: str) -> Row:
    return {"zh": zh, "en": en, "recorded_on": day.isoformat() if day else ""}
