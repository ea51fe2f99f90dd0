"""The components of the design language as template tags: `{% load trilink %}`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, Form, RadioSelect, Select
from django.template.context import Context
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people.models import Officer
from people.roles import Role
from workflows import clock, jobs, kinds, words
from workflows.calendars import Clock
from workflows.models import Case, Job, JobState, WorkItem
from workflows.refusals import Words
from workflows.words import DueWords

register = template.Library()

TONES = {
    "mute": "dashed",
    "info": "half",
    "warn": "clock",
    "hold": "pause",
    "bad": "ban",
    "ok": "check-circle",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite. Hidden from readers: its word stands beside it."""
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def badge(label: Any, tone: str = "mute", symbol: str = "") -> SafeString:
    """A state: icon, word and colour. `{% badge "考察中" "info" %}`"""
    sign = icon(symbol or TONES.get(tone, "circle"))
    return format_html('<span class="badge" data-tone="{}">{}{}</span>', tone, sign, label)


def state_label(case: Case | WorkItem, state: str = "") -> str:
    """What a state is called by its kind; the bare name where the kind is no longer installed."""
    kind = kinds.find(case.kind)
    value = state or str(getattr(case, "state", ""))
    states = getattr(kind.model, "State", None) if kind else None
    return str(dict(states.choices).get(value, value)) if states else value


@register.simple_tag
def state_badge(case: Case) -> SafeString:
    """The state a case is in, by its kind's own word and tone."""
    kind = kinds.find(case.kind)
    tone = str(kind.tones.get(case.state, "mute")) if kind else "mute"
    return badge(state_label(case), tone)


@register.simple_tag
def kind(name: str, label: Any = "") -> SafeString:
    """Which linkage: `{% kind case.kind %}`, or by the bureau's word for it, `{% kind case.kind case.title %}`."""
    known = kinds.find(name)
    sign = known.icon if known else "folder"
    return format_html(
        '<span class="kind" data-kind="{}">{}{}</span>', name, icon(sign), label or (known.title if known else name)
    )


@register.filter
def kind_title(name: str) -> str:
    known = kinds.find(name)
    return str(known.title) if known else name


@register.filter
def kind_icon(name: str) -> str:
    known = kinds.find(name)
    return known.icon if known else "folder"


def _clock(context: Context) -> Clock:
    """One reading of the clock for all of a page."""
    found = context.get("clock")
    if isinstance(found, Clock):
        return found
    root = context.dicts[0]
    if "_clock" not in root:
        root["_clock"] = clock.now()
    reading: Clock = root["_clock"]
    return reading


def _due(found: DueWords) -> SafeString:
    day = format_html(' <time datetime="{}">{}</time>', found.iso, found.day) if found.day else ""
    return format_html(
        '<span class="due" data-due="{}">{}<b>{}</b>{}</span>', found.tone, icon(found.icon), found.words, day
    )


@register.simple_tag(takes_context=True)
def due(context: Context, what: WorkItem | datetime, provisional: bool = False) -> SafeString:
    """A deadline: `{% due item %}` of a work item, or `{% due moment %}`."""
    if isinstance(what, WorkItem):
        return _due(words.item_due(what, _clock(context)))
    return _due(words.due(what, _clock(context), provisional=provisional))


@register.simple_tag
def paused(left: int | None = None) -> SafeString:
    """A clock that stands still: `{% paused 6 %}`."""
    return _due(words.paused(left))


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | datetime | None) -> str:
    """4月3日 in running text."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return words.day_words(local, today=timezone.localdate(_clock(context).at))


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None) -> str:
    """3月23日 09:40."""
    return words.time_words(value, today=timezone.localdate(_clock(context).at)) if value else ""


def address(route: str, *args: Any, **kwargs: Any) -> str:
    try:
        return reverse(route, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag
def who(subject: Any, url: str = "", detail: str = "") -> SafeString:
    """A person or unit: `{% who officer %}`, `{% who case.subject url %}`."""
    if subject is None:
        return SafeString("")
    note = detail
    if not note and isinstance(subject, Officer):
        note = f"{subject.badge} · {subject.unit.name}"
    name = subject.name if hasattr(subject, "name") else str(subject)
    shown = format_html('<a href="{}">{}</a>', url, name) if url else format_html("<b>{}</b>", name)
    return format_html(
        '<div class="who"><span class="avatar" aria-hidden="true">{}</span><div>{}<small>{}</small></div></div>',
        name[:1],
        shown,
        note or getattr(subject, "code", ""),
    )


@register.simple_tag
def request_key() -> str:
    """Makes pressing a button twice harmless: the second press carries the key of the first."""
    return str(uuid4())


@register.filter
def role_label(role: str) -> str:
    return str(Role(role).label) if role in Role.values else role


@register.filter
def listed(items: Iterable[Any]) -> str:
    """甲、乙、丙."""
    return words.listed(items)


@register.filter
def in_words(row: Any, field: str) -> str:
    """The half of a bilingual pair that the reader's language asks for: `{{ reason|in_words:"words" }}`."""
    half = "en" if (get_language() or "").startswith("en") else "zh"
    if isinstance(row, dict):
        pair = row.get(field, "")
        return str(pair.get(half, "")) if isinstance(pair, dict) else str(pair)
    return str(getattr(row, f"{field}_{half}", ""))


