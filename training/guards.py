"""What the steps of a training case ask for, and who may take them. Everything is seen in memory: no query."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from people.roles import Role
from workflows.refusals import besides_subject, by_line_manager, by_role, by_subject, guard


@guard(_("已写明原因"))
def cause_named(case: Any) -> bool:
    return bool(case.cause)


@guard(_("数据无误：数据有误的，先更正数据"))
def data_correct(case: Any) -> bool:
    return bool(case.cause != "data_error")


@guard(_("原因不是能力不足：能力不足的，须培训或制定计划"))
def cause_not_skill(case: Any) -> bool:
    return bool(case.cause != "skill")


@guard(_("是提升计划：只上提升班的，安排进班后开始"))
def is_plan(case: Any) -> bool:
    return bool(case.form != "class")


@guard(_("已安排进班"))
def in_class(case: Any) -> bool:
    return case.session_id is not None


@guard(_("复评达标"))
def result_met(case: Any) -> bool:
    return bool(case.result == "met")


@guard(_("复评未达标"))
def result_not_met(case: Any) -> bool:
    return bool(case.result == "not_met")


@guard(_("还没有再训过：只再训一次"))
def not_retrained(case: Any) -> bool:
    return not case.retrained


@guard(_("已再训一次"))
def retrained(case: Any) -> bool:
    return bool(case.retrained)


def by_concerned(case: Any, actor: Any) -> bool:
    """The officer himself; of a unit, its own head."""
    if case.officer_id is not None:
        return by_subject(case, actor)
    return (Role.UNIT_HEAD, case.unit_path) in actor.grants and not by_line_manager(case, actor)


by_concerned.roles = (Role.OFFICER, Role.UNIT_HEAD)  # type: ignore[attr-defined]


def by_second_assessor(case: Any, actor: Any) -> bool:
    """Training unit or HR, and never the line manager nor the subject: nobody marks his own guidance."""
    outside_line = (Role.UNIT_HEAD, case.line_path) not in actor.grants
    return outside_line and _assessors(case, actor)


_assessors = besides_subject(by_role(Role.TRAINING_UNIT, Role.HR))
by_second_assessor.roles = (Role.TRAINING_UNIT, Role.HR)  # type: ignore[attr-defined]
