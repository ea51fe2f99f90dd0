"""Why, and why not: of each rule put to one subject its conditions, its evidence, and what would turn the answer."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import takewhile
from typing import Any, Final

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from appraisal.models import Cycle
from linkage import bounded, register, rules, wording
from linkage.models import Decision, Policy, Run
from linkage.rules import Policy as Tree
from linkage.wording import cited
from people.models import Officer, Unit

LANGS: Final = ("zh", "en")
Pair = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One condition of a rule, its answer for one subject (None: unknown), and the figures it rests on."""

    depth: int
    met: bool | None
    words: str
    figures: str
    gate: bool = False


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One rule and one subject. What the run kept of it is `decision`; None, where it decided nothing on him."""

    rule: rules.Rule
    decision: Decision | None
    answers: Mapping[str, Sequence[Answer]]
    sentence: Pair  # the rule in words
    nearest: rules.Nearest | None
    evidence: Sequence[Mapping[str, Any]]
    differs: bool = False  # the directory or a posting was put right since: asked again, the answer is another

    @property
    def basis(self) -> str:
        return cited(self.rule.basis)

    def missing(self, lang: str) -> list[Answer]:
        """What is not met, where the rule decided nothing."""
        return [] if self.decision else unmet([answer for answer in self.answers[lang] if not answer.gate])

    def blocks(self, lang: str) -> list[Answer]:
        """What stands in the way, whether the rule would decide or not."""
        return [answer for answer in self.answers[lang] if answer.gate and not answer.met]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Every rule asked, as one policy answers it with what was known on one day."""

    cycle: Cycle
    subject: Officer | Unit
    policy: Policy | None
    day: date
    run: Run | None
    found: Sequence[Explained]

    @property
    def fired(self) -> list[Explained]:
        return [one for one in self.found if one.decision]

    @property
    def not_fired(self) -> list[Explained]:
        return [one for one in self.found if not one.decision]


def explain(
    cycle: Cycle, subject: Officer | Unit, *, run: Run | None = None, only: Collection[str] | None = None
) -> Explanation:
    """As the run saw it, with its policy and its day; without a run, as it would be decided today."""
    policy = run.policy if run else None
    tree = register.parsed(policy) if policy else register.tree_in_force(cycle.ends_on)
    day = run.as_of if run else timezone.localdate()
    result = bounded.decided(cycle, tree, day, subject)
    kept = _kept(run, subject)
    asked = [rule for rule in askable(tree, cycle, subject) if only is None or rule.id in only]
    found = [_explained(result, tree, rule, subject, kept.get(rule.id)) for rule in asked]
    shown = [one for one in found if one.decision or one.rule.id in (only or ()) or _concerns(one)]
    return Explanation(cycle=cycle, subject=subject, policy=policy, day=day, run=run, found=shown)


def askable(tree: Tree, cycle: Cycle, subject: Officer | Unit) -> list[rules.Rule]:
    """The rules this cycle wakes that fall on such a subject."""
    who = "officer" if isinstance(subject, Officer) else "unit"
    return [rule for rule in register.awake(tree, cycle) if rule.reached == who]


def _concerns(one: Explained) -> bool:
    """A rule that reaches from units to others says nothing to whom it could not reach."""
    return not one.rule.to or any(answer.met for answer in one.answers["zh"][2:3])


def _kept(run: Run | None, subject: Officer | Unit) -> dict[str, Decision]:
    if run is None:
        return {}
    mine = run.decisions.filter(officer=subject) if isinstance(subject, Officer) else run.decisions.filter(unit=subject)
    return {decision.rule: decision for decision in mine.select_related("case", "run__policy", "cycle")}


def _explained(
    result: rules.RunResult, tree: Tree, rule: rules.Rule, subject: Officer | Unit, decision: Decision | None
) -> Explained:
    said = dict(zip(LANGS, rules.describe(tree, tree.rules[rule.id]), strict=True))
    kept: Sequence[Mapping[str, Any]] = decision.evidence if decision else ()
    fires = result.fired[rule.id].filter(pl.col("subject") == subject.pk).height > 0
    return Explained(
        rule=tree.rules[rule.id],
        decision=decision,
        answers={lang: _answers_in(lang, rules.why(result, rule.id, subject.pk, lang)) for lang in LANGS},
        sentence=said,
        nearest=_nearest(result, rule.id, subject, decision),
        evidence=kept or wording.as_rows(rules.looked_at(result, rule.id, subject.pk)),
        differs=decision is not None and not fires,
    )


def _nearest(
    result: rules.RunResult, rule: str, subject: Officer | Unit, decision: Decision | None
) -> rules.Nearest | None:
    """Who missed his seat is short of a place, and no figure of his own says how much."""
    if decision is not None and decision.status == "over_quota":
        return None
    return rules.nearest(result, rule, subject.pk)


def _answers_in(lang: str, node: rules.WhyNode) -> list[Answer]:
    with override("zh-hans" if lang == "zh" else lang):
        return list(_answers(node, 0))


def _answers(node: rules.WhyNode, depth: int) -> Iterator[Answer]:
    met, figures = (not node.answer, node.figures or _("不存在")) if node.gate else (node.answer, node.figures)
    yield Answer(depth=depth, met=met, words=node.text, figures=figures, gate=node.gate)
    for child in node.children:
        yield from _answers(child, depth + 1)


def unmet(answers: Sequence[Answer], depth: int = 0) -> list[Answer]:
    """The innermost conditions that were not met: a sentence of the whole says no more than its parts.

    What lies below a condition that is met is left alone: under a "not" it is unmet as it should be.
    """
    found = []
    for place, answer in enumerate(answers):
        if answer.depth == depth and not answer.met:
            below = list(takewhile(lambda part: part.depth > depth, answers[place + 1 :]))
            found += unmet(below, depth + 1) or [answer]
    return found


def as_data(explanation: Explanation) -> dict[str, Any]:
    """For the API: everything in both languages, so that whoever keeps it need not ask again."""
    return {
        "cycle": explanation.cycle.code,
        "subject": getattr(explanation.subject, "badge", "") or getattr(explanation.subject, "code", ""),
        "policy": str(explanation.policy) if explanation.policy else "",
        "as_of": explanation.day.isoformat(),
        "run": explanation.run.pk if explanation.run else None,
        "rules": [_rule_as_data(one) for one in explanation.found],
    }


def _rule_as_data(one: Explained) -> dict[str, Any]:
    decision, nearest = one.decision, one.nearest
    return {
        "rule": one.rule.id,
        "title": {"zh": one.rule.title.zh, "en": one.rule.title.en},
        "decided": {"status": decision.status, "outcome": decision.outcome, "case": decision.case_id}
        if decision
        else None,
        "reason": {"zh": decision.words_zh, "en": decision.words_en} if decision else None,
        "sentence": one.sentence,
        "conditions": {lang: [asdict(answer) for answer in one.answers[lang]] for lang in LANGS},
        "missing": {lang: [asdict(answer) for answer in one.missing(lang)] for lang in LANGS},
        "blocks": {lang: [asdict(answer) for answer in one.blocks(lang)] for lang in LANGS},
        "evidence": list(one.evidence),
        "basis": one.basis,
        "clauses": list(one.rule.clauses),
        "nearest": {"decides": nearest.fires, "zh": nearest.zh, "en": nearest.en} if nearest else None,
    }