@register.inclusion_tag("components/stepper.html", takes_context=True)
def stepper(context: Context, stages: Sequence[Any]) -> dict[str, Any]:
    """The straight way through a kind's states: `{% stepper stages %}` with what `workflows.queries.stages` gives."""
    here = next((number for number, stage in enumerate(stages, start=1) if stage.standing in ("now", "end")), 0)
    label = stages[here - 1].label if here else ""
    return {"stages": stages, "here": here, "label": label, "of": len(stages), "clock": _clock(context)}


@register.inclusion_tag("components/missing.html")
def missing(needs: Iterable[Any]) -> dict[str, Any]:
    """What a step asks for, unmet first: rows with `words`, `met`, and optionally `how` and `url`."""
    return {"needs": sorted(needs, key=lambda need: need.met)}


@register.inclusion_tag("components/reason.html")
def reason(row: Any, fired: str = "") -> dict[str, Any]:
    """A sentence with its evidence rows and legal basis."""
    return {"reason": row, "fired": fired}


@register.inclusion_tag("components/timeline.html", takes_context=True)
def timeline(context: Context, records: Iterable[Any]) -> dict[str, Any]:
    """What happened, newest first: rows with `label`, `actor`, `at`, `number`, `note`, `tone`."""
    return {"records": records, "clock": _clock(context)}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Any, total: str = "", noun: str = "") -> dict[str, Any]:
    """Previous and next of a `workflows.paging.Page`, keeping the filter."""
    query = context["request"].GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    kept = query.urlencode()
    return {"page": page, "kept": f"&{kept}" if kept else "", "total": total, "noun": noun or _("件")}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Form, heading: str = "") -> dict[str, Any]:
    """The errors of a form with links to its fields; takes the focus."""
    named = [(form[name], errors) for name, errors in form.errors.items() if name != "__all__"]
    return {"form": form, "named": named, "heading": heading or _("没有保存")}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """A field with its label, hint and errors."""
    widget = bound.field.widget
    described = " ".join(
        part
        for part in (
            f"{bound.id_for_label}-h" if hint or bound.help_text else "",
            f"{bound.id_for_label}-e" if bound.errors else "",
        )
        if part
    )
    attrs: dict[str, str | bool] = {
        "class": "" if isinstance(widget, CheckboxInput | RadioSelect | FileInput) else "input"
    }
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "shown": bound.as_widget(attrs=attrs),
        "hint": hint or bound.help_text,
        "grouped": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "ticked": isinstance(widget, CheckboxInput) and not isinstance(widget, Select),
    }


@register.simple_tag
def fields(form: Form) -> SafeString:
    """All visible and hidden fields of a form."""
    hidden = format_html_join("", "{}", ((bound.as_widget(),) for bound in form.hidden_fields()))
    one = get_template("components/field.html")
    shown = format_html_join("", "{}", ((one.render(field(bound)),) for bound in form.visible_fields()))
    return format_html("{}{}", hidden, shown)


@register.filter
def job_title(job: Job) -> str:
    """What a background job does, in words; its bare name where its kind is no longer installed."""
    known = jobs.find(job.kind)
    return known.title(job.args) if known else job.kind


@register.filter
def job_said(job: Job) -> str:
    """What came of it."""
    known = jobs.find(job.kind)
    return known.said(job) if known else ""


@register.filter
def job_link(job: Job) -> str:
    known = jobs.find(job.kind)
    return known.link(job) if known else ""


@register.filter
def job_stopped(job: Job) -> Words:
    """What is left of one that failed or was cancelled."""
    known = jobs.find(job.kind)
    return (known.stopped if known else "") or _("已做完的部分保留；继续时从停下的地方接着做，不会重复办理。")


JOB_TONES = {"queued": "mute", "running": "info", "done": "ok", "failed": "bad", "cancelled": "hold"}


@register.simple_tag
def job_badge(job: Job) -> SafeString:
    if job.state == JobState.RUNNING and job.cancel_asked:
        return badge(_("正在取消"), "hold")
    return badge(job.get_state_display(), JOB_TONES[job.state])
