"""Reading a policy: YAML text to the tree, in either spelling, within bounds.

Bounds: 512 KB of text, depth 16, 20 000 YAML events, 400 rules, 60 conditions and 20 gates a rule (600 conditions once
the rules it names are put in place); no anchors, aliases, tags or merge keys.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from . import model as m
from .find import rebuild
from .local import refuse_loose
from .parse_rules import Rules
from .parse_values import spelled
from .refusals import PolicyError
from .ties import refuse_ties, tied
from .words import CYCLE_KINDS
from .yaml_nodes import Node, load

RULES: Final = 400
EXPANDED: Final = 600
FILE: Final = ("policy", "title", "version", "grades", "peers", "params", "tests", "gates", "rules", "quotas")
PARAM: Final = ("value", "local", "text", "at least", "at most", "tighten")
PEER_FIELDS: Final = ("post_type", "branch", "unit", "peer_group", "rank", "kind")


def parse(text: str, local: Mapping[str, str] | None = None) -> m.Policy:
    """The policy a text says; `local` gives a branch's own values for parameters marked local."""
    return replace(PolicyParser(local or {}).policy(load(text)), source=text)


class PolicyParser(Rules):
    def __init__(self, local: Mapping[str, str]) -> None:
        super().__init__()
        self.local = local

    def policy(self, root: Node) -> m.Policy:
        given = self.fields(root, FILE, ("policy", "title", "grades", "rules"))
        self._read_params(given)
        self._read_grades(given["grades"])
        self.peers = {name: self._peers(node) for name, node in self._named_parts(given, "peers").items()}
        self.tests = self._named_parts(given, "tests")
        for name, node in self._named_parts(given, "gates").items():
            self.count = 0
            self.named_gates[name] = self.gates(node)
        rules = self._rules(given)
        quotas = {name: self.quota(name, node) for name, node in self._named_parts(given, "quotas").items()}
        return m.Policy(
            self.word(given["policy"]),
            self.title(given["title"]),
            self.word(given["version"]) if "version" in given else "1",
            self.grades,
            self.peers,
            rules,
            {name: self._linked_quota(quota, rules) for name, quota in quotas.items()},
            self.params,
        )

    def _named_parts(self, given: dict[str, Node], key: str) -> dict[str, Node]:
        if key not in given:
            return {}
        if not isinstance(given[key].value, dict):
            raise PolicyError("pairs", given[key].at)
        return given[key].mapping

    def _read_params(self, given: dict[str, Node]) -> None:
        parts = self._named_parts(given, "params")
        at = given["params"].at if "params" in given else given["policy"].at
        for name in self.local:
            if name not in parts:
                raise PolicyError("no_param", at, word=name, valid=parts)
        for name, node in parts.items():
            self.params[name] = self._param(name, node)

    def _param(self, name: str, node: Node) -> m.Param:
        given = self.fields(node, PARAM, ("value",))
        own = m.Param(
            self.word(given["value"]),
            "local" in given and self.yes(given["local"]),
            self.word(given["text"]) if "text" in given else "",
            self.word(given["at least"]) if "at least" in given else "",
            self.word(given["at most"]) if "at most" in given else "",
            self.word(given["tighten"], ("up", "down")) if "tighten" in given else "",
            node.at,
        )
        return self._local(name, node, own) if name in self.local else own

    def _local(self, name: str, node: Node, own: m.Param) -> m.Param:
        """The branch's own value, within the range."""
        if not own.local:
            raise PolicyError("not_local", node.at, word=name)
        value = self.local[name]
        if value.startswith("$"):
            raise PolicyError("local_range", node.at, word=name, low=own.low, high=own.high)
        refuse_loose(name, own, value)
        return replace(own, value=value)

    def _read_grades(self, node: Node) -> None:
        scales = (*CYCLE_KINDS, "unit")
        if not node.mapping:
            raise PolicyError("mapping", node.at, valid=scales)
        for name, part in node.mapping.items():
            scale = spelled(name, scales)
            if scale is None:
                raise PolicyError("not_one_of", node.keys[name].at, word=name, valid=scales)
            self.grades[scale] = self._scale(part)

    def _scale(self, node: Node) -> tuple[str, ...]:
        words = self.words(node)
        for n, word in enumerate(words):
            if word in words[:n]:
                raise PolicyError("twice", node.at, word=word)
        return words

    def _peers(self, node: Node) -> m.Peers:
        given = self.fields(node, ("for", "same", "title"), ("same",))
        subject = self.word(given["for"], ("officer", "unit")) if "for" in given else "officer"
        title = self.title(given["title"]) if "title" in given else None
        return m.Peers(subject, self.words(given["same"], PEER_FIELDS), title, given["same"].at)

    def _rules(self, given: dict[str, Node]) -> dict[str, m.Rule]:
        parts = self._named_parts(given, "rules")
        if len(parts) > RULES:
            raise PolicyError("rules", given["rules"].at, most=RULES)
        rules = {name: self.rule(name, node) for name, node in parts.items()}
        return {name: replace(rule, **self._linked(rule, rules)) for name, rule in rules.items()}

    def _linked(self, rule: m.Rule, rules: Mapping[str, m.Rule]) -> dict[str, Any]:
        """The parts of a rule that hold conditions, with the named rules' conditions in the place of `met`."""
        link = Link(rule.id, rules)
        parts = {part: link(getattr(rule, part), {rule.id}) for part in ("when", "gates", "seats", "ladder", "dose")}
        return tied(replace(rule, **parts))

    def _linked_quota(self, quota: m.Quota, rules: Mapping[str, m.Rule]) -> m.Quota:
        link = Link(quota.id, rules)
        linked = replace(quota, test=link(quota.test, set()), lifted=link(quota.lifted, set()))
        refuse_ties(linked)
        return linked


class Link:
    """Puts named rules in the place of `met`, and refuses a tree that grows too large by it."""

    def __init__(self, name: str, rules: Mapping[str, m.Rule]) -> None:
        self.name, self.rules, self.count = name, rules, 0

    def __call__(self, tree: Any, seen: set[str]) -> Any:
        return rebuild(tree, lambda node: self._change(node, seen))

    def _change(self, node: object, seen: set[str]) -> object:
        if isinstance(node, m.Condition):
            self.count += 1
        if not isinstance(node, m.Met):
            return None
        if node.rule not in self.rules or node.rule in seen:
            raise PolicyError("no_rule", node.at, rule=self.name, word=node.rule, valid=set(self.rules) - seen)
        if self.count > EXPANDED:
            raise PolicyError("expanded", node.at, most=EXPANDED)
        return replace(node, part=self(self.rules[node.rule].when, seen | {node.rule}))
