"""The life of a policy version: drafted, checked, approved by a second person, published, retired; each step kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import can_proceed, has_transition_perm

from linkage import rules, soundness
from linkage.models import PUBLISHED, Policy, PolicyRecord, PolicyState
from linkage.models.policies import LONGEST_NOTE, holds_at_root
from linkage.refusals import NotPermitted, PolicyNotSound, StaleDraft, StepNotPossible
from people.models import Account
from people.roles import Role

DAY = timedelta(days=1)
LONGEST = {"code": 40, "version": 20, "title_zh": 100, "title_en": 100}


def draft(
    text: str, *, from_day: date, actor: Account | None = None, note: str = "", based_on: Policy | None = None
) -> Policy:
    """Save a new version as a draft. Its text must parse, for it names the policy and the version itself."""
    heading = _heading(rules.parse(text))
    _refuse_second(heading)
    with transaction.atomic():
        policy = Policy.objects.create(**heading, text=text, from_day=from_day, based_on=based_on)
        if actor:
            _record(policy, "draft", "", actor, note)
    return policy


def _heading(tree: rules.Policy) -> dict[str, str]:
    """What the row repeats of the text."""
    heading = {"code": tree.id, "version": tree.version, "title_zh": tree.title.zh, "title_en": tree.title.en}
    for name, most in LONGEST.items():
        if len(heading[name]) > most:
            words = _("“%(word)s…”太长：最多 %(most)s 个字符。")
            raise PolicyNotSound(words % {"word": heading[name][:20], "most": most})
    return heading


def _refuse_second(heading: dict[str, str], *, but: Policy | None = None) -> None:
    same = Policy.objects.filter(code=heading["code"], version=heading["version"])
    same = same.exclude(state=PolicyState.DISCARDED).exclude(pk=but.pk if but else 0)
    if same.exists():
        raise PolicyNotSound(_("政策“%(code)s”已有版本 %(version)s，请改用另一个版本号。") % heading)


@transaction.atomic
def edit(
    policy: Policy, text: str, *, revision: int, actor: Account, from_day: date | None = None, note: str = ""
) -> Policy:
    """Write a draft's text anew, also one that does not parse yet. Raises `StaleDraft` where another was faster."""
    if not holds_at_root(actor, Role.HR):
        raise NotPermitted(_("政策由市局政治处起草。"))
    held = _locked(policy)
    if held.state != PolicyState.DRAFT:
        raise StepNotPossible(_("只有草案可以修改；这个版本%(state)s。") % {"state": held.get_state_display()})
    if held.revision != revision:
        raise StaleDraft(_stale(held))
    changed = {"text": text, "from_day": from_day or held.from_day}
    try:
        heading = _heading(rules.parse(text))
    except rules.PolicyError:
        heading = {}  # the row keeps the name it had until the text can be read again
    if heading:
        _refuse_second(heading, but=held)
    for name, value in {**changed, **heading}.items():
        setattr(held, name, value)
    held.revision += 1
    held.save()
    _record(held, "edit", held.state, actor, note)
    return held


def _stale(held: Policy) -> str:
    last = held.records.select_related("actor__officer").order_by("pk").last()
    if last is None:
        return _("没有保存：这期间草案已被改动。")
    when = timezone.localtime(last.at).strftime("%H:%M")
    return _("没有保存：%(who)s 已于 %(when)s 改过这份草案。") % {"who": last.actor.shown_name, "when": when}


def findings(policy: Policy) -> list[rules.Finding]:
    """What the rules about rules say of a version whose text can be read."""
    return soundness.findings(rules.parse(policy.text))


def faults(policy: Policy) -> list[str]:
    """Why its text cannot be put in force, in Chinese; empty when it can."""
    try:
        found = findings(policy)
    except rules.PolicyError as error:
        return [_("第 %(line)s 行：%(words)s") % {"line": error.line, "words": error.zh}]
    return [f"{finding.rule}：{finding.text_zh}" for finding in found if finding.level == "error"]


def check(policy: Policy, *, actor: Account, revision: int | None = None, note: str = "") -> Policy:
    """Vouch for the text: it parses, and the rules about rules find no error in it."""

    def is_sound(held: Policy) -> None:
        if wrong := faults(held):
            raise PolicyNotSound("；".join(wrong))

    return _take(policy, "check_text", Act(actor, note, revision), guard=is_sound, name="check")


def approve(policy: Policy, *, actor: Account, revision: int | None = None, note: str = "") -> Policy:
    return _take(policy, "approve", Act(actor, note, revision))


def send_back(policy: Policy, *, actor: Account, note: str, revision: int | None = None) -> Policy:
    return _take(policy, "send_back", Act(actor, _needed(note), revision))


