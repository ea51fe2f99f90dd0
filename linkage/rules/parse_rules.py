"""Reading rules and quotas: the parts around the conditions."""

from fractions import Fraction
from typing import Final

from . import model as m
from .parse_conditions import Conditions
from .parse_values import spelled
from .refusals import PolicyError
from .words import CYCLE_KINDS
from .yaml_nodes import Node

GATES: Final = 20
# What the register of decisions holds.
RULE_NAME: Final = 40
FOCUS: Final = 50
DOSE_UNIT: Final = 20
RULE: Final = (
    "title",
    "for",
    "cycle",
    "population",
    "when",
    "gate",
    "seats",
    "to",
    "outcome",
    "ladder",
    "dose",
    "focus",
    "basis",
    "clauses",
    "valid",
)
QUOTA: Final = ("title", "cycle", "test", "per", "share", "out of", "rounding", "lifted", "basis", "clauses", "valid")
BAND: Final = ("per", "share", "number", "out of", "rounding", "taken")
ROUNDING: Final = ("down", "up", "half")
REACH: Final = {
    "leader": ("throughout", "cycle end"),
    "members": ("throughout", "cycle end"),
    "unit": ("children", "descendants"),
}


class Rules(Conditions):
    """Rules; named gates are read once and shared."""

    def __init__(self) -> None:
        super().__init__()
        self.named_gates: dict[str, tuple[m.Gate, ...]] = {}

    def rule(self, name: str, node: Node) -> m.Rule:
        self.count = 0
        if len(name) > RULE_NAME:
            raise PolicyError("long_word", node.at, word=name, most=RULE_NAME)
        given = self.fields(node, RULE, ("title", "for", "cycle", "when"))
        if ("outcome" in given) == ("ladder" in given):
            raise PolicyError("outcome_or_ladder", node.at)
        ladder = self._ladder(given["ladder"]) if "ladder" in given else None
        rule = m.Rule(
            name,
            self.title(given["title"]),
            self.word(given["for"], ("officer", "unit")),
            self.word(given["cycle"], (*CYCLE_KINDS, "any")),
            self.condition(given["when"]),
            ladder.rungs[0][1] if ladder else self.short(given["outcome"]),
            self.word(given["population"], ("graded", "listed", "everyone")) if "population" in given else "graded",
            self.gates(given["gate"]) if "gate" in given else (),
            self._seats(given["seats"]) if "seats" in given else None,
            self._focus(given["focus"]) if "focus" in given else None,
            self._reach(given["to"]) if "to" in given else None,
            ladder,
            self._dose(given["dose"]) if "dose" in given else None,
            self.basis(given["basis"]) if "basis" in given else (),
            self.words(given["clauses"]) if "clauses" in given else (),
            self.validity(given["valid"]) if "valid" in given else m.Validity(),
            node.at,
        )
        self._fits(rule, given)
        return rule

    def _fits(self, rule: m.Rule, given: dict[str, Node]) -> None:
        if rule.to and rule.subject != "unit":
            raise PolicyError("units_only", given["to"].at, word="to")
        if rule.focus == "weakest" and rule.subject != "officer":
            raise PolicyError("officers_only", given["focus"].at, word="weakest")

    def _focus(self, node: Node) -> str:
        word = self.short(node, FOCUS)
        return {"最弱项": "weakest", "未达标项": "failing"}.get(word, word)

    def _ladder(self, node: Node) -> m.Ladder:
        given = self.fields(node, ("by", "rungs"), ("by", "rungs"))
        rungs = given["rungs"]
        steps = [(self.whole(rungs.keys[key]), self.short(part)) for key, part in self.pairs(rungs).items()]
        return m.Ladder(self.num(given["by"]), tuple(sorted(steps)))

    def _dose(self, node: Node) -> m.Dose:
        given = self.fields(node, ("unit", "by", "first", "step", "cap"), ("unit", "by", "first", "step"))
        cap = self.number(given["cap"]) if "cap" in given else None
        first, step = self.number(given["first"]), self.number(given["step"])
        return m.Dose(self.short(given["unit"], DOSE_UNIT), self.num(given["by"]), first, step, cap)

    def _seats(self, node: Node) -> m.Seats:
        given = self.fields(node, (*BAND, "order", "floors", "bands"), ("per", "order"))
        return m.Seats(
            self._band(node, given),
            tuple(self._key(part) for part in self.many(given["order"])),
            tuple(self._floor(part) for part in self.many(given["floors"])) if "floors" in given else (),
            tuple(self._inner(part) for part in self.many(given["bands"])) if "bands" in given else (),
        )

    def _inner(self, node: Node) -> m.Band:
        return self._band(node, self.fields(node, (*BAND, "when"), ("per",)))

    def _band(self, node: Node, given: dict[str, Node]) -> m.Band:
        """A share of the group's people or of a figure of its unit, or a number."""
        if self.one_of(node, given, ("share", "number")) == "number":
            share: Fraction | None = None
            number: m.Number | None = self.num(given["number"])
            out_of = "number"
            if "out of" in given:
                raise PolicyError("not_together", given["out of"].at, word="out of", other="number")
        else:
            share = self.portion(given["share"])
            out_of, number = self._base(given["out of"]) if "out of" in given else ("graded", None)
        return m.Band(
            self.word(given["per"], ("branch", "unit", "bureau")),
            share,
            number,
            out_of,
            self.word(given["rounding"], ROUNDING) if "rounding" in given else "down",
            self.condition(given["taken"]) if "taken" in given else None,
            self.condition(given["when"]) if "when" in given else None,
        )

    def _base(self, node: Node) -> tuple[str, m.Number | None]:
        """What a share is taken of: the graded, all with a result, or a figure of the unit."""
        if isinstance(node.value, str) and spelled(node.value, ("graded", "listed")):
            return self.word(node, ("graded", "listed")), None
        return "number", self.num(node)

    def _key(self, node: Node) -> m.Key:
        way = self.one_of(node, self.fields(node, ("highest", "lowest")), ("highest", "lowest"))
        return m.Key(way, self.num(node.mapping[way]))

    def _floor(self, node: Node) -> m.Floor:
        given = self.fields(node, ("when", "share"), ("when", "share"))
        return m.Floor(self.condition(given["when"]), self.portion(given["share"]))

    def _reach(self, node: Node) -> tuple[str, str]:
        whom = self.one_of(node, self.fields(node, tuple(REACH)), tuple(REACH))
        return whom, self.word(node.mapping[whom], REACH[whom])

    def gates(self, node: Node) -> tuple[m.Gate, ...]:
        out: list[m.Gate] = []
        for part in node.value if isinstance(node.value, list) else [node]:
            out += self._named(part) if isinstance(part.value, str) else [self._gate(part)]
            if len(out) > GATES:
                raise PolicyError("gates", part.at, most=GATES)
        return tuple(out)

    def _named(self, node: Node) -> tuple[m.Gate, ...]:
        name = self.word(node)
        if name not in self.named_gates:
            raise PolicyError("no_gate", node.at, word=name, valid=self.named_gates)
        return self.named_gates[name]

    def _gate(self, node: Node) -> m.Gate:
        given = self.fields(node, ("blocked", "held", "unless"))
        status = self.one_of(node, given, ("blocked", "held"))
        unless = self.condition(given["unless"]) if "unless" in given else None
        return m.Gate(status, self.condition(given[status]), unless)

    def quota(self, name: str, node: Node) -> m.Quota:
        self.count = 0
        given = self.fields(node, QUOTA, ("cycle", "test", "per", "share"))
        return m.Quota(
            name,
            self.title(given["title"]) if "title" in given else m.Title(name, name),
            self.word(given["cycle"], CYCLE_KINDS),
            self.condition(given["test"]),
            self.word(given["per"], ("unit", "branch", "bureau")),
            self.portion(given["share"]),
            self.word(given["out of"], ("graded", "listed")) if "out of" in given else "listed",
            tuple(self._floor(part) for part in self.many(given["lifted"])) if "lifted" in given else (),
            self.word(given["rounding"], ROUNDING) if "rounding" in given else "down",
            self.basis(given["basis"]) if "basis" in given else (),
            self.words(given["clauses"]) if "clauses" in given else (),
            self.validity(given["valid"]) if "valid" in given else m.Validity(),
            node.at,
        )
