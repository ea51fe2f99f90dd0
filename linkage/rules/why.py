"""Why, or why not: the tree of a rule with the answer and the figures of one subject at every node."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from . import model as m
from .build import valid_on
from .figures import figures
from .parted import part_of
from .phrases import POPULATIONS, REACH, STATUSES
from .plan import RulePlan
from .prepare import prepare
from .reach import holders
from .reasons import LANGUAGES, reasons
from .run import RunResult
from .sheet import YES, At, cond
from .tell import Tell
from .tell_parts import NOTHING
from .world import UNIT


@dataclass(frozen=True)
class WhyNode:
    """One question and its answer: True, False, or None where the figure is missing."""

    answer: bool | None
    text: str
    figures: str = ""
    children: "tuple[WhyNode, ...]" = ()
    gate: bool = False  # True stands in the way: it asks for what must not be


@dataclass(frozen=True)
class Question:
    """A node before it is answered."""

    text: str
    answer: pl.Expr
    figures: pl.Expr = NOTHING
    children: "tuple[Question, ...]" = ()
    gate: bool = False


def why(result: RunResult, rule_id: str, subject: object, lang: str = "zh", who: str | None = None) -> WhyNode:
    """The answers for any subject, also one for whom the rule did not fire.

    `subject` is on whom the decision falls; with who="unit" it may be the unit that a rule about leaders looks at.
    """
    result = part_of(result, rule_id, subject, who or result.plan.rules[rule_id].rule.reached)
    plan = result.plan.rules[rule_id]
    tell = Tell(result.plan.policy, LANGUAGES[lang], result.plan.ground.calendar[result.plan.code].kind)
    one = Subject(result, plan, tell, subject, who or plan.rule.reached)
    return WhyNode(one.decided, one.title(lang), one.status(lang), tuple(one.questions_answered()))


class Subject:
    """One subject of one rule: where it stands, and its questions."""

    def __init__(self, result: RunResult, plan: RulePlan, tell: Tell, subject: object, who: str) -> None:
        self.result, self.plan, self.rule, self.tell, self.t = result, plan, plan.rule, tell, tell.t
        self.subject = subject
        self.at = result.plan.at(plan.rule)
        self.reached_at = At(result.plan.sheet(plan.rule.reached), result.plan.code)
        fired, key = result.fired[plan.rule.id], "subject" if who == plan.rule.reached else "origin"
        self.hit = fired.filter(pl.col(key) == subject)
        self.is_reached = who == plan.rule.reached
        self.origin = self._origin() if self.is_reached else subject

    @property
    def decided(self) -> bool:
        return self.hit.height > 0

    def title(self, lang: str) -> str:
        title = self.rule.title
        return f"{self.rule.id} {title.zh if lang == 'zh' else title.en}"

    def status(self, lang: str) -> str:
        if not self.decided:
            return self.t("未认定", "not decided")
        said = self.tell.say.pick(STATUSES[self.hit["status"][0]])
        note = reasons(self.result, self.rule.id, [self.hit["subject"][0]])[f"note_{lang}"][0]
        return f"{said}{self.t('：', ': ')}{note}" if note else said

    def _origin(self) -> object:
        """Whose results were looked at: the unit that led here, or would have."""
        if self.decided or not self.rule.to:
            return self.hit["origin"][0] if self.decided else self.subject
        world, mine = self.result.world, pl.col("subject") == self.subject
        if self.rule.reached == UNIT:
            return next(iter(world.units.filter(mine)["branch"]), None)
        end = self.result.plan.ground.calendar[self.result.plan.code].ends_on
        there = valid_on(world.postings.filter(mine), end)
        return next(iter(there["unit"]), None)

    def questions_answered(self) -> list[WhyNode]:
        questions = [self._population(), *self._condition_questions()]
        nodes = answer(self._row(self.at, self.origin, [self.rule.when]), questions)
        if self.rule.to and self.is_reached:
            nodes.insert(1, self._reach())
        if self.rule.gates and self.is_reached:
            row = self._row(self.reached_at, self.subject, [gate.part for gate in self.rule.gates])
            nodes += answer(row, [self._gate(gate) for gate in self.rule.gates])
        return nodes + self._seats()

    def _row(self, at: At, subject: object, trees: list[m.Condition]) -> pl.DataFrame:
        """The subject's row; one of nulls where the sheet does not know the subject."""
        key = pl.Series([subject], dtype=self.result.world.key)
        rows = prepare(self.result, at, key, trees)
        return rows if rows.height else rows.clear(1)

    def _population(self) -> Question:
        status = pl.col(f"status@{self.at.code}")
        asked = {"graded": (status == "graded").fill_null(False), "listed": status.is_not_null(), "everyone": YES}
        said = self.tell.say.pick(POPULATIONS[self.rule.population])
        return Question(said, asked[self.rule.population], self.tell.status(self.at))

    def _condition_questions(self) -> tuple[Question, ...]:
        whole = self.question(self.rule.when)
        return whole.children if isinstance(self.rule.when, m.All) else (whole,)

    def _reach(self) -> WhyNode:
        said = self.tell.say.pick(REACH[m.present(self.rule.to)])
        if self.rule.reached == UNIT:
            return WhyNode(self.origin is not None, said)
        found = holders(self.result.plan, self.result.world, self.rule)
        here = found.filter(pl.col("subject") == self.subject, pl.col("unit").eq_missing(pl.lit(self.origin)))
        since = f"{here['from'][0]}" if here.height else ""
        return WhyNode(here.height > 0, said, self.t(f"自{since}", f"since {since}") if since else "")

    def _gate(self, gate: m.Gate) -> Question:
        status = self.tell.say.pick(STATUSES[gate.status])
        at = self.reached_at
        here = cond(gate.part, at) & ~cond(gate.unless, at) if gate.unless else cond(gate.part, at)
        here = here.fill_null(False)
        said = f"{status}{self.t('：', ': ')}{self.tell.say.condition(gate.part)}"
        return Question(said, here, pl.when(here).then(self.tell.gate(gate.part, at)), gate=True)

    def _seats(self) -> list[WhyNode]:
        if not self.rule.seats or not self.decided or self.hit["place"][0] is None:
            return []
        seats, place = int(self.hit["seats"][0]), int(self.hit["place"][0])
        figures = self.t(f"名额{seats}个，排第{place}", f"seats: {seats}, place: {place}")
        return [WhyNode(place <= seats, self.t("在名额之内", "within the seats"), figures)]

    # the conditions

    def question(self, tree: m.Condition) -> Question:
        """A node and, where it combines others, those below it."""
        children: tuple[m.Condition, ...] = ()
        said = self.tell.say.condition(tree)
        if isinstance(tree, m.All | m.AnyOf):
            children = tree.parts
            every = isinstance(tree, m.All)
            said = self.t("以下各项同时满足", "all of these") if every else self.t("以下任一项满足", "any of these")
        elif isinstance(tree, m.Not | m.Met):
            children = (tree.part,)
        below = tuple(self.question(part) for part in children)
        return Question(said, cond(tree, self.at), NOTHING if children else figures(self.tell, tree, self.at), below)


def answer(row: pl.DataFrame, questions: list[Question]) -> list[WhyNode]:
    """All questions of one row in one select."""
    exprs: list[pl.Expr] = []
    for question in questions:
        _collect(question, exprs)
    given = iter(row.select(expr.alias(str(i)) for i, expr in enumerate(exprs)).row(0))
    return [_node(question, given) for question in questions]


def _collect(question: Question, exprs: list[pl.Expr]) -> None:
    exprs += [question.answer, question.figures]
    for child in question.children:
        _collect(child, exprs)


def _node(question: Question, given: Iterator[Any]) -> WhyNode:
    found, figures = next(given), next(given)
    children = tuple(_node(child, given) for child in question.children)
    return WhyNode(found, question.text, figures or "", children, question.gate)
