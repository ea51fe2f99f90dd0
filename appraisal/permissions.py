"""Who may move a cycle: a cycle is the whole bureau's, so the role must be held at its top."""

from typing import Any

from people.models import EVERYWHERE
from people.roles import Role
from workflows.refusals import Permission


def at_the_top(*roles: str) -> Permission:
    """The actor holds one of the roles for a unit that has none above it, or everywhere."""

    def permitted(cycle: Any, actor: Any) -> bool:
        return holds_at_the_top(actor, *roles)

    permitted.roles = roles  # type: ignore[attr-defined]
    return permitted


def holds_at_the_top(actor: Any, *roles: str) -> bool:
    return any(path == EVERYWHERE or path.count("/") == 2 for path in actor.paths(*roles))


hr_of_the_bureau = at_the_top(Role.HR)
committee_of_the_bureau = at_the_top(Role.COMMITTEE)
hr_or_loader = at_the_top(Role.HR, Role.SYSTEM)
