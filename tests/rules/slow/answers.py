"""Putting conditions and numbers to one subject in one cycle: yes, no or unknown; a fraction or unknown."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import partial
from statistics import mean, median
from typing import Any, NamedTuple

from . import facts, made, periods
from .bureau import Known
from .comparing import NEAR, Answer, compared, every, fraction, opposite, some
from .days import full_months, full_years, moved
from .facts import words

OPS = ("at least", "at most", "above", "below", "is")
YES, NO = ("yes", "true", "是"), ("no", "false", "否")
POSTING = ("post_type", "branch", "unit")


class At(NamedTuple):
    """Of whom, in which cycle, and whether a period that waits is taken for (or against) firing."""

    who: str
    subject: str
    code: str
    wait: bool = False

    def to(self, code: str) -> "At":
        return self._replace(code=code)

    def turned(self) -> "At":
        return self._replace(wait=not self.wait)


Asked = Callable[[At], Fraction | None]


class Answers:
    """One policy, one bureau as known on a day. `seen` counts what was asked and how it was answered."""

    def __init__(self, policy: dict[str, Any], known: Known, seen: Counter[tuple[str, Answer]]) -> None:
        self.policy, self.known, self.seen = policy, known, seen
        self.decided: list[dict[str, Any]] = []  # by the rules of this run that look at no others
        self.memory: dict[tuple[int, At], Any] = {}

    # conditions

    def holds(self, tree: Any, at: At) -> Answer:
        key = (id(tree), at)
        if key not in self.memory:
            self.memory[key] = tree, self._holds(tree, at)  # with the tree, so that its id stays its own
        answer: Answer = self.memory[key][1]
        return answer

    def _holds(self, tree: Any, at: At) -> Answer:
        if isinstance(tree, list):
            return every([self.holds(part, at) for part in tree])
        ((word, arg),) = tree.items()
        answer: Answer = getattr(self, f"is_{word}")(arg, at)
        self.seen[word, answer] += 1
        return answer

    def is_all(self, arg: Any, at: At) -> Answer:
        return every([self.holds(part, at) for part in arg])

    def is_any(self, arg: Any, at: At) -> Answer:
        return some([self.holds(part, at) for part in arg])

    def is_not(self, arg: Any, at: At) -> Answer:
        return opposite(self.holds(arg, at.turned()))

    def is_test(self, name: str, at: At) -> Answer:
        return self.holds(self.policy["tests"][name], at)

    def is_met(self, rule: str, at: At) -> Answer:
        return self.holds(self.policy["rules"][rule]["when"], at)

    def is_unit(self, arg: Any, at: At) -> Answer:
        """Of an officer the unit; of a unit the one above it."""
        unit = self.known.unit_of(at.who, at.subject, at.code)
        return self._above(arg, at, self.known.parent(unit) if at.who == "unit" else unit)

    def is_parent(self, arg: Any, at: At) -> Answer:
        return self._above(arg, at, self.known.parent(self.known.unit_of(at.who, at.subject, at.code)))

    def _above(self, arg: Any, at: At, unit: str | None) -> Answer:
        return None if unit is None else self.holds(arg, At("unit", unit, at.code, at.wait))

    def is_grade(self, arg: Any, at: At) -> Answer:
        row = self.known.row(at.who, at.subject, at.code)
        kind = "unit" if at.who == "unit" else self.known.cycles[at.code].kind
        scale = self.policy["grades"].get(kind, [])
        if row is None or row.status != "graded" or row.grade not in scale:
            return None
        if not isinstance(arg, dict):
            arg = {"is": arg}
        ((op, asked),) = arg.items()
        self.seen[f"grade {op}", None] += 1
        if op == "is":
            return row.grade in words(asked)
        # best first: a better grade stands earlier
        return asked in scale and compared(op, Fraction(scale.index(asked)), Fraction(scale.index(row.grade)))

    def is_status(self, arg: Any, at: At) -> Answer:
        return self.known.status(*at[:3]) in words(arg)

    def is_score(self, arg: Any, at: At) -> Answer:
        return self._compare("score", arg, at)

    def is_indicator(self, arg: Any, at: At) -> Answer:
        op = next(op for op in OPS if op in arg)
        at = self._side(op, at)
        answers = [self._against(op, partial(self.figure, name), arg[op], at) for name in self.names(arg, at)]
        if "scheme" in arg.values():  # only the figures that are there speak; none at all is unknown
            answers = [answer for answer in answers if answer is not None] or [None]
        return every(answers) if "each of" in arg else some(answers)

    def names(self, arg: Any, at: At) -> list[str]:
        """The indicators asked for; those of the scheme are the person's own."""
        how = next(how for how in ("of", "any of", "each of") if how in arg)
        self.seen[f"indicator {how}", None] += 1
        return self.scheme(at) if arg[how] == "scheme" else words(arg[how])

    def scheme(self, at: At) -> list[str]:
        if at.who == "unit":
            return list(self.known.bureau.schemes.get("单位", ()))
        posting = self.known.posting(at.subject, self.known.cycles[at.code].ends_on)
        return list(self.known.bureau.schemes.get(posting.post_type, ())) if posting else []

    def is_fact(self, arg: Any, at: At) -> Answer:
        if any(op in arg for op in OPS):
            return self._compare({"fact": arg}, arg, at)
        return self._compare({"fact": arg}, {"at least": "1"}, at)

    def is_age(self, arg: Any, at: At) -> Answer:
        return self._compare({"years": {"since": "born_on", "on": arg.get("on", "as of")}}, arg, at)

    def is_years(self, arg: Any, at: At) -> Answer:
        return self._compare({"years": arg}, arg, at)

    def is_served(self, arg: Any, at: At) -> Answer:
        op = next(op for op in OPS if op in arg)
        n, unit = arg[op].split()
        since = self.known.stay(at.subject, self.known.cycles[at.code].ends_on, arg["of"])
        if since is None:
            return None
        reckoned = {"day": _days, "month": full_months, "year": full_years}[unit.rstrip("s")]
        return compared(op, Fraction(reckoned(since, self.known.day)), Fraction(n))

    def is_profile(self, arg: Any, at: At) -> Answer:
        fields = self.known.directory(at.who)[at.subject]
        return every([_one_of(fields[name], asked) for name, asked in arg.items()])

    def is_post(self, arg: Any, at: At) -> Answer:
        arg = arg if isinstance(arg, dict) else {"post_type": arg}
        return every([_one_of(self.posted(name, at), asked) for name, asked in arg.items()])

    def posted(self, name: str, at: At) -> Any:
        unit = self.known.unit_of(at.who, at.subject, at.code)
        if name in ("unit", "branch"):
            return self.known.code_of(unit if name == "unit" else self.known.parent(unit))
        if at.who == "unit":
            return self.known.bureau.units[at.subject][name]
        posting = self.known.posting(at.subject, self.known.cycles[at.code].ends_on)
        return getattr(posting, name) if posting else None

    def is_decision(self, arg: Any, at: At) -> Answer:
        if any(op in arg for op in OPS):
            return self._compare({"decision": arg}, arg, at)
        past = self.decided if "in" in arg else self.known.bureau.decisions
        mine = [row for row in past if (row["who"], row["subject"]) == (at.who, at.subject)]
        return any(facts.counts(self.known, arg, row) for row in mine)

    def is_add(self, arg: Any, at: At) -> Answer:
        return self._compare({"add": arg}, arg, at)

    def is_multiply(self, arg: Any, at: At) -> Answer:
        return self._compare({"multiply": arg}, arg, at)

    def is_limit(self, arg: Any, at: At) -> Answer:
        return self._compare({"limit": arg}, arg, at)

    def is_table(self, arg: Any, at: At) -> Answer:
        return self._compare({"table": arg}, arg, at)

    def is_rank(self, arg: Any, at: At) -> Answer:
        of, side = arg.get("of", "score"), "top" if "top" in arg else "bottom"
        group = self.group(arg.get("among"), at)
        if group is None:
            return None
        figures = {peer: self.number(of, at._replace(subject=peer)) for peer in group}
        there = {peer: figure for peer, figure in figures.items() if figure is not None}
        if len(there) < int(arg.get("members", "1")):
            return False
        if at.subject not in there:
            return None
        mine, part = there[at.subject], arg[side]
        k = int(fraction(part) * len(there)) if "%" in part or "/" in part else int(part)
        if side == "top":
            return sum(figure > mine + NEAR for figure in there.values()) < max(1, k)
        return sum(figure <= mine + NEAR for figure in there.values()) <= k

    def is_periods(self, arg: Any, at: At) -> Answer:
        how = periods.how_of(arg)
        self.seen[f"periods {how}", None] += 1
        if how in ("each", "none", "some", "from"):
            return periods.answered(self, arg, how, at)
        if how == "share":
            op = next(op for op in OPS if op in arg)
            hits, base = periods.share(self, arg, self._side(op, at))
            return base > 0 and compared(op, Fraction(hits), fraction(arg[op]) * base)
        return self._compare({"periods": arg}, arg, at)

    def is_sequence(self, arg: Any, at: At) -> Answer:
        *steps, last = arg["steps"]
        here = self.known.cycles[at.code]
        earlier = [c for c in self.known.of_kind(here.kind) if moved(here.ends_on, arg["within"], -1) < c.ends_on]
        return self.holds(last, at) is True and self._placed(steps, here.ends_on, arg.get("apart"), at, earlier)

    def _placed(self, steps: list[Any], follower: date, apart: str | None, at: At, cycles: Any) -> bool:
        """Whether the steps can stand in some cycles before the follower, in this order: every placing is tried."""
        if not steps:
            return True
        *rest, step = steps
        return any(
            self.holds(step, at.to(cycle.code)) is True and self._placed(rest, cycle.ends_on, apart, at, cycles)
            for cycle in cycles
            if cycle.ends_on < follower and (apart is None or moved(cycle.ends_on, apart, 1) <= follower)
        )

    # numbers and what they are compared with

    def number(self, tree: Any, at: At) -> Fraction | None:
        if isinstance(tree, str):
            return self._plain(tree, at)
        ((word, arg),) = tree.items()
        self.seen[f"number {word}", None] += 1
        known = {
            "indicator": lambda: self.figure(arg if isinstance(arg, str) else arg["of"], at),
            "fact": lambda: self._of_facts(arg, at),
            "years": lambda: self._years(arg, at),
            "decision": lambda: Fraction(len(facts.decisions(self.known, arg, at.who, at.subject))),
            "periods": lambda: periods.number(self, arg, at),
        }
        return known[word]() if word in known else made.number(self, word, arg, at)

    def _plain(self, word: str, at: At) -> Fraction | None:
        """The score, a constant, or a field of the directory."""
        if word == "score":
            return self.figure("score", at)
        if word.removeprefix("-")[0].isdigit():
            return fraction(word)
        plain = self.known.directory(at.who)[at.subject][word]
        return None if plain is None else Fraction(str(plain))

    def _years(self, arg: Any, at: At) -> Fraction | None:
        since = self.known.directory(at.who)[at.subject][arg["since"]]
        day = self.known.cycles[at.code].ends_on if arg.get("on") == "cycle end" else self.known.day
        return None if since is None else Fraction(full_years(since, day))

    def _of_facts(self, arg: Any, at: At) -> Fraction | None:
        found = facts.figure(self.known, arg, *at[:3])
        for said in (
            facts.window(arg),
            f"total {arg.get('total', 'count')}",
            *(word for word in ("once per", "level") if word in arg),
        ):
            self.seen[f"fact {said}", bool(found)] += 1
        return found

    def figure(self, name: str, at: At) -> Fraction | None:
        """Of a graded row."""
        row = self.known.row(*at[:3])
        text = row and (row.score if name == "score" else row.figures.get(name))
        return Fraction(text) if row and row.status == "graded" and text is not None else None

    def _side(self, op: str, at: At) -> At:
        return at.turned() if op in ("at most", "below") else at

    def _compare(self, number: Any, arg: Any, at: At) -> Answer:
        op = next(op for op in OPS if op in arg)
        return self._against(op, partial(self.number, number), arg[op], self._side(op, at))

    def _against(self, op: str, asked: Asked, against: Any, at: At) -> Answer:
        self.seen[f"compare {op}", None] += 1
        return compared(op, asked(at), self._operand(asked, against, at))

    def _operand(self, asked: Asked, against: Any, at: At) -> Fraction | None:
        if isinstance(against, str) and against != "previous":
            return fraction(against)
        if against == "previous":
            against = {"before": "1"}
        for word in against:
            self.seen[f"operand {word}", None] += 1
        other = {word: part for word, part in against.items() if word not in ("plus", "times")}
        if "before" in other:
            base = self._earlier(asked, against, at)
        elif "median" in other or "mean" in other:
            base = self._middle(asked, against, at)
        else:
            base = self.number(other, at)
        times, plus = fraction(against.get("times", "1")), fraction(against.get("plus", "0"))
        return None if base is None else base * times + plus

    def _earlier(self, asked: Asked, against: Any, at: At) -> Fraction | None:
        code = self.known.before(at.code, int(against["before"]))
        return None if code is None else asked(at.to(code))

    def _middle(self, asked: Asked, against: Any, at: At) -> Fraction | None:
        how = "median" if "median" in against else "mean"
        group = self.group(against[how], at) or []
        there = [figure for peer in group if (figure := asked(at._replace(subject=peer))) is not None]
        return (median(there) if how == "median" else mean(there)) if there else None

    # peers

    def group(self, name: str | None, at: At) -> list[str] | None:
        """The graded of that cycle with the same group, oneself among them; None for whoever has none."""
        groups = self.policy["peers"]
        if name is None:
            name = next(key for key, peers in groups.items() if peers.get("for", "officer") == at.who)
        mine = self.membership(groups[name], at)
        if mine is None or self.known.status(*at[:3]) != "graded":
            return None
        graded = self.known.graded(at.who, at.code)
        return [peer for peer in graded if self.membership(groups[name], at._replace(subject=peer)) == mine]

    def membership(self, peers: Any, at: At) -> list[Any] | None:
        said = []
        for field in words(peers["same"]):
            if field in POSTING:
                said.append(self.posted(field, at))
            else:
                said.append(self.known.directory(at.who)[at.subject][field])
        return None if None in said else said


def _days(since: date, day: date) -> int:
    return (day - since).days


def _one_of(value: Any, asked: Any) -> Answer:
    if value is None:
        return None
    said = YES if value is True else NO if value is False else (str(value),)
    return any(
        word in said or (word in YES and said[0] in YES) or (word in NO and said[0] in NO) for word in words(asked)
    )
