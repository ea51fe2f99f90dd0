"""Branches tighten what a policy leaves to them: which values hold where on a day, and how one is set."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage import register, rules
from linkage.models import PUBLISHED, LocalParameter, Policy, Run
from linkage.refusals import NotPermitted, ValueRefused
from linkage.rules.branches import branches_of
from people.models import Account, Unit
from people.roles import Role

BRANCH_DEPTH = 3  # slashes in "/B00/F01/"
Values = Mapping[str, str]


def branches(account: Account) -> list[Unit]:
    """The branches for which the account sets values: those its HR desk is in charge of."""
    found = Unit.objects.filter(path__regex=r"^/[^/]+/[^/]+/$").order_by("path")
    return [unit for unit in found if may_set(account, unit)]


def may_set(account: Account, unit: Unit) -> bool:
    return unit.path.count("/") == BRANCH_DEPTH and account.may(Role.HR, unit.path)


def rows_on(code: str, day: date, *, known: datetime | None = None) -> Sequence[LocalParameter]:
    """The row that counts for each branch and parameter on a day, as far as it was written by then."""
    kept = LocalParameter.objects.filter(code=code, from_day__lte=day).exclude(to_day__lt=day)
    if known:
        kept = kept.filter(at__lte=known)
    last = {(row.unit_id, row.name): row for row in kept.select_related("unit").order_by("pk")}
    return sorted((row for row in last.values() if row.value), key=lambda row: (row.unit.path, row.name))


def values_on(tree: rules.Policy, day: date, *, known: datetime | None = None) -> dict[int, dict[str, str]]:
    """Unit key -> its own values on a day. What this version does not leave to it any longer does not hold."""
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for row in rows_on(tree.id, day, known=known):
        if is_allowed(tree, {row.name: row.value}):
            found[row.unit_id][row.name] = row.value
    return dict(found)


def is_allowed(tree: rules.Policy, values: Values) -> bool:
    try:
        branches_of(tree, {0: values})
    except rules.PolicyError:
        return False
    return True


def values_at(tree: rules.Policy, path: str, day: date, *, known: datetime | None = None) -> dict[str, str]:
    """The values that hold at a unit's path: those of its branch."""
    held = values_on(tree, day, known=known)
    above = Unit.objects.filter(pk__in=held).values_list("pk", "path") if held else []
    return next((held[pk] for pk, branch in above if path.startswith(branch)), {})


def tree_at(tree: rules.Policy, path: str, day: date, *, known: datetime | None = None) -> rules.Policy:
    """The policy as the branch of a unit has it on a day."""
    values = values_at(tree, path, day, known=known)
    return rules.with_local(tree, values) if values else tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a branch asks for: an empty value gives the parameter back to the policy."""

    name: str
    value: str
    from_day: date
    to_day: date | None = None
    note: str


@transaction.atomic
def set_value(asked: Setting, *, unit: Unit, actor: Account, code: str = register.REFERENCE) -> LocalParameter:
    """Keep a branch's own value from a day on. Raises `NotPermitted` and `ValueRefused`."""
    if not may_set(actor, unit):
        raise NotPermitted(_("本地参数由该分局的政治处设定。"))
    if asked.from_day < timezone.localdate():
        raise ValueRefused(_("起始日不能早于今天：已作出的认定不因新取值而改变。"))
    if asked.to_day and asked.to_day < asked.from_day:
        raise ValueRefused(_("截止日不能早于起始日。"))
    for policy in _holding(code, asked):
        _refuse(policy, asked, unit)
    return LocalParameter.objects.create(
        unit=unit,
        code=code,
        name=asked.name,
        value=asked.value,
        from_day=asked.from_day,
        to_day=asked.to_day,
        set_by=actor,
        note=asked.note,
    )


def _holding(code: str, asked: Setting) -> list[Policy]:
    """The published versions under which the value would hold."""
    known = Policy.objects.filter(code=code, state__in=PUBLISHED).exclude(to_day__lt=asked.from_day)
    found = list(known.filter(from_day__lte=asked.to_day) if asked.to_day else known)
    if not found:
        raise ValueRefused(_("这些日子没有施行中的政策。"))
    return found


def _refuse(policy: Policy, asked: Setting, unit: Unit) -> None:
    """Of the values a branch holds already, the new one takes the place of one; together they must be allowed."""
    tree = register.parsed(policy)
    if asked.name not in tree.params or not tree.params[asked.name].local:
        raise ValueRefused(_("政策 %(policy)s 没有把参数“%(name)s”留给分局。") % {"policy": policy, "name": asked.name})
    if not asked.value:
        return
    held = {**values_on(tree, asked.from_day).get(unit.pk, {}), asked.name: asked.value}
    try:
        branches_of(tree, {unit.pk: held})
    except rules.PolicyError as error:
        raise ValueRefused(_("%(policy)s：%(words)s") % {"policy": policy, "words": error.zh}) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A branch's value that a run used."""

    unit: Unit
    name: str
    value: str
    of_policy: str


def applied(run: Run, path: str = "") -> list[Applied]:
    """The values a run used in the place of the policy's; for one subject, those of its branch."""
    tree, day = register.parsed(run.policy), run.cycle.ends_on
    rows = rows_on(tree.id, day, known=run.made_at)
    return [
        Applied(unit=row.unit, name=row.name, value=row.value, of_policy=tree.params[row.name].value)
        for row in rows
        if (not path or path.startswith(row.unit.path)) and is_allowed(tree, {row.name: row.value})
    ]
