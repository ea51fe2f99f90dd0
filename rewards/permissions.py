"""Who may take a step of these linkages, where a role alone does not say it."""

from typing import Any

from people.roles import Role
from rewards.models.award import Organ
from workflows.refusals import Permission, any_of, besides_subject, by_line_manager, by_role


def root_of(path: str) -> str:
    """The path of the bureau a unit belongs to: `/B00/` of `/B00/F01/F01P01/`."""
    return f"/{path.split('/')[1]}/"


def _sits_in_organ(case: Any, actor: Any) -> bool:
    """A committee member of the level the award asks for: a branch's cannot approve what is the bureau's."""
    paths = [path for role, path in actor.grants if role == Role.COMMITTEE and case.unit_path.startswith(path)]
    if case.organ == Organ.BUREAU:
        return any(root_of(case.unit_path).startswith(path) for path in paths)
    return bool(paths)


_sits_in_organ.roles = (Role.COMMITTEE.value,)  # type: ignore[attr-defined]

by_organ: Permission = besides_subject(_sits_in_organ)

# The leader in charge stands in where the line has no head at present, or the head is the subject himself.
by_proposer: Permission = any_of(by_line_manager, besides_subject(by_role(Role.LEADER)))


def office(*roles: str) -> Permission:
    """Somebody of the role, for others than himself."""
    return besides_subject(by_role(*roles))
