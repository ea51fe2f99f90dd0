"""The register of policies: which is in force on a day, read once, and how a version comes into force or leaves it."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import has_transition_perm

from appraisal.models import Cycle
from linkage import rules
from linkage.models import Policy, PolicyRecord, PolicyState
from linkage.refusals import NoPolicy, NotPermitted, PolicyNotSound
from people.models import Account

SHIPPED = Path(__file__).parent / "policies"
REFERENCE = "reference"


@lru_cache(maxsize=32)
def _parsed(pk: int, text: str) -> rules.Policy:
    return rules.parse(text)


def parsed(policy: Policy) -> rules.Policy:
    """The tree of a policy. A version's text never changes once it is in force, so it is parsed once a process."""
    return _parsed(policy.pk, policy.text)


def in_force(day: date, code: str = REFERENCE) -> Policy:
    """The version in force on a day; of two the one that came into force later. Raises `NoPolicy`."""
    held = Policy.objects.filter(code=code, from_day__lte=day).exclude(state=PolicyState.DRAFT)
    policy = held.exclude(to_day__lt=day).order_by("-from_day", "-pk").first()
    if policy is None:
        raise NoPolicy(_("%(day)s 没有施行中的政策“%(code)s”") % {"day": day, "code": code})
    return policy


def draft(text: str, *, from_day: date) -> Policy:
    """Save a new version as a draft. The text must parse, and the rules about rules must find no error in it."""
    tree = rules.parse(text)
    errors = [finding for finding in rules.check(tree) if finding.level == "error"]
    if errors:
        raise PolicyNotSound("; ".join(f"{f.rule}: {f.text_zh}" for f in errors))
    if Policy.objects.filter(code=tree.id, version=tree.version).exists():
        raise PolicyNotSound(_("政策“%(code)s”已有版本 %(version)s") % {"code": tree.id, "version": tree.version})
    title = tree.title
    return Policy.objects.create(
        code=tree.id,
        version=tree.version,
        title_zh=title.zh,
        title_en=title.en,
        text=text,
        from_day=from_day,
    )


@transaction.atomic
def bring_into_force(policy: Policy, *, actor: Account, note: str = "") -> None:
    """A draft becomes the version in force from its day on; the one before it ends the day before."""
    source = _permitted(policy, policy.enact, actor)
    policy.enact()
    policy.save()
    _record(policy, "enact", source, actor, note)


@transaction.atomic
def retire(policy: Policy, *, to_day: date, actor: Account, note: str) -> None:
    """A policy is in force to the end of a day, and not after it."""
    source = _permitted(policy, policy.retire, actor)
    policy.retire(to_day=to_day)
    policy.save()
    _record(policy, "retire", source, actor, note)


def _permitted(policy: Policy, step: Callable[..., Any], actor: Account) -> str:
    """The state the step leaves. django-fsm asks nobody by itself, so it is asked here."""
    if not has_transition_perm(step, actor):
        raise NotPermitted(_("政策的施行和废止由市局政治处办理。"))
    return str(policy.state)


def _record(policy: Policy, step: str, source: str, actor: Account, note: str) -> None:
    PolicyRecord.objects.create(
        policy=policy, step=step, source=source, target=policy.state, actor=actor, note=note, at=timezone.now()
    )


def awake(tree: rules.Policy, cycle: Cycle) -> list[rules.Rule]:
    """The rules that a cycle wakes: of its kind or of any, and within their own term."""
    kinds = (cycle.kind, "any")
    return [rule for rule in tree.rules.values() if rule.cycle in kinds and rule.valid.holds(cycle.ends_on)]


def install_shipped(*, actor: Account) -> Policy:
    """The reference policies, in force from the first day a sample or a bureau's history may speak of."""
    with transaction.atomic():
        policy = draft((SHIPPED / "reference.yaml").read_text(encoding="utf-8"), from_day=date(2000, 1, 1))
        bring_into_force(policy, actor=actor, note=_("随产品提供"))
    return policy


def in_force_or_shipped(day: date, *, actor: Account) -> Policy:
    """The policy of a day; on a database that never had one, the shipped reference policies."""
    if not Policy.objects.exists():
        return install_shipped(actor=actor)
    return in_force(day)


def tree_in_force(day: date) -> rules.Policy:
    """The tree that would decide on a day; nothing is installed for it, so that a preview saves nothing."""
    if not Policy.objects.exists():
        return rules.parse((SHIPPED / "reference.yaml").read_text(encoding="utf-8"))
    return parsed(in_force(day))
