"""Reading what a rule does with each kind of gap: a word, or a word with when a period is such a gap."""

from typing import TYPE_CHECKING, Final

from . import model as m
from .parse_values import spelled
from .refusals import PolicyError
from .yaml_nodes import Node

if TYPE_CHECKING:
    from .parse_facts import Facts

GAP_KINDS: Final = ("ungraded", "pending", "absent", "unmeasured", "back-filled", "part year")
GAP_WAYS: Final = ("break", "skip", "pass", "previous", "wait", "as is")
DETAILS: Final = {"back-filled": ("late",), "part year": ("less", "without")}
LATE: Final = m.Length(90, "days")


def gaps_of(values: "Facts", node: Node) -> tuple[m.Gap, ...]:
    if not isinstance(node.value, dict):
        raise PolicyError("mapping", node.at, valid=GAP_KINDS)
    out = []
    for name, part in node.value.items():
        kind = spelled(name, GAP_KINDS)
        if kind is None:
            raise PolicyError("not_one_of", node.keys[name].at, word=name, valid=GAP_KINDS)
        out.append(_gap(values, kind, part))
    return tuple(out)


def _gap(values: "Facts", kind: str, node: Node) -> m.Gap:
    own = DETAILS.get(kind, ())
    given = {"take": node} if isinstance(node.value, str) else values.fields(node, ("take", *own), ("take",))
    late, share = given.get("late"), given.get("less")
    return m.Gap(
        kind,
        values.word(given["take"], GAP_WAYS),
        (values.length(late) if late else LATE) if kind == "back-filled" else None,
        (values.portion(share) if share else m.HALF) if kind == "part year" else None,
        values.fact(values.fields(given["without"], ("fact",), ("fact",))["fact"]) if "without" in given else None,
    )
