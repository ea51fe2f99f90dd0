"""A reward on its way: from what a policy saw to the certificate."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from people.roles import Role
from rewards.models.award import Award, Organ
from rewards.permissions import by_organ, by_proposer, office
from workflows import public_notice
from workflows.holding import Holdable
from workflows.models import Case
from workflows.refusals import Unmet, by_role, guard
from workflows.steps import step

SHORTEST_DEEDS = 10  # characters; less says nothing of what was done


class State(models.TextChoices):
    DETECTED = "detected", _("已检出")  # a policy says so; nobody has looked at it
    SCREENED = "screened", _("初审通过")  # HR found it in order; the unit is to propose
    PROPOSED = "proposed", _("已提名")  # the unit stated the deeds; the approving organ is to vet
    VETTED = "vetted", _("审核通过")  # the approving organ agrees; it may be put on notice
    ON_NOTICE = "on_notice", _("公示中")  # everybody may object until the notice's last day
    APPROVED = "approved", _("已批准")  # decided; the certificate is to be issued
    GRANTED = "granted", _("已颁发")  # numbered and handed over
    HELD = "held", _("异议搁置")  # an objection is open; it goes back to where it was
    SUSPENDED = "suspended", _("调查暂停")  # an inquiry runs; it resumes or ends with it
    LAPSED = "lapsed", _("逾期失效")  # not proposed within 90 days
    REJECTED = "rejected", _("不予奖励")  # found not to deserve it
    WITHDRAWN = "withdrawn", _("已撤回")  # what it rested on no longer holds
    REVOKED = "revoked", _("已撤销")  # taken back after it was granted


class Discipline(models.TextChoices):
    NONE = "none", _("未出具")
    CLEAR = "clear", _("无影响奖励的问题")
    CONCERN = "concern", _("有影响奖励的问题")


class Revocation(models.TextChoices):
    """公务员法(2018) 56."""

    FRAUD = "fraud", _("弄虚作假骗取奖励")
    CONCEALED = "concealed", _("申报时隐瞒严重错误")
    PROCEDURE = "procedure", _("严重违反规定程序")
    OFFENCE = "offence", _("奖励后严重违法违纪")


WAITING = [State.DETECTED, State.SCREENED, State.PROPOSED, State.VETTED, State.ON_NOTICE, State.APPROVED]


@guard(_("这是须经提名和审核的奖励，不是应得待遇"))
def is_choice(case: Any) -> bool:
    return not case.entitlement


@guard(_("这是符合条件即应办理的待遇，例如晋档"))
def is_entitlement(case: Any) -> bool:
    return bool(case.entitlement)


@guard(_("纪检督察已出具意见，无影响奖励的问题"))
def discipline_is_clear(case: Any) -> bool:
    return not case.needs_discipline or case.discipline == Discipline.CLEAR


@guard(_("这一奖项须公示"))
def has_notice(case: Any) -> bool:
    return bool(case.notice_days)


@guard(_("这一奖项不须公示"))
def has_no_notice(case: Any) -> bool:
    return not case.notice_days


class RewardCase(Holdable, Case):
    """An award to one officer. The award's terms are taken from the catalogue when the case opens."""

    State = State

    award = models.ForeignKey(
        Award, to_field="code", on_delete=models.PROTECT, related_name="cases", verbose_name=_("奖项")
    )
    organ = models.CharField(_("批准机关"), max_length=10, choices=Organ.choices, default=Organ.BUREAU)
    notice_days = models.PositiveSmallIntegerField(_("公示工作日"), default=0)
    entitlement = models.BooleanField(_("应得待遇"), default=False)
    needs_discipline = models.BooleanField(_("须纪检督察意见"), default=False)
    bonus = models.DecimalField(_("奖金（元）"), max_digits=8, decimal_places=2, default=0)
    deeds = models.TextField(_("事迹"), default="")
    discipline = models.CharField(_("纪检督察意见"), max_length=10, choices=Discipline.choices, default=Discipline.NONE)
    discipline_words = models.TextField(_("意见说明"), default="")
    opinion = models.TextField(_("审核意见"), default="")
    propose_until = models.DateField(_("提名截止"), null=True)
    notice_from = models.DateField(_("公示开始"), null=True)
    notice_until = models.DateField(_("公示截止"), null=True)  # of notices begun before `notice_from` was kept
    granted_on = models.DateField(_("颁发日"), null=True)
    certificate = models.CharField(_("证书编号"), max_length=20, default="")
    checksum = models.CharField(_("校验码"), max_length=12, default="")
    revocation = models.CharField(_("撤销原因"), max_length=10, choices=Revocation.choices, default="")
    suspended_from = models.CharField(max_length=50, default="", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("奖励事项")
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"], condition=~models.Q(certificate=""), name="certificate_once"
            )
        ]

    @property
    def notice_ends(self) -> date | None:
        return public_notice.last_day(self.notice_from, self.notice_days, self.notice_until)

    @step(State.DETECTED, State.SCREENED, _("初审通过"), by=office(Role.HR), asks=[is_choice])
    def screen(self) -> None:
        pass

    @step(State.DETECTED, State.REJECTED, _("初审不通过"), by=office(Role.HR), harm=True)
    def screen_out(self) -> None:
        pass

    @step(State.DETECTED, State.APPROVED, _("核定待遇"), by=office(Role.HR), asks=[is_entitlement])
    def confirm_entitlement(self) -> None:
        pass

    @step(State.SCREENED, State.PROPOSED, _("提名"), by=by_proposer)
    def propose(self, *, deeds: str) -> None:
        if len(deeds.strip()) < SHORTEST_DEEDS:
            raise Unmet(_("事迹写得太短：请写明何时、何事、结果如何。"))
        self.deeds = deeds.strip()

    @step(State.SCREENED, State.LAPSED, _("逾期未提名，失效"), by=by_role(Role.SYSTEM), harm=True)
    def lapse(self) -> None:
        pass

    @step(State.PROPOSED, None, _("出具纪检督察意见"), by=office(Role.INSPECTOR))
    def state_discipline(self, *, finding: str, words: str = "") -> None:
        if finding not in (Discipline.CLEAR, Discipline.CONCERN):
            raise Unmet(_("请选择有无影响奖励的问题。"))
        if finding == Discipline.CONCERN and not words.strip():
            raise Unmet(_("有问题的，请写明是什么问题。"))
        self.discipline, self.discipline_words = finding, words.strip()

    @step(State.PROPOSED, State.VETTED, _("审核通过"), by=by_organ, asks=[discipline_is_clear])
    def vet(self, *, opinion: str = "") -> None:
        self.opinion = opinion.strip()

    @step(State.PROPOSED, State.SCREENED, _("退回补充"), by=by_organ)
    def send_back(self) -> None:
        pass

    @step(
        [State.PROPOSED, State.VETTED, State.ON_NOTICE, State.APPROVED, State.HELD],
        State.REJECTED,
        _("不予奖励"),
        by=by_organ,
        harm=True,
    )
    def reject(self) -> None:
        pass

    @step(State.VETTED, State.ON_NOTICE, _("发布公示"), by=office(Role.HR), asks=[has_notice], harm=True)
    def publish(self) -> None:
        pass

    @step(State.VETTED, State.APPROVED, _("免公示，转批准"), by=office(Role.HR), asks=[has_no_notice])
    def approve_without_notice(self) -> None:
        pass

    # The organ has agreed when it vetted; with the notice over and nothing open, nobody has anything left to decide.
    @step(State.ON_NOTICE, State.APPROVED, _("公示期满，批准"), by=by_role(Role.SYSTEM))
    def approve(self) -> None:
        pass

    @step(State.APPROVED, State.GRANTED, _("颁发"), by=office(Role.HR))
    def grant(self) -> None:
        pass

    @step(State.GRANTED, State.REVOKED, _("撤销奖励"), by=by_organ, harm=True)
    def revoke(self, *, reason: str) -> None:
        if reason not in Revocation.values:
            raise Unmet(_("请选择撤销原因。"))
        self.revocation = reason

    @step(WAITING, State.SUSPENDED, _("暂停（调查）"), by=office(Role.INSPECTOR, Role.HR), harm=True)
    def suspend(self) -> None:
        self.suspended_from = self.state

    @step(State.SUSPENDED, RETURN_VALUE(*WAITING), _("恢复办理"), by=office(Role.INSPECTOR, Role.HR))
    def resume(self) -> str:
        return self.suspended_from

    @step(State.SUSPENDED, State.REJECTED, _("调查属实，终止"), by=office(Role.INSPECTOR, Role.HR), harm=True)
    def end_by_inquiry(self) -> None:
        pass

    @step([*WAITING, State.SUSPENDED, State.HELD], State.HELD, _("因异议搁置"), by=by_role(Role.SYSTEM), harm=True)
    def hold(self) -> None:
        self.be_held(self.state, held=State.HELD)

    @step(
        State.HELD,
        RETURN_VALUE(*WAITING, State.SUSPENDED, State.HELD),
        _("异议已结，恢复办理"),
        by=by_role(Role.SYSTEM),
    )
    def release(self) -> str:
        return self.be_released(held=State.HELD)

    @step(
        [*WAITING, State.SUSPENDED, State.HELD], State.WITHDRAWN, _("撤回"), by=office(Role.HR, Role.SYSTEM), harm=True
    )
    def withdraw(self) -> None:
        pass
