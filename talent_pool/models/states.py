"""Where a reserve or adjustment case can stand, and the words that go with it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

NOTICE_DAYS = 5  # working days; 公务员职务与职级并行规定(2019) 20: 公示期不少于5个工作日


class ReserveState(models.TextChoices):
    DETECTED = "detected", _("已检出")  # a policy says so; the unit is to nominate or not
    NOMINATED = "nominated", _("已提名")  # the unit stated its grounds; HR is to check them
    TESTED = "tested", _("测评")  # peers assess and reviewers write
    INSPECTED = "inspected", _("考察")  # HR inspects, the inspection office is asked
    SUBMITTED = "submitted", _("待党委研究")  # everything is on the table; the committee is to vote
    DECIDED = "decided", _("党委已通过")  # carried; it may be put on notice
    ON_NOTICE = "on_notice", _("公示中")  # everybody may object until the notice's last day
    ADMITTED = "admitted", _("已入库")  # in the pool, not reviewed yet
    IN_REVIEW = "in_review", _("年度复核")  # HR looks whether the member still belongs there
    RETAINED = "retained", _("留库")  # reviewed and kept, to the end of the term
    SUSPENDED = "suspended", _("暂停")  # an inquiry or sanction runs; the term goes on
    POST_PROPOSED = "post_proposed", _("拟任")  # HR proposed a post; the committee is to agree
    POST_NOTICE = "post_notice", _("任前公示")  # the appointment is on notice
    ON_TRIAL = "on_trial", _("试用期")  # serves in the post for a year
    TRIAL_ENDED = "trial_ended", _("试用期满")  # HR reported on the year; the committee is to confirm or return
    CONFIRMED = "confirmed", _("正式任用")  # left the pool upwards
    RETURNED = "returned", _("退回")  # the trial was not passed
    HELD = "held", _("异议搁置")  # an objection is open; it goes back to where it was
    REJECTED = "rejected", _("不予入库")  # not nominated, not carried, or fallen on notice
    WITHDRAWN = "withdrawn", _("已撤回")  # gave up, or what it rested on no longer holds
    REMOVED = "removed", _("已出库")  # left the pool for a coded reason
    EXPIRED = "expired", _("任期届满")  # two years are over


class Tier(models.TextChoices):
    READY = "ready", _("近期可用")
    LONG_TERM = "long_term", _("长期培养")


class Stream(models.TextChoices):
    HEAD = "head", _("所队领导正职")
    DEPUTY = "deputy", _("所队领导副职")


class Discipline(models.TextChoices):
    NONE = "none", _("未出具")
    CLEAR = "clear", _("无影响使用的问题")
    CONCERN = "concern", _("有影响使用的问题")


class Removal(models.TextChoices):
    """党政领导班子后备干部工作规定, 动态管理: 年度考核基本称职以下、受处分、不宜继续作为后备的，及时调整出库."""

    BAD_GRADE = "bad_grade", _("年度考核基本称职以下")
    SANCTION = "sanction", _("受处分")
    AGE = "age", _("超龄")
    PROMOTED = "promoted", _("已另行任用")
    UNFIT = "unfit", _("不宜继续作为后备")
    OWN_WISH = "own_wish", _("本人要求退出")


class AdjustmentState(models.TextChoices):
    PROPOSED = "proposed", _("已提出")  # a policy says so; HR is to verify the facts
    HEARING = "hearing", _("听取陈述")  # the facts stand; the person is to be heard
    VERIFIED = "verified", _("事实已核实，已听取陈述")  # the committee is to decide
    DECIDED = "decided", _("已决定")  # the person is to be told in writing
    NOTIFIED = "notified", _("已送达")  # told, with his rights; to be put into effect
    EFFECTIVE = "effective", _("已生效")  # serves in the other post, or has left
    REVIEWED = "reviewed", _("已回访复核")  # looked at after a year; the committee returns or extends
    EXTENDED = "extended", _("已延长")  # stays in the other post; looked at again
    RETURNED = "returned", _("已恢复")  # back to the former level
    COMPLETED = "completed", _("已办结")  # nothing to come back from
    REFUSED = "refused", _("不予调整")  # the committee found against it
    FROZEN = "frozen", _("冻结")  # another case is open that may undo it; goes back to where it was
    WITHDRAWN = "withdrawn", _("已撤回")  # what it rested on no longer holds


class Measure(models.TextChoices):
    """The words of the policies: what a decision says is what the case is about."""

    DEMOTION = "降职", _("降职")
    DISMISSAL = "辞退审查", _("辞退审查")
    LEADERSHIP = "领导履职审查", _("领导履职审查")
    TRANSFER = "调整岗位", _("调整岗位")  # after a training that did not help
