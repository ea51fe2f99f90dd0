"""The roles an account can hold, and what they are called."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OFFICER = "officer", _("民警")  # every account tied to an officer has it for himself; never granted
    UNIT_HEAD = "unit_head", _("单位负责人")
    LEADER = "leader", _("分管领导")
    HR = "hr", _("政治处")
    TRAINING_UNIT = "training_unit", _("教育训练部门")
    EQUIPMENT = "equipment", _("装备财务部门")
    COMMITTEE = "committee", _("党委成员")
    INSPECTOR = "inspector", _("纪检督察")
    AUDITOR = "auditor", _("审计员")
    ADMINISTRATOR = "administrator", _("系统管理员")
    SYSTEM = "system", _("系统账户")  # the machine accounts: clock, loader


# Every officer is one for himself and a machine is made one; the rest is given by an administrator.
GRANTABLE = tuple(role for role in Role if role not in (Role.OFFICER, Role.SYSTEM))

# What the machine accounts are called where a person's name would stand.
MACHINES = {"clock": _("系统时钟"), "loader": _("数据导入"), "console": _("命令行")}
