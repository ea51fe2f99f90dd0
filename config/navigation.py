"""What stands in the navigation, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.roles import Role
from workflows.refusals import Words

STAFF = (Role.UNIT_HEAD, Role.LEADER, Role.HR, Role.INSPECTOR, Role.AUDITOR, Role.COMMITTEE)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A page in the navigation. No roles: everybody; `Role.OFFICER`: whoever has an officer's account."""

    route: str
    label: Words
    icon: str
    roles: Sequence[str] = ()
    short: Words = ""  # on the phone's tab bar
    query: str = ""
    counted: bool = False  # carries the number of my open work items


@dataclass(frozen=True, kw_only=True)
class Group:
    title: Words
    entries: Sequence[Entry]


GROUPS = (
    Group(
        title="",
        entries=(
            Entry(route="workflows:desk", label=_("我的待办"), short=_("待办"), icon="desk", counted=True),
            Entry(route="workflows:cases", label=_("全部事项"), short=_("事项"), icon="folder"),
            Entry(
                route="people:search",
                label=_("查人"),
                short=_("查人"),
                icon="search",
                roles=(*STAFF, Role.TRAINING_UNIT, Role.ADMINISTRATOR),
            ),
        ),
    ),
    Group(
        title=pgettext_lazy("navigation", "我的"),
        entries=(
            Entry(
                route="my:results", label=_("我的结果与理由"), short=_("我的结果"), icon="user", roles=(Role.OFFICER,)
            ),
            Entry(route="my:plan", label=_("我的提升计划"), short=_("我的计划"), icon="target", roles=(Role.OFFICER,)),
        ),
    ),
    Group(
        title=_("考核与联动"),
        entries=(
            Entry(
                route="appraisal:cycles",
                label=_("考核周期"),
                icon="chart",
                roles=(Role.HR, Role.LEADER, Role.AUDITOR, Role.INSPECTOR),
            ),
            Entry(
                route="linkage:runs",
                label=_("联动运行"),
                short=_("联动"),
                icon="link",
                roles=(Role.HR, Role.LEADER, Role.AUDITOR),
            ),
            Entry(route="linkage:policies", label=_("政策与规则"), icon="rules", roles=(Role.HR, Role.AUDITOR)),
        ),
    ),
    Group(
        title=_("三挂钩"),
        entries=(
            Entry(route="workflows:cases", query="kind=reward", label=_("奖励"), icon="reward", roles=STAFF),
            Entry(route="workflows:cases", query="kind=reserve", label=_("后备干部库"), icon="reserve", roles=STAFF),
            Entry(
                route="workflows:cases",
                query="kind=training",
                label=_("能力提升"),
                icon="training",
                roles=(*STAFF, Role.TRAINING_UNIT),
            ),
            Entry(route="training:lists", label=_("培训名册"), icon="users", roles=(Role.TRAINING_UNIT, Role.HR)),
            Entry(
                route="workflows:cases",
                query="kind=post_adjustment",
                label=_("岗位调整"),
                icon="adjust",
                roles=STAFF,
            ),
            Entry(
                route="workflows:cases",
                query="kind=resource",
                label=_("资源优先"),
                icon="resource",
                roles=(*STAFF, Role.EQUIPMENT),
            ),
        ),
    ),
    Group(
        title=_("公开与监督"),
        entries=(
            Entry(
                route="workflows:cases", query="kind=objection", label=_("异议与复核"), icon="objection", roles=STAFF
            ),
            Entry(route="people:access", label=_("谁能看什么"), icon="eye", roles=(Role.ADMINISTRATOR, Role.AUDITOR)),
        ),
    ),
    Group(
        title=_("管理"),
        entries=(
            Entry(
                route="workflows:operations",
                label=_("运维"),
                short=_("运维"),
                icon="server",
                roles=(Role.ADMINISTRATOR,),
            ),
            Entry(route="admin:index", label=_("基础数据"), icon="rules", roles=(Role.ADMINISTRATOR,)),
        ),
    ),
)
