"""Who may take a step of these linkages, where a role alone does not say it."""

from typing import Any

from people.roles import Role
from workflows.refusals import Permission, any_of, besides_subject, by_line_manager, by_role


def office(*roles: str) -> Permission:
    """Somebody of the role, for others than himself."""
    return besides_subject(by_role(*roles))


def besides_nominator(permission: Permission) -> Permission:
    """Who nominated somebody has said what he thinks: another one reviews."""

    def permitted(case: Any, actor: Any) -> bool:
        return actor.pk != case.nominator_id and permission(case, actor)

    permitted.roles = permission.roles  # type: ignore[attr-defined]
    return permitted


# The leader in charge stands in where the line has no head at present, or the head is the subject himself.
by_nominator: Permission = any_of(by_line_manager, office(Role.LEADER))

by_reviewer: Permission = besides_nominator(office(Role.UNIT_HEAD, Role.LEADER, Role.HR, Role.COMMITTEE))
