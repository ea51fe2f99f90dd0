"""The list of cycles, the page of one with its check report, and its steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appraisal import jobs
from appraisal.access import CYCLE_READERS, not_found, readable_cycle
from appraisal.actions import open_cycle, take_cycle_step
from appraisal.actions.cycles import CycleStep, barrier, edge_of, last_day_of_notice, notice_ends
from appraisal.findings import Anomaly, Gap, Report, report
from appraisal.forms import CycleForm, CycleStepForm
from appraisal.grades import EXCELLENT
from appraisal.models import Cycle, CycleKind, CycleRecord, CycleState, Objection
from appraisal.permissions import holds_at_the_top
from appraisal.quota import BASIS, UnitQuota
from appraisal.views.said import said
from people.access import RECORD_READERS
from people.http import AuthenticatedRequest
from people.models import Account
from people.refusals import Refused
from people.roles import Role
from workflows import clock as clocks
from workflows import exports
from workflows.calendars import Clock
from workflows.queries import Stage
from workflows.refusals import Reason

LISTED = 100  # of gaps and anomalies each; the export has them all
STEPS: Sequence[CycleStep] = (
    Cycle.check_results,
    Cycle.publish,
    Cycle.end_notice,
    Cycle.finalise,
    Cycle.recheck,
    Cycle.reopen,
)
WAITING_FOR = {Cycle.finalise: Role.COMMITTEE}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A step that is possible from here, as the page offers it. `barred` says why it cannot be taken yet."""

    name: str
    label: str
    harm: bool
    back: bool
    consequence: str
    barred: str = ""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """A row of the cycle's log as the timeline shows it."""

    number: int
    label: str
    actor: str
    note: str
    at: Any
    change: str = ""
    tone: str = ""


@require_safe
def show_cycles(request: AuthenticatedRequest) -> HttpResponse:
    if not request.user.holds(*CYCLE_READERS):
        raise not_found()
    chosen = request.GET.get("kind", "")
    cycles = listed(chosen if chosen in CycleKind.values else "")
    may_open, may_load = holds_at_the_top(request.user, Role.HR), jobs.may_load_files(request.user, {})
    return render(
        request,
        "appraisal/cycles.html",
        {"cycles": cycles, "kinds": CycleKind.choices, "chosen": chosen, "may_open": may_open, "may_load": may_load},
    )


def listed(kind: str) -> QuerySet[Cycle]:
    cycles = Cycle.objects.annotate(
        subjects=Count("results__officer", distinct=True), recorded_on=Max("results__recorded_on")
    )
    return cycles.filter(kind=kind) if kind else cycles


