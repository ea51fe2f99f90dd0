"""How a kind's model declares its steps: django-fsm's `transition` in the words of this house."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django_fsm import State as Target
from django_fsm import transition

from workflows.refusals import Guard, Permission, Words

Body = TypeVar("Body", bound=Callable[..., Any])


def step(
    source: str | Sequence[str],
    target: str | Target | None,
    label: Words,
    *,
    by: Permission,
    asks: Sequence[Guard] = (),
    harm: bool = False,
) -> Callable[[Body], Body]:
    """Take a case from `source` to `target`, by whom `by` permits, once all that it `asks` is met.

    `label` is what the button says: "初审通过". Without a target the state stays. A step that does `harm` refuses
    somebody something, makes it public or ends it: the page asks back and wants a reason.
    """
    return transition(
        "state", source, target, conditions=list(asks), permission=by, custom={"label": label, "harm": harm}
    )
