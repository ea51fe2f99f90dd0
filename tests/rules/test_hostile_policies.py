"""A policy that means harm is refused with its place and the reason, or answered within its budget."""
# ruff: noqa: E501  a text and what is said of it read best on one line

import time
from collections.abc import Callable

import polars as pl
import pytest

from linkage.rules import Plan, PolicyError, World, check, decide, make_plan, parse
from linkage.rules.sheet import ASKED

from .small_bureau import DAY, HEAD, Bureau, one_rule

SECONDS = 120  # generous: each takes a few on an idle machine
COLUMNS = 20_000  # of both sheets together


def when(condition: str) -> str:
    return one_rule(f"when: {condition}")


def nested(inner: str, times: int, around: str) -> str:
    for _ in range(times):
        inner = around % inner
    return inner


def rules(*conditions: str) -> str:
    parts = "{title: t, for: officer, cycle: annual, basis: t, outcome: 'a:b', when: %s}"
    return HEAD + "".join(f"  R{n}: {parts % condition}\n" for n, condition in enumerate(conditions))


REFUSED = [
    # references, tags, doubled documents
    ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "alias", 1, 4),
    ("? &a b\n: c", "alias", 1, 3),
    ("<<: {policy: x}", "no_word", 1, 1),
    ("!!python/object/apply:os.system ['true']", "alias", 1, 1),
    ("policy: !!binary aGVsbG8=", "alias", 1, 9),
    ("policy: x\n---\npolicy: y", "yaml", 2, 1),
    # too deep, too long, too many
    ("[" * 100_000, "too_deep", 1, 17),
    ("- " * 100_000, "too_deep", 1, 33),
    ("{a: " * 100_000, "too_deep", 1, 65),
    ("\n".join(" " * n + "a:" for n in range(900)), "too_deep", 17, 17),
    ("[" + "a, " * 30_000 + "]", "too_deep", 1, 59_993),
    ("x" * 512_001, "size", 1, 1),
    ("#" * 500_000, "empty", 1, 1),
    (when(f"{{not: {{all: [{', '.join(['{grade: 优秀}'] * 70)}]}}}}"), "conditions", 12, 778),
    (rules(*["{grade: 优秀}"] * 401), "rules", 6, 3),
    (when(f"{{fact: {{kind: [{', '.join(f'k{n}' for n in range(9_000))}]}}}}"), "entries", 12, 25),
    (when(f"{{fact: {{kind: a, active: now, lasts: {{{', '.join(f'l{n}: 1 days' for n in range(3_000))}}}}}}}"), "entries", 12, 48),
    (when(f"{{table: {{of: {{profile: sex}}, at least: 1, values: {{{', '.join(f'v{n}: 1' for n in range(3_000))}}}}}}}"), "entries", 12, 61),
    (one_rule(f"when: {{grade: 优秀}}\nladder: {{by: score, rungs: {{{', '.join(f'{n}: a:b' for n in range(999))}}}}}"), "entries", 12, 32),
    # each rule names the one before it twice: 2 to the power of 30 conditions
    (rules("{grade: 优秀}", *(f"{{all: [{{met: R{n}}}, {{met: R{n}}}]}}" for n in range(30))), "expanded", None, None),
    # a named condition that names itself
    (one_rule("when: {test: a}", "tests: {a: {not: {test: a}}}\n"), "conditions", 5, 18),
    # numbers and lengths
    (when("{score: {below: 1e999999}}"), "number", 12, 27),
    (when(f"{{score: {{below: {'9' * 300_000}}}}}"), "number", 12, 27),
    (when(f"{{score: {{below: {'1/' * 100_000}3}}}}"), "number", 12, 27),
    (when("{score: {below: 1/0}}"), "number", 12, 27),
    (when("{score: {below: 0x7fffffff}}"), "number", 12, 27),
    (when("{score: {below: .inf}}"), "number", 12, 27),
    (when("{score: {below: ６０}}"), "number", 12, 27),
    (when(f"{{age: {{below: {'1' * 40_000}.}}}}"), "number", 12, 25),
    (when("{periods: {within: 99999 years, some: {grade: 优秀}}}"), "long", 12, 30),
    (when("{periods: {last: 999999, some: {grade: 优秀}}}"), "whole", 12, 28),
    (when(f"{{fact: {{kind: a, within: {'1 ' * 50_000}days}}}}"), "length", 12, 36),
    # letters
    ("policy: a\x00b", "character", 1, 10),
    ("policy: \ud800", "character", 1, 9),
    (HEAD + "  R: {titlе: x}", "no_word", 6, 7),  # with a Cyrillic е
    (HEAD + "  R: {ｔitle: x}", "no_word", 6, 7),  # with a full-width t
    (HEAD + "  R: {ti\u200btle: x}", "no_word", 6, 7),  # with a space of no width
    # names longer than the register holds
    (one_rule(f"when: {{grade: 优秀}}\noutcome: 'x:{'y' * 400_000}'"), "long_word", 12, 14),
    (HEAD + f"  {'R' * 41}: {{title: t, for: officer, cycle: annual, when: {{grade: 优秀}}, outcome: a:b}}", "long_word", 6, 46),
    (when("{grade: 优秀}").replace("称职, 基本", "优秀, 基本", 1), "twice", 3, 18),
    (when(f"{{grade: {'x' * 400_000}}}"), "not_one_of", 12, 19),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "line", "column"), REFUSED, ids=lambda part: part[:20] if isinstance(part, str) else None
)
def test_hostile_text_is_refused_with_its_place_and_the_reason(text, code, line, column):
    found = refusal(lambda: parse(text))

    assert found.code == code
    assert line is None or (found.line, found.column) == (line, column)
    assert 0 < len(found.zh) < 2_000
    assert 0 < len(found.en) < 2_000


