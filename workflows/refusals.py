"""Why a case did not take a step, and the words of guards and permissions. A refusal is an answer, not an exception."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Guard = Callable[[Any], bool]
Permission = Callable[[Any, Any], bool]


class Reason(models.TextChoices):
    NOT_FOUND = "not_found", _("没有这一事项，或你没有查看的权限")
    NOT_POSSIBLE = "not_possible", _("当前状态不能办理这一步")
    NOT_PERMITTED = "not_permitted", _("你没有办理这一步的权限")
    OUTRUN = "outrun", _("他人已先办理，请看最新状态")
    UNMET = "unmet", _("条件未满足")
    KEY_REUSED = "key_reused", _("同一请求编号已用于另一次办理")


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: Reason
    words: Words = ""


@dataclass(slots=True)
class Outcome:
    """What one call did: the cases that took the step, those that had taken it before, and why the others did not."""

    taken: list[UUID] = field(default_factory=list)
    repeated: list[UUID] = field(default_factory=list)
    refused: dict[UUID, Refusal] = field(default_factory=dict)

    def add(self, other: "Outcome") -> None:
        self.taken += other.taken
        self.repeated += other.repeated
        self.refused |= other.refused


class Unmet(Exception):
    """Raised in the body of a step: its inputs do not do. The argument says why, in words for the reader."""


class StepFailed(Exception):
    """A fault of the program in a step, a guard or a permission. It ends the call at once.

    The chunk with the case was rolled back; `outcome` tells of the chunks that had been committed before it.
    """

    def __init__(self, step: str, case: UUID, error: Exception) -> None:
        super().__init__(f"{step} failed on case {case}: {error}")
        self.case = case
        self.outcome = Outcome()


def guard(words: Words) -> Callable[[Guard], Guard]:
    """Give a django-fsm condition the words that say what it asks for: "考察报告已上传"."""

    def name(condition: Guard) -> Guard:
        condition.words = words  # type: ignore[attr-defined]
        return condition

    return name


def by_role(*roles: str) -> Permission:
    """The actor holds one of the roles for the unit of the case."""

    def permitted(case: Any, actor: Any) -> bool:
        return any(actor.may(role, case.unit_path) for role in roles)

    permitted.roles = roles  # type: ignore[attr-defined]
    return permitted


def by_line_manager(case: Any, actor: Any) -> bool:
    """The actor heads the unit that answers for the subject, and is not the subject."""
    return bool(("unit_head", case.line_path) in actor.grants and actor.officer_id != (case.officer_id or 0))


by_line_manager.roles = ("unit_head",)  # type: ignore[attr-defined]


def by_subject(case: Any, actor: Any) -> bool:
    """The actor is the officer the case is about."""
    return case.officer_id is not None and actor.officer_id == case.officer_id


by_subject.roles = ("officer",)  # type: ignore[attr-defined]


def any_of(*permissions: Permission) -> Permission:
    def permitted(case: Any, actor: Any) -> bool:
        return any(permission(case, actor) for permission in permissions)

    permitted.roles = tuple(role for p in permissions for role in p.roles)  # type: ignore[attr-defined]
    return permitted


def besides_subject(permission: Permission) -> Permission:
    """Nobody decides his own case."""

    def permitted(case: Any, actor: Any) -> bool:
        return not by_subject(case, actor) and permission(case, actor)

    permitted.roles = permission.roles  # type: ignore[attr-defined]
    return permitted
