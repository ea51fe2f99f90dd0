"""Priority of a unit for equipment and funds: from the ranking to what it was worth a year later."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from people.roles import Role
from rewards.permissions import office
from workflows import public_notice
from workflows.holding import Holdable
from workflows.models import Case
from workflows.refusals import Unmet, by_role, guard
from workflows.steps import step


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
    notice_days = 5  # working days, as for awards below 三等功

    priority = models.PositiveSmallIntegerField(_("优先次序"), null=True)
    request = models.TextField(_("申报理由"), default="")
    lines = models.JSONField(_("申报清单"), default=list)
    asked = models.DecimalField(_("申报金额（元）"), max_digits=12, decimal_places=2, null=True)
    opinion = models.TextField(_("审核意见"), default="")
    allocated = models.DecimalField(_("安排金额（元）"), max_digits=12, decimal_places=2, null=True)
    notice_from = models.DateField(_("公示开始"), null=True)
    notice_until = models.DateField(_("公示截止"), null=True)  # of notices begun before `notice_from` was kept
    delivery = models.TextField(_("交付说明"), default="")
    receipt = models.TextField(_("收到确认"), default="")
    effect = models.CharField(_("成效"), max_length=10, choices=Benefit.choices, default="")
    effect_words = models.TextField(_("成效说明"), default="")

    class Meta:
        verbose_name = verbose_name_plural = _("单位资源保障事项")

    @property
    def notice_ends(self) -> date | None:
        return public_notice.last_day(self.notice_from, self.notice_days, self.notice_until)

    @step(State.RANKED, State.SCREENED, _("初审通过"), by=office(Role.HR))
    def screen(self) -> None:
        pass

    @step(State.RANKED, State.REJECTED, _("初审不通过"), by=office(Role.HR), harm=True)
    def screen_out(self) -> None:
        pass

    @step(State.SCREENED, State.PROPOSED, _("申报需求"), by=by_role(Role.UNIT_HEAD))
    def propose(self, *, request: str, lines: Sequence[dict[str, Any]]) -> None:
        if not lines:
            raise Unmet(_("清单是空的：请至少写一项装备或经费。"))
        self.request, self.lines = request.strip(), list(lines)
        self.asked = sum((Decimal(line["amount"]) for line in lines), Decimal(0))

    @step(State.SCREENED, State.WITHDRAWN, _("本单位不申报"), by=by_role(Role.UNIT_HEAD), harm=True)
    def decline(self) -> None:
        pass

    @step(State.PROPOSED, State.REVIEWED, _("审核通过"), by=office(Role.EQUIPMENT))
    def review(self, *, priority: int, opinion: str = "") -> None:
        if priority < 1:
            raise Unmet(_("优先次序从 1 起。"))
        self.priority, self.opinion = priority, opinion.strip()

    @step(State.PROPOSED, State.SCREENED, _("退回补充"), by=office(Role.EQUIPMENT))
    def send_back(self) -> None:
        pass

    @step(State.PROPOSED, State.REJECTED, _("审核不通过"), by=office(Role.EQUIPMENT), harm=True)
    def reject(self) -> None:
        pass

    @step(State.REVIEWED, State.ON_NOTICE, _("同意并公示"), by=office(Role.COMMITTEE), harm=True)
    def publish(self) -> None:
        pass

    @step(
        [State.REVIEWED, State.ON_NOTICE, State.HELD],
        State.REJECTED,
        _("不予保障"),
        by=office(Role.COMMITTEE),
        harm=True,
    )
    def refuse(self) -> None:
        pass

    # The committee agreed when it published; with the notice over and nothing open, nobody has anything left to decide.
    @step(State.ON_NOTICE, State.APPROVED, _("公示期满，批准"), by=by_role(Role.SYSTEM))
    def approve(self) -> None:
        pass

    @step(State.APPROVED, State.ALLOCATED, _("安排装备经费"), by=office(Role.EQUIPMENT))
    def allocate(self, *, amount: str) -> None:
        allocated = Decimal(amount)
        if not 0 < allocated <= (self.asked or 0):
            raise Unmet(_("安排金额应大于 0，且不超过申报的 {asked} 元。").format(asked=self.asked))
        self.allocated = allocated

    @step(State.ALLOCATED, State.DELIVERED, _("交付"), by=office(Role.EQUIPMENT))
    def deliver(self, *, delivery: str) -> None:
        if not delivery.strip():
            raise Unmet(_("请写明交付了什么、何时、由谁接收。"))
        self.delivery = delivery.strip()

    @step(State.DELIVERED, None, _("确认收到"), by=by_role(Role.UNIT_HEAD))
    def confirm_receipt(self, *, receipt: str) -> None:
        if not receipt.strip():
            raise Unmet(_("请写明收到了什么；数目不符也请写明。"))
        self.receipt = receipt.strip()

    @step(State.DELIVERED, State.CLOSED, _("完成次年复核"), by=office(Role.HR), asks=[is_received], harm=True)
    def review_effect(self, *, effect: str, words: str = "") -> None:
        if effect not in Benefit.values:
            raise Unmet(_("请选择成效。"))
        self.effect, self.effect_words = effect, words.strip()

    @step(
        [State.APPROVED, State.ALLOCATED, State.DELIVERED],
        State.RESCINDED,
        _("取消保障"),
        by=office(Role.COMMITTEE),
        harm=True,
    )
    def rescind(self) -> None:
        pass

    @step([*BEFORE_ALLOCATION, State.HELD], State.HELD, _("因异议搁置"), by=by_role(Role.SYSTEM), harm=True)
    def hold(self) -> None:
        self.be_held(self.state, held=State.HELD)

    @step(State.HELD, RETURN_VALUE(*BEFORE_ALLOCATION, State.HELD), _("异议已结，恢复办理"), by=by_role(Role.SYSTEM))
    def release(self) -> str:
        return self.be_released(held=State.HELD)

    @step([*BEFORE_ALLOCATION, State.HELD], State.WITHDRAWN, _("撤回"), by=office(Role.HR, Role.SYSTEM), harm=True)
    def withdraw(self) -> None:
        pass