def refusal(call: Callable[[], object]) -> PolicyError:
    started = time.perf_counter()
    with pytest.raises(PolicyError) as found:
        call()
    assert time.perf_counter() - started < SECONDS
    return found.value


def long_bureau() -> World:
    """Ten years of months, so that nested spans multiply."""
    world = Bureau({"p0": "AAAA"}, months={"p0": "A" * 12}).world()
    months = [
        (f"{y}-{m:02}", "monthly", pl.date(y, m, 1), pl.date(y, m, 28)) for y in range(2016, 2025) for m in range(1, 13)
    ]
    more = pl.select(
        code=pl.Series([code for code, *_ in months]),
        kind=pl.Series(["monthly"] * len(months)),
    ).with_columns(starts_on=pl.col("code").add("-01").str.to_date(), ends_on=pl.col("code").add("-28").str.to_date())
    return World(
        **{name: getattr(world, name) for name in ("officers", "units", "postings", "facts", "schemes", "results")},
        cycles=pl.concat([world.cycles, more]),
    )


MONTHS = "{periods: {last: 120, kind: monthly, %s}}"
WITHIN_BUDGET = {
    "conditions": nested("{grade: 优秀}", 5, MONTHS % "some: %s"),
    "figures": nested(nested("score", 5, MONTHS % "sum: %s"), 1, "{periods: {last: 120, at least: 1, sum: %s}}"),
    "balances": nested(nested("score", 5, MONTHS % "balance: %s"), 1, "{periods: {last: 120, at least: 1, balance: %s}}"),
    "gaps": nested("{score: {at least: 1}}", 4, "{periods: {last: 24, gaps: {unmeasured: skip, absent: previous, pending: wait}, each: %s}}"),
    "runs": nested("{score: {at least: 1}}", 4, "{periods: {last: 24, gaps: {unmeasured: skip, pending: previous}, run: %s, at least: 1}}"),
    "sequence": f"{{sequence: {{steps: [{', '.join(['{grade: 优秀}'] * 58)}], within: 100 years}}}}",
    "sequences": nested("{grade: 优秀}", 4, "{sequence: {steps: [%s, {grade: 优秀}, {grade: 称职}], within: 100 years, apart: 1 days}}"),
    "earlier": "{score: {below: {before: 60}}}",
    "ranks": nested("score", 2, "{periods: {last: 9, count: {rank: {top: 1, of: %s}}}}").join(["{rank: {top: 1, of: ", "}}"]),
    "units": nested("{score: {above: {median: officers}}}", 5, "{periods: {last: 12, none: %s}}"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WITHIN_BUDGET))
def test_a_tree_that_multiplies_is_answered_or_refused_within_its_budget(name):
    text, world, started = when(WITHIN_BUDGET[name]), long_bureau(), time.perf_counter()
    policy = parse(text)
    check(policy)
    try:
        result = decide(policy, world, "2025", DAY)
    except PolicyError as found:
        said = (found.code, found.line > 1)
    else:
        said = ("budget", spent(result.plan) <= ASKED)
    assert said == ("budget", True)
    assert time.perf_counter() - started < SECONDS


def spent(plan: Plan) -> int:
    """What was asked of the budget; and no sheet grows beyond what it pays for."""
    assert len(plan.officers.steps) + len(plan.units.steps) < COLUMNS
    return ASKED - plan.officers.budget.left


def test_too_much_is_refused_before_any_data_is_read():
    """Sixty rules that count ten years of months three times each."""
    counted = "{periods: {last: 120, kind: monthly, count: {grade: 好}, at least: 3}}"
    policy = parse(rules(*[f"[{counted}, {counted}, {counted}]"] * 60))

    found = refusal(lambda: make_plan(policy, long_bureau().ground, "2025", DAY))

    assert found.code == "budget"
    assert found.line > 1


def test_as_many_rules_as_a_policy_may_hold_are_answered():
    text = rules(*["{periods: {last: 5, count: {grade: 优秀}, at least: 2}}"] * 400)
    started = time.perf_counter()

    assert decide(parse(text), Bureau({"p0": "AAAA"}).world(), "2025", DAY).decisions.height == 400

    assert time.perf_counter() - started < SECONDS


NAMES = [
    "__class__",
    "status@2025",
    "fires:R",
    "made:0",
    "^.*$",
    "*",
    "subject",
    "../../etc/passwd",
    "{0.__class__}",
    "%(x)s",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_reaches_a_column_a_file_or_a_function(name):
    """Wherever the bureau's own names stand, they are names and nothing else."""
    world = Bureau({"p0": "A"}).world()
    plain = f"'{name}'"
    assert refused(f"{{profile: {{{plain}: x}}}}", world) in ("no_field", None if name == "subject" else "no_field")
    assert refused(f"{{indicator: {{of: {plain}, below: 60}}}}", world) == "no_indicator"
    assert refused(f"{{years: {{since: {plain}, below: 60}}}}", world) in ("no_field", "not_date")
    for harmless in (f"{{fact: {{kind: {plain}}}}}", f"{{post: {plain}}}", f"{{decision: {{of: {plain}}}}}"):
        assert refused(harmless, world) is None
    text = one_rule(f"when: {{grade: 优秀}}\nfocus: {plain}\ndose: {{unit: {plain}, by: score, first: 1, step: 0}}")
    row = decide(parse(text.replace("  R:\n", f"  {plain}:\n")), world, "2025", DAY).decisions.row(0)
    assert row[:2] == (name, "p0")
    assert row[4:6] == (name, f"1 {name}")


def refused(condition: str, world: World) -> str | None:
    try:
        decide(parse(when(condition)), world, "2025", DAY)
    except PolicyError as found:
        return found.code
    return None
