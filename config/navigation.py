"""What stands in the navigation, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appraisal.access import CYCLE_READERS
from linkage.access import READERS as RUN_READERS
from people.access import PEOPLE_FINDERS, RECORD_READERS, UNIT_READERS
from people.roles import Role
from talent_pool.queries import READERS as POOL_READERS
from training.access import CARERS
from workflows.kinds import Kind, registered
from workflows.refusals import Words

CASE_READERS = RECORD_READERS


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A page in the navigation. No roles: everybody; `Role.OFFICER`: whoever has an officer's account."""

    route: str
    label: Words
    icon: str
    roles: Sequence[str] = ()
    short: Words = ""  # on the phone's tab bar
    query: str = ""
    whole: bool = False  # only for who holds the role for the whole bureau
    counted: bool = False  # carries the number of my open work items


@dataclass(frozen=True, kw_only=True)
class Group:
    title: Words
    entries: Sequence[Entry]
    kinds: bool = False  # begins with the lists of every kind that no other group names


DAILY = (
    Entry(route="workflows:desk", label=_("我的待办"), short=_("待办"), icon="desk", counted=True),
    Entry(
        route="workflows:cases",
        label=_("全部事项"),
        short=_("事项"),
        icon="folder",
        roles=(*CASE_READERS, Role.COMMITTEE, Role.TRAINING_UNIT, Role.EQUIPMENT, Role.OFFICER),
    ),
    Entry(route="people:search", label=_("查人"), short=_("查人"), icon="search", roles=PEOPLE_FINDERS),
)
MINE = (
    Entry(route="my:results", label=_("我的结果与理由"), short=_("我的结果"), icon="user", roles=(Role.OFFICER,)),
    Entry(route="training:my_plan", label=_("我的提升计划"), short=_("我的计划"), icon="target", roles=(Role.OFFICER,)),
    Entry(route="people:me_looks", label=_("谁看过我的档案"), icon="eye", roles=(Role.OFFICER,)),
)
RESULTS = (
    Entry(route="appraisal:cycles", label=_("考核周期"), icon="chart", roles=CYCLE_READERS),
    Entry(route="linkage:runs", label=_("联动运行"), short=_("联动"), icon="link", roles=RUN_READERS),
    Entry(route="linkage:register", label=_("认定登记"), short=_("认定"), icon="file", roles=RUN_READERS),
    Entry(route="linkage:policies", label=_("政策与规则"), icon="rules", roles=RUN_READERS),
)
LINKAGES = (
    Entry(route="talent_pool:pool", label=_("在库人选"), icon="users", roles=POOL_READERS),
    Entry(route="training:demand", label=_("培训需求"), icon="quota", roles=CARERS),
    Entry(route="workflows:receipts", label=_("回执"), icon="check-circle", roles=CARERS),
    Entry(route="training:lists", label=_("培训名册"), short=_("名册"), icon="file", roles=CARERS),
)
OVERSIGHT = (
    Entry(
        route="workflows:cases",
        query="kind=objection",
        label=_("异议与复核"),
        icon="objection",
        roles=(*CASE_READERS, Role.COMMITTEE),
    ),
    Entry(route="people:units", label=_("单位与权限"), icon="shield", roles=UNIT_READERS),
)
KEEPING = (
    Entry(
        route="workflows:jobs",
        label=_("后台任务"),
        icon="clock",
        roles=(*RUN_READERS, *CASE_READERS, Role.COMMITTEE, Role.TRAINING_UNIT, Role.EQUIPMENT, Role.ADMINISTRATOR),
    ),
    Entry(route="appraisal:load", label=_("导入数据"), icon="upload", roles=(Role.HR, Role.ADMINISTRATOR), whole=True),
    Entry(route="workflows:operations", label=_("运维"), short=_("运维"), icon="server", roles=(Role.ADMINISTRATOR,)),
    Entry(route="admin:index", label=_("基础数据"), icon="folder", roles=(Role.ADMINISTRATOR,)),
)
GROUPS = (
    Group(title="", entries=DAILY),
    Group(title=pgettext_lazy("navigation", "我的"), entries=MINE),
    Group(title=_("考核与联动"), entries=RESULTS),
    Group(title=_("三挂钩"), entries=LINKAGES, kinds=True),
    Group(title=_("公开与监督"), entries=OVERSIGHT),
    Group(title=_("管理"), entries=KEEPING),
)


def entries(group: Group) -> list[Entry]:
    """The entries of a group. A new linkage stands in the navigation by being registered."""
    if not group.kinds:
        return list(group.entries)
    named = {entry.query for other in GROUPS for entry in other.entries}
    lists = [list_of(kind) for kind in registered()]
    return [entry for entry in lists if entry.query not in named] + list(group.entries)


def list_of(kind: Kind) -> Entry:
    roles = (*CASE_READERS, *kind.readers)
    return Entry(route="workflows:cases", query=f"kind={kind.name}", label=kind.title, icon=kind.icon, roles=roles)
