"""A bureau on paper: what cases, duties and decisions have to be, counted on the fingers, without the product."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from people.models import Account

ONE_DAY = timedelta(days=1)
# state: days of its duty, whether working ones, days until the reminder before it is due
DUTIES = {"asked": (5, True, 3), "accepted": (10, True, 7), "planned": (2, False, None), "held": (30, False, None)}


class Step(NamedTuple):
    """From which states, to which (none: the state stays; "back": to where it was), with what inputs."""

    sources: frozenset[str]
    target: str | None
    inputs: dict[str, object]


PLAN = {"place": "p", "days": 2}
STEPS = {
    "accept": Step(frozenset({"asked"}), "accepted", {}),
    "plan": Step(frozenset({"accepted"}), "planned", PLAN),
    "replan": Step(frozenset({"planned"}), "accepted", {}),
    "remark": Step(frozenset({"accepted", "planned"}), None, {"text": "t"}),
    "hold": Step(frozenset({"accepted", "planned"}), "held", {}),
    "release": Step(frozenset({"held"}), "back", {}),
    "finish": Step(frozenset({"accepted", "planned"}), "done", {}),
}
BEFORE, ON_THE_DAY, AFTER = 1, 2, 3


@dataclass
class Span:
    """A number of days, counted one by one as they come."""

    left: int
    working: bool
    last: date | None = None

    def arrive(self, day):
        if self.left and (not self.working or day.weekday() < 5):
            self.left -= 1
            self.last = day if not self.left else None

    def go_on(self, stopped, day):
        """A clock that stood still at the end of the last day has its last day now."""
        if self.last == stopped != day:
            self.last = day


@dataclass
class Work:
    """One duty."""

    due: Span
    reminder: Span | None
    stopped: date | None = None
    said: int = 0
    escalated: bool = False
    holder: Account | None = None  # who of the desk has taken it on

    @classmethod
    def of(cls, state):
        if state not in DUTIES:
            return None
        days, working, remind = DUTIES[state]
        return cls(Span(days, working), remind and Span(remind, True))

    def spans(self):
        return [span for span in (self.due, self.reminder) if span]

    def go_on(self, day):
        for span in self.spans():
            span.go_on(self.stopped, day)
        self.stopped = None

    def reached(self, today):
        """The highest reminder whose moment has come; a round goes at five in the afternoon."""
        last, remind = self.due.last, self.reminder and self.reminder.last
        levels = [BEFORE] if remind and remind <= today and not (last and remind > last) else []
        if last and last <= today:
            levels.append(ON_THE_DAY if last == today else AFTER)
        return max(levels, default=0)

    def last_day(self, today):
        span, day = replace(self.due), today
        while span.last is None:
            day += ONE_DAY
            span.arrive(day)
        return span.last


@dataclass
class Life:
    """A case."""

    key: str
    state: str = "asked"
    version: int = 1
    back_to: str = ""
    placed: bool = False
    officer: int | None = None  # for whom it was decided; None: opened by hand
    work: Work | None = field(default_factory=lambda: Work.of("asked"))

    def may(self, step):
        """An errand is finished where a place for it was once named."""
        return self.state in STEPS[step].sources and (step != "finish" or self.placed)

    def take(self, step):
        self.placed |= step == "plan"
        self.back_to = self.state if step == "hold" else self.back_to
        self.go_to(STEPS[step].target)

    def go_to(self, state):
        self.version += 1
        if state:
            self.state = self.back_to if state == "back" else state
            self.work = Work.of(self.state)


# Decisions ---------------------------------------------------------------------------------------------------------
# Two rules, written twice: here for the product, and below as what they mean.
POLICY = """
policy: reference
title: {zh: 差事, en: Errands}
version: "1"
grades: {annual: [优秀, 称职, 基本称职, 不称职], quarterly: [好, 较差], monthly: [好, 较差], unit: [优秀, 较差]}
gates: {inquiry: [{held: {grade: 不称职}}]}
rules:
  E1:
    title: {zh: 优秀的去作报告, en: The excellent give a talk}
    for: officer
    cycle: annual
    when: {grade: 优秀}
    outcome: errand:作报告
    basis: {doc: 本局规定, article: "1"}
  E2:
    title: {zh: 分低的去学习, en: The low go and learn}
    for: officer
    cycle: annual
    when: {score: {below: 60}}
    gate: inquiry
    outcome: errand:学习
    basis: {doc: 本局规定, article: "2"}
"""
RULES = ("E1", "E2")
Key = tuple[str, int]  # a rule and an officer


def decided(grade, score):
    """What each rule says of a result."""
    found = {"E1": "open"} if grade == "优秀" else {}
    return found | ({"E2": "held" if grade == "不称职" else "open"} if score < 60 else {})


@dataclass
class Decided:
    """A live decision: what the latest run says, or an older one whose case goes on."""

    status: str
    attempt: int = 1
    case: UUID | None = None
    latest: bool = True


@dataclass
class Register:
    """Results, what was decided of them, and what was taken back."""

    badges: list[str]
    results: list[tuple[str, int]]
    live: dict[Key, Decided] = field(default_factory=dict)
    carried: dict[str, UUID] = field(default_factory=dict)  # which case a decision opened or joined, for good
    withdrawn: dict[Key, int] = field(default_factory=dict)  # how often each was taken back
    last_run: tuple[date, dict[Key, str]] | None = None

    def decide(self, day, going_on):
        """A run. The same once more, on the same day, is the run that is there."""
        said = {
            (rule, officer): status
            for officer, result in enumerate(self.results)
            for rule, status in decided(*result).items()
        }
        if self.last_run == (day, said):
            return
        self.last_run = (day, said)
        kept = {key: replace(d, latest=False) for key, d in self.live.items() if d.case in going_on}
        self.live = kept | {key: self.anew(key, status) for key, status in said.items()}

    def anew(self, key, status):
        """It takes the case along, unless that was taken back: then it is decided for the second time."""
        before = self.live.get(key)
        case = before.case if before and before.status != "withdrawn" else None
        return Decided(status, self.withdrawn.get(key, 0) + 1, case)

    def source(self, key):
        (rule, officer), attempt = key, self.live[key].attempt
        return f"2025:{rule}:{self.badges[officer]}" + (f"~{attempt}" if attempt > 1 else "")

    def to_open(self) -> Iterator[tuple[Key, Decided]]:
        """Decided, and no case carries it yet; what opened or joined one before is only led back to it."""
        for key, decision in sorted(self.live.items()):
            if decision.status == "open" and decision.case is None:
                decision.case = self.carried.get(self.source(key))
                if decision.case is None:
                    yield key, decision

    def proposed(self, going_on):
        """Whose case goes on though the latest run no longer says so."""
        return [
            key
            for key, d in sorted(self.live.items())
            if d.case in going_on and d.status != "withdrawn" and not (d.latest and d.status == "open")
        ]

    def take_back(self, key):
        """The case that ends with it, if no other carries it still. What the latest run says stands as said."""
        decision = self.live[key]
        case = decision.case
        if decision.latest:
            decision.case = None
        else:
            decision.status = "withdrawn"
        self.withdrawn[key] = decision.attempt
        others = [d for d in self.live.values() if d.case == case and d.status == "open"]
        return None if others else case