def discard(policy: Policy, *, actor: Account, note: str, revision: int | None = None) -> Policy:
    return _take(policy, "discard", Act(actor, _needed(note), revision))


@transaction.atomic
def publish(policy: Policy, *, from_day: date, actor: Account, revision: int | None = None, note: str = "") -> Policy:
    """In force from its day on; the version before it ends the day before."""
    if from_day < timezone.localdate():
        raise PolicyNotSound(_("施行日不能早于今天：已作出的认定不因新版本而改变。"))
    _wait_for_others(policy)
    done = _take(policy, "publish", Act(actor, note, revision), given={"from_day": from_day})
    _succeed(done, actor)
    return done


@transaction.atomic
def enact(policy: Policy, *, actor: Account, note: str = "") -> Policy:
    """What the machine installs is in force from whatever day it names, and needs no second person."""
    if wrong := faults(policy):
        raise PolicyNotSound("；".join(wrong))
    _wait_for_others(policy)
    done = _take(policy, "enact", Act(actor, note))
    _succeed(done, actor)
    return done


def retire(policy: Policy, *, to_day: date, actor: Account, note: str, revision: int | None = None) -> Policy:
    """In force to the end of a day, and not after it; the day before its first: it never comes into force."""

    def lies_ahead(held: Policy) -> None:
        if to_day < max(timezone.localdate(), held.from_day - DAY):
            raise PolicyNotSound(_("废止日不能早于今天，也不能早于施行日的前一天：已作出的认定不因废止而改变。"))

    act = Act(actor, _needed(note), revision)
    return _take(policy, "retire", act, guard=lies_ahead, given={"to_day": to_day})


def _wait_for_others(policy: Policy) -> None:
    """Two versions published at once follow one another: the second sees the first, and one ends the other."""
    list(Policy.objects.select_for_update().filter(code=policy.code).order_by("pk").values_list("pk"))


def _succeed(new: Policy, actor: Account) -> None:
    """End what was in force on the new version's first day; and the new one, where a later one is published."""
    others = Policy.objects.select_for_update().filter(code=new.code, state__in=PUBLISHED).exclude(pk=new.pk)
    note = _("由版本 %(version)s 接替") % {"version": new.version}
    for old in others.filter(from_day__lte=new.from_day).exclude(to_day__lt=new.from_day):
        source = old.state
        if source == PolicyState.IN_FORCE:
            old.retire(to_day=new.from_day - DAY)
        old.to_day = new.from_day - DAY
        old.save()
        _record(old, "retire", source, actor, note)
    later = others.filter(from_day__gt=new.from_day).exclude(to_day__lt=new.from_day).order_by("from_day").first()
    if later:
        new.to_day = later.from_day - DAY
        new.save()


def _needed(note: str) -> str:
    if not note.strip():
        raise PolicyNotSound(_("请写明理由。"))
    return note.strip()[:LONGEST_NOTE]


@dataclass(frozen=True, slots=True)
class Act:
    """Who takes a step, why, and of which revision of the text."""

    actor: Account
    note: str = ""
    revision: int | None = None


@transaction.atomic
def _take(
    policy: Policy,
    step: str,
    act: Act,
    *,
    guard: Callable[[Policy], None] | None = None,
    given: dict[str, Any] | None = None,
    name: str = "",
) -> Policy:
    """One step of one version: locked, possible, permitted, still the text the actor saw; then recorded."""
    held = _locked(policy)
    transit = getattr(held, step)
    if not can_proceed(transit, check_conditions=False):
        raise StepNotPossible(_("这个版本%(state)s，不能再办这一步。") % {"state": held.get_state_display()})
    if not has_transition_perm(transit, act.actor):
        raise NotPermitted(why_not(held, step, act.actor))
    if act.revision not in (None, held.revision):
        raise StaleDraft(_stale(held))
    if guard:
        guard(held)
    source = held.state
    transit(**given or {})
    held.save()
    _record(held, name or step, source, act.actor, act.note)
    return held


def why_not(policy: Policy, step: str, actor: Account) -> str:
    """Why the step is not the actor's."""
    if step == "approve" and holds_at_root(actor, Role.HR, Role.LEADER):
        return _("须由另一人批准：这份文本是你起草、修改或核对的。")
    if step == "approve":
        return _("由市局政治处的另一人或分管领导批准。")
    return _("政策的起草、公布和废止由市局政治处办理。")


def _locked(policy: Policy) -> Policy:
    return Policy.objects.select_for_update().get(pk=policy.pk)


def _record(policy: Policy, step: str, source: str, actor: Account, note: str) -> None:
    PolicyRecord.objects.create(
        policy=policy, step=step, source=source, target=policy.state, actor=actor, note=note, digest=policy.digest
    )
