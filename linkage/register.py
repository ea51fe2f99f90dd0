"""The register of policies: which version is in force on a day, and its tree, read once."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import Cycle
from linkage import lifecycle, rules
from linkage.models import PUBLISHED, Policy
from linkage.refusals import NoPolicy
from people.accounts import machine
from people.models import Account

SHIPPED = Path(__file__).parent / "policies"
REFERENCE = "reference"
EVER = date(2000, 1, 1)


@lru_cache(maxsize=32)
def _parsed(pk: int, text: str) -> rules.Policy:
    return rules.parse(text)


def parsed(policy: Policy) -> rules.Policy:
    """The tree of a policy, parsed once a process. Raises `PolicyError` for a draft that cannot be read yet."""
    return _parsed(policy.pk, policy.text)


def in_force(day: date, code: str = REFERENCE) -> Policy:
    """The version in force on a day; of two the one that came into force later. Raises `NoPolicy`."""
    held = Policy.objects.filter(code=code, from_day__lte=day, state__in=PUBLISHED)
    policy = held.exclude(to_day__lt=day).order_by("-from_day", "-pk").first()
    if policy is None:
        raise NoPolicy(_("%(day)s 没有施行中的政策“%(code)s”") % {"day": day, "code": code})
    return policy


def awake(tree: rules.Policy, cycle: Cycle) -> list[rules.Rule]:
    """The rules that a cycle wakes: of its kind or of any, and within their own term."""
    kinds = (cycle.kind, "any")
    return [rule for rule in tree.rules.values() if rule.cycle in kinds and rule.valid.holds(cycle.ends_on)]


def install_shipped(*, actor: Account) -> Policy:
    """The reference policies, in force from the first day a sample or a bureau's history may speak of."""
    installer = actor if actor.is_machine else machine("loader")
    text = (SHIPPED / "reference.yaml").read_text(encoding="utf-8")
    with transaction.atomic():
        policy = lifecycle.draft(text, from_day=EVER, actor=installer)
        return lifecycle.enact(policy, actor=installer, note=_("随产品提供"))


def was_ever_published() -> bool:
    return Policy.objects.filter(code=REFERENCE, state__in=PUBLISHED).exists()


def in_force_or_shipped(day: date, *, actor: Account) -> Policy:
    """The policy of a day; where none was ever published, the shipped reference policies."""
    if not was_ever_published():
        return install_shipped(actor=actor)
    return in_force(day)


def tree_in_force(day: date) -> rules.Policy:
    """The tree that would decide on a day; nothing is installed for it, so that a preview saves nothing."""
    if not was_ever_published():
        return rules.parse((SHIPPED / "reference.yaml").read_text(encoding="utf-8"))
    return parsed(in_force(day))
