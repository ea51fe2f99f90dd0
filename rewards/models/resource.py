"""Priority of a unit for equipment and funds: from the ranking to what it was worth a year later."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, transition

from people.roles import Role
from rewards.permissions import office
from workflows.holding import Holdable
from workflows.models import Case
from workflows.refusals import Unmet, by_role, guard


class State(models.TextChoices):
    RANKED = "ranked", _("已排序")  # a policy put the unit among the first; nobody has looked at it
    SCREENED = "screened", _("初审通过")  # HR found it in order; the unit is to say what it needs
    PROPOSED = "proposed", _("已申报")  # the unit asked; equipment and finance are to review
    REVIEWED = "reviewed", _("审核通过")  # there is stock and money; the committee is to agree
    ON_NOTICE = "on_notice", _("公示中")  # everybody may object until the notice's last day
    APPROVED = "approved", _("已批准")  # decided; the amount is to be allocated
    ALLOCATED = "allocated", _("已安排")  # stock and money are set aside; to be delivered
    DELIVERED = "delivered", _("已交付")  # the unit has it; next year somebody looks whether it helped
    CLOSED = "closed", _("已复核")  # looked at a year later
    HELD = "held", _("异议搁置")  # an objection is open; it goes back to where it was
    REJECTED = "rejected", _("不予保障")  # found not to deserve or not to be possible
    WITHDRAWN = "withdrawn", _("已撤回")  # what it rested on no longer holds, or the unit wants nothing
    RESCINDED = "rescinded", _("已取消")  # taken back after it was approved


class Benefit(models.TextChoices):
    IMPROVED = "improved", _("指标有改善")
    UNCHANGED = "unchanged", _("指标无变化")
    WORSE = "worse", _("指标下降")


BEFORE_ALLOCATION = [
    State.RANKED,
    State.SCREENED,
    State.PROPOSED,
    State.REVIEWED,
    State.ON_NOTICE,
    State.APPROVED,
]


@guard(_("单位已确认收到"))
def is_received(case: Any) -> bool:
    return bool(case.receipt)


class ResourceCase(Holdable, Case):
    """What one unit gets first, and what it asked for: `lines` are `{"item", "quantity", "amount"}`."""

    State = State

    priority = models.PositiveSmallIntegerField(_("优先次序"), null=True)
    request = models.TextField(_("申报理由"), default="")
    lines = models.JSONField(_("申报清单"), default=list)
    asked = models.DecimalField(_("申报金额（元）"), max_digits=12, decimal_places=2, null=True)
    opinion = models.TextField(_("审核意见"), default="")
    allocated = models.DecimalField(_("安排金额（元）"), max_digits=12, decimal_places=2, null=True)
    notice_until = models.DateField(_("公示截止"), null=True)
    delivery = models.TextField(_("交付说明"), default="")
    receipt = models.TextField(_("收到确认"), default="")
    effect = models.CharField(_("成效"), max_length=10, choices=Benefit.choices, default="")
    effect_words = models.TextField(_("成效说明"), default="")

    class Meta:
        verbose_name = verbose_name_plural = _("单位资源保障事项")

    @transition(
        field="state",
        source=State.RANKED,
        target=State.SCREENED,
        permission=office(Role.HR),
        custom={"label": _("初审通过"), "harm": False},
    )
    def screen(self) -> None:
        pass

    @transition(
        field="state",
        source=State.RANKED,
        target=State.REJECTED,
        permission=office(Role.HR),
        custom={"label": _("初审不通过"), "harm": True},
    )
    def screen_out(self) -> None:
        pass

    @transition(
        field="state",
        source=State.SCREENED,
        target=State.PROPOSED,
        permission=by_role(Role.UNIT_HEAD),
        custom={"label": _("申报需求"), "harm": False},
    )
    def propose(self, *, request: str, lines: Sequence[dict[str, Any]]) -> None:
        if not lines:
            raise Unmet(_("清单是空的：请至少写一项装备或经费。"))
        self.request, self.lines = request.strip(), list(lines)
        self.asked = sum((Decimal(line["amount"]) for line in lines), Decimal(0))

    @transition(
        field="state",
        source=State.SCREENED,
        target=State.WITHDRAWN,
        permission=by_role(Role.UNIT_HEAD),
        custom={"label": _("本单位不申报"), "harm": True},
    )
    def decline(self) -> None:
        pass

    @transition(
        field="state",
        source=State.PROPOSED,
        target=State.REVIEWED,
        permission=office(Role.EQUIPMENT),
        custom={"label": _("审核通过"), "harm": False},
    )
    def review(self, *, priority: int, opinion: str = "") -> None:
        if priority < 1:
            raise Unmet(_("优先次序从 1 起。"))
        self.priority, self.opinion = priority, opinion.strip()

    @transition(
        field="state",
        source=State.PROPOSED,
        target=State.SCREENED,
        permission=office(Role.EQUIPMENT),
        custom={"label": _("退回补充"), "harm": False},
    )
    def send_back(self) -> None:
        pass

    @transition(
        field="state",
        source=State.PROPOSED,
        target=State.REJECTED,
        permission=office(Role.EQUIPMENT),
        custom={"label": _("审核不通过"), "harm": True},
    )
    def reject(self) -> None:
        pass

    @transition(
        field="state",
        source=State.REVIEWED,
        target=State.ON_NOTICE,
        permission=office(Role.COMMITTEE),
        custom={"label": _("同意并公示"), "harm": True},
    )
    def publish(self) -> None:
        pass

    @transition(
        field="state",
        source=[State.REVIEWED, State.ON_NOTICE, State.HELD],
        target=State.REJECTED,
        permission=office(Role.COMMITTEE),
        custom={"label": _("不予保障"), "harm": True},
    )
    def refuse(self) -> None:
        pass

    # The committee agreed when it published; with the notice over and nothing open, nobody has anything left to decide.
    @transition(
        field="state",
        source=State.ON_NOTICE,
        target=State.APPROVED,
        permission=by_role(Role.SYSTEM),
        custom={"label": _("公示期满，批准"), "harm": False},
    )
    def approve(self) -> None:
        pass

    @transition(
        field="state",
        source=State.APPROVED,
        target=State.ALLOCATED,
        permission=office(Role.EQUIPMENT),
        custom={"label": _("安排装备经费"), "harm": False},
    )
    def allocate(self, *, amount: str) -> None:
        allocated = Decimal(amount)
        if not 0 < allocated <= (self.asked or 0):
            raise Unmet(_("安排金额应大于 0，且不超过申报的 {asked} 元。").format(asked=self.asked))
        self.allocated = allocated

    @transition(
        field="state",
        source=State.ALLOCATED,
        target=State.DELIVERED,
        permission=office(Role.EQUIPMENT),
        custom={"label": _("交付"), "harm": False},
    )
    def deliver(self, *, delivery: str) -> None:
        if not delivery.strip():
            raise Unmet(_("请写明交付了什么、何时、由谁接收。"))
        self.delivery = delivery.strip()

    @transition(
        field="state",
        source=State.DELIVERED,
        target=State.DELIVERED,
        permission=by_role(Role.UNIT_HEAD),
        custom={"label": _("确认收到"), "harm": False},
    )
    def confirm_receipt(self, *, receipt: str) -> None:
        if not receipt.strip():
            raise Unmet(_("请写明收到了什么；数目不符也请写明。"))
        self.receipt = receipt.strip()

    @transition(
        field="state",
        source=State.DELIVERED,
        target=State.CLOSED,
        conditions=[is_received],
        permission=office(Role.HR),
        custom={"label": _("完成次年复核"), "harm": True},
    )
    def review_effect(self, *, effect: str, words: str = "") -> None:
        if effect not in Benefit.values:
            raise Unmet(_("请选择成效。"))
        self.effect, self.effect_words = effect, words.strip()

    @transition(
        field="state",
        source=[State.APPROVED, State.ALLOCATED, State.DELIVERED],
        target=State.RESCINDED,
        permission=office(Role.COMMITTEE),
        custom={"label": _("取消保障"), "harm": True},
    )
    def rescind(self) -> None:
        pass

    @transition(
        field="state",
        source=[*BEFORE_ALLOCATION, State.HELD],
        target=State.HELD,
        permission=by_role(Role.SYSTEM),
        custom={"label": _("因异议搁置"), "harm": True},
    )
    def hold(self) -> None:
        self.be_held(self.state, held=State.HELD)

    @transition(
        field="state",
        source=State.HELD,
        target=RETURN_VALUE(*BEFORE_ALLOCATION, State.HELD),
        permission=by_role(Role.SYSTEM),
        custom={"label": _("异议已结，恢复办理"), "harm": False},
    )
    def release(self) -> str:
        return self.be_released(held=State.HELD)

    @transition(
        field="state",
        source=[*BEFORE_ALLOCATION, State.HELD],
        target=State.WITHDRAWN,
        permission=office(Role.HR, Role.SYSTEM),
        custom={"label": _("撤回"), "harm": True},
    )
    def withdraw(self) -> None:
        pass