@require_http_methods(["GET", "HEAD", "POST"])
def new_cycle(request: AuthenticatedRequest) -> HttpResponse:
    if not holds_at_the_top(request.user, Role.HR):
        raise not_found()
    form = CycleForm(said(request))
    if request.method == "POST" and form.is_valid():
        try:
            cycle = open_cycle(**form.cleaned_data, actor=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已建立周期 %(code)s") % {"code": cycle.code})
            return redirect("appraisal:cycle", cycle.code)
    return render(request, "appraisal/cycle_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def show_cycle(request: AuthenticatedRequest, code: str) -> HttpResponse:
    cycle = readable_cycle(request.user, code)
    clock = clocks.now()
    seen = within(report(cycle, clock.day), request.user)
    by_name = request.user.holds(*RECORD_READERS)
    context = {
        "cycle": cycle,
        "clock": clock,
        "stages": stages(cycle),
        "notice_ends": last_day_of_notice(cycle, clock),
        "report": seen,
        "quota": sorted(seen.quota, key=lambda unit: -unit.over),
        "gaps": seen.gaps[:LISTED],
        "anomalies": seen.anomalies[:LISTED],
        "listed": LISTED,
        "by_name": by_name,
        "basis": BASIS,
        "best": EXCELLENT,
        "has_quota": cycle.kind in (CycleKind.ANNUAL, CycleKind.OWN),
        "offers": offers(cycle, request.user, clock),
        "records": happenings(cycle),
        "objections": Objection.objects.filter(result__cycle=cycle, closed_at__isnull=True).count(),
    }
    return render(request, "appraisal/cycle.html", context)


def within(whole: Report, account: Account) -> Report:
    """What of the report the account answers for."""
    paths = account.paths(*CYCLE_READERS)

    def seen(row: UnitQuota | Gap | Anomaly) -> bool:
        return row.path.startswith(paths)

    return Report(
        quota=list(filter(seen, whole.quota)),
        gaps=list(filter(seen, whole.gaps)),
        anomalies=list(filter(seen, whole.anomalies)),
        results=whole.results,
    )


def stages(cycle: Cycle) -> list[Stage]:
    order = list(CycleState)
    here = order.index(CycleState(cycle.state))
    return [
        Stage(label=str(state.label), standing="done" if number < here else "now" if number == here else "todo")
        for number, state in enumerate(order)
    ]


def offers(cycle: Cycle, account: Account, clock: Clock) -> list[Offer]:
    found = []
    for step in STEPS:
        edge = edge_of(cycle, step)
        refusal = barrier(cycle, step, actor=account, clock=clock, note="-") if edge else None
        if edge is None or (refusal and refusal.reason == Reason.NOT_PERMITTED and step not in WAITING_FOR):
            continue
        barred = str(refusal.words) if refusal else ""
        if refusal and refusal.reason == Reason.NOT_PERMITTED:
            barred = _("这一步由%(role)s办理") % {"role": WAITING_FOR[step].label}
        found.append(
            Offer(
                name=step.__name__,
                label=str(edge.custom["label"]),
                harm=edge.custom["harm"],
                back=step in (Cycle.reopen, Cycle.recheck),
                consequence=consequence(step, clock),
                barred=barred,
            )
        )
    return found


def consequence(step: CycleStep, clock: Clock) -> str:
    """What will be so after the step, said before it is taken."""
    if step is Cycle.publish:
        until = notice_ends(clock).isoformat()
        return _("公示到 %(day)s（5 个工作日）。民警可以看到自己的结果，并可提出异议。") % {"day": until}
    return {
        Cycle.check_results: _("核对报告的各项数字会记入周期记录。超出优秀比例不妨碍通过，但会写明。"),
        Cycle.end_notice: _("公示结束，进入处理异议。"),
        Cycle.finalise: _("审定后联动可以据此开立事项；此后的更正都另起一行，并显示差异。"),
        Cycle.recheck: _("退回核对，通过后重新公示。"),
        Cycle.reopen: _("退回收集，须重新核对。已开始的公示作废。"),
    }.get(step, "")


def happenings(cycle: Cycle) -> list[Happening]:
    records = list(cycle.records.select_related("actor__officer"))
    total = len(records)
    return [happening(record, total - number) for number, record in enumerate(records)]


def happening(record: CycleRecord, number: int) -> Happening:
    step = getattr(Cycle, record.step, None)
    known = {"load": _("导入"), "open": _("建立")}
    label = known.get(record.step) or (
        str(next(iter(step._django_fsm.transitions.values())).custom["label"]) if step else record.step
    )
    return Happening(
        number=number,
        label=label,
        actor=record.actor.shown_name,
        note=record.note,
        at=record.at,
        change=figures(record.figures),
    )


def figures(counted: dict[str, int]) -> str:
    if not counted:
        return ""
    return _("结果 %(results)s 行，超比例 %(breaches)s 个单位，缺 %(gaps)s 人，异常 %(anomalies)s 处") % counted


@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request: AuthenticatedRequest, code: str, name: str) -> HttpResponse:
    cycle = readable_cycle(request.user, code)
    step = next((step for step in STEPS if step.__name__ == name), None)
    if step is None:
        raise not_found()
    clock = clocks.now()
    offer = next((offer for offer in offers(cycle, request.user, clock) if offer.name == name), None)
    form = CycleStepForm(said(request))
    if request.method == "POST" and form.is_valid():
        refusal = take_cycle_step(cycle, step, actor=request.user, note=form.cleaned_data["note"], clock=clock)
        if refusal is None:
            label = offer.label if offer else name
            messages.success(request, _("%(step)s：周期 %(code)s") % {"step": label, "code": cycle.code})
            return redirect("appraisal:cycle", code)
        form.add_error("note", str(refusal.words or refusal.reason.label))
    context = {"cycle": cycle, "offer": offer, "form": form}
    return render(request, "appraisal/cycle_step.html", context, status=409 if form.errors else 200)


@require_safe
def export_findings(request: AuthenticatedRequest, code: str, form: str) -> HttpResponse:
    cycle = readable_cycle(request.user, code)
    if form not in exports.FORMATS or not request.user.holds(*RECORD_READERS):
        raise not_found()
    seen = within(report(cycle, clocks.now().day), request.user)
    head = [_("问题"), _("警号或代码"), _("姓名或单位"), _("所在单位"), _("等次"), _("得分"), _("说明")]
    gaps = [[_("没有结果"), gap.badge, gap.name, gap.unit, "", "", ""] for gap in seen.gaps]
    return exports.answer(form, f"findings-{cycle.code}", head, [*gaps, *map(exported, seen.anomalies)])


def exported(row: Anomaly) -> list[str]:
    words = row.recorded_on.isoformat() if row.recorded_on else ""
    if row.median is not None:
        words = _("%(grade)s的中位数 %(median)s") % {"grade": row.beside, "median": row.median}
    score = "" if row.score is None else f"{row.score:g}"
    return [str(row.oddity.label), row.subject, row.name, row.unit, row.grade, score, words]
