"""What the pages about units show: the tree with its people, and which accounts see a unit and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from people.models import EVERYWHERE, Account, Posting, RoleGrant, Unit
from people.queries import ancestors
from people.refusals import Words
from people.roles import Role

# What a role opens, in words. The doors themselves are people.access and workflows.access.
OPENS: Mapping[str, Words] = {
    Role.UNIT_HEAD: _("全部档案；本单位民警的事项"),
    Role.LEADER: _("全部档案；全部事项"),
    Role.HR: _("全部档案；全部事项"),
    Role.INSPECTOR: _("全部档案；全部事项"),
    Role.AUDITOR: _("全部档案；全部事项；谁能看什么"),
    Role.TRAINING_UNIT: _("只看能力提升事项，不看档案"),
    Role.EQUIPMENT: _("只看资源优先事项，不看档案"),
    Role.COMMITTEE: _("只看奖励、后备、岗位调整与异议事项，不看档案"),
    Role.ADMINISTRATOR: _("账户与角色，不看档案和事项"),
    Role.SYSTEM: _("系统自动办理，无人登录"),
}


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A unit in the tree, as deep as it stands below the units the reader sees."""

    unit: Unit
    depth: int
    people: int
    heads: list[str]


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One account that sees a unit: by which grant, and what that opens."""

    grant: RoleGrant
    opens: Words
    here: bool  # granted at this very unit, not above it
    endable: bool  # the reader may take it back


def tree(units: QuerySet[Unit]) -> list[Branch]:
    """The visible units from the top down, each with its number of officers and who leads it, in two reads."""
    rows = list(units.annotate(people=Count("officers")).order_by("path"))
    leading = Posting.objects.filter(is_leader=True, to_day__isnull=True, unit__in=units).select_related("officer")
    heads: dict[int, list[str]] = {}
    for posting in leading.order_by("officer__badge"):
        heads.setdefault(posting.unit_id, []).append(posting.officer.name)
    top = min((_depth(row) for row in rows), default=0)
    return [Branch(unit=row, depth=_depth(row) - top, people=row.people, heads=heads.get(row.pk, [])) for row in rows]


def _depth(unit: Unit) -> int:
    return unit.path.count("/")


def sights(unit: Unit, day: date, *, reader: Account) -> list[Sight]:
    """Every account that sees something of a unit on a day: granted at the unit, above it or everywhere."""
    paths = [EVERYWHERE, *(above.path for above in ancestors(unit))]
    grants = (
        RoleGrant.objects.in_force(day)
        .filter(Q(path__in=paths), account__is_active=True)
        .select_related("account__officer", "unit", "granted_by__officer")
        .order_by("-path", "role", "account__username")
    )
    return [
        Sight(
            grant=grant,
            opens=OPENS.get(grant.role, ""),
            here=grant.path == unit.path,
            endable=reader.may(Role.ADMINISTRATOR, grant.path) and grant.role != Role.SYSTEM,
        )
        for grant in grants
    ]
