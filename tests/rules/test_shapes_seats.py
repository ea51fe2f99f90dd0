"""Worked tables: vacancies, seats already taken, bands nested in seats, rounding, dated quotas."""
# ruff: noqa: E501  a row of a table reads best on one line

from datetime import date

import pytest

from linkage.rules import decide, describe, parse, reasons

from .small_bureau import HEAD, Bureau, fact, one_rule, posting, run_rule, statuses

ORDER = "order: [{highest: score}]"


def seated(seats: str, scores: list[float], *, facts=(), postings=None, fields=None) -> list[str]:
    """Statuses of p0, p1, ... who all are competent and have these scores."""
    names = [f"p{i}" for i in range(len(scores))]
    bureau = Bureau(
        dict.fromkeys(names, "B"),
        scores={(name, "2025"): score for name, score in zip(names, scores, strict=True)},
        facts=facts,
        postings=postings,
        fields=fields or {},
    )
    found = statuses(run_rule(f"when: {{grade: 称职}}\nseats: {{{seats}, {ORDER}}}", bureau))
    return [found[name] for name in names]


def vacancies(unit: str, n: float, on: str = "2025-06-01"):
    return fact(unit, "vacancy", on, amount=n)


NUMBER = "per: unit, number: {fact: {kind: vacancy, during: cycle, total: amount}}"
VACANT = [
    # as many seats as the unit has vacancies
    (NUMBER, [vacancies("U1", 2)], ["open", "open", "over_quota"]),
    (NUMBER, [vacancies("U1", 2), vacancies("U1", 1, "2025-07-01")], ["open", "open", "open"]),
    # parts of a seat are none, nor is a vacancy that is not known or not of this unit
    (NUMBER, [vacancies("U1", 1.9)], ["open", "over_quota", "over_quota"]),
    (NUMBER, [vacancies("U2", 2)], ["over_quota", "over_quota", "over_quota"]),
    (NUMBER, [], ["over_quota", "over_quota", "over_quota"]),
    # of the bureau: what its topmost unit says
    (NUMBER.replace("unit", "bureau"), [vacancies("U0", 2), vacancies("U1", 9)], ["open", "open", "over_quota"]),
    # a plain number
    ("per: branch, number: 1", [], ["open", "over_quota", "over_quota"]),
    # a share of a figure of the unit: 60% of 4 established posts are 2
    ("per: unit, share: 60%, out of: {fact: {kind: vacancy, total: amount}}", [vacancies("U1", 4)], ["open", "open", "over_quota"]),
]  # fmt: skip


@pytest.mark.parametrize(("seats", "facts", "expected"), VACANT)
def test_seats_are_as_many_as_there_are_vacancies(seats, facts, expected):
    assert seated(seats, [90, 80, 70], facts=facts) == expected


ROUNDED = [("down", 1), ("up", 2), ("half", 2), (None, 1)]


@pytest.mark.parametrize(("rounding", "n"), ROUNDED)
def test_a_share_is_rounded_as_the_policy_says(rounding, n):
    word = f", rounding: {rounding}" if rounding else ""

    assert seated(f"per: bureau, share: 50%{word}", [90, 80, 70]).count("open") == n
    # 40% of 3 is 1.2: nearer to 1
    assert seated(f"per: bureau, share: 40%{word}", [90, 80, 70]).count("open") == (2 if rounding == "up" else 1)


def test_those_who_sit_on_a_seat_take_it_from_the_others():
    """CN-044: at most 60% may hold the rank; who holds it already counts, graded this year or not."""
    fields = {"p3": {"rank": "主任科员"}} | {f"p{i}": {"rank": "科员"} for i in range(3)}
    seats = "per: unit, number: 2, taken: {profile: {rank: 主任科员}}"

    assert seated(seats, [90, 80, 70, 60], fields=fields) == ["open", "over_quota", "over_quota", "over_quota"]


NESTED = [
    # three seats in the branch, but one for each unit: p1 has no room in its unit, and leaves its seat to p2
    ("per: branch, number: 3, bands: [{per: unit, number: 1}]", ["open", "over_quota", "open", "over_quota"]),
    ("per: branch, number: 1, bands: [{per: unit, number: 1}]", ["open", "over_quota", "over_quota", "over_quota"]),
    # a band for some only: of three seats, one may go to those below 85
    ("per: bureau, number: 3, bands: [{per: bureau, number: 1, when: {score: {below: 85}}}]", ["open", "open", "over_quota", "over_quota"]),
    # bands within bands, the innermost first
    ("per: bureau, number: 9, bands: [{per: unit, number: 1, when: {score: {below: 85}}}, {per: bureau, number: 3}]", ["open", "open", "open", "over_quota"]),
]  # fmt: skip


@pytest.mark.parametrize(("seats", "expected"), NESTED)
def test_bands_are_nested_in_seats(seats, expected):
    there = [("p0", "U1"), ("p1", "U1"), ("p2", "U2"), ("p3", "U2")]
    postings = [posting(name, unit, leads=False, since="2010-01-01") for name, unit in there]
    seats = seats.replace("per: branch", "per: bureau")

    assert seated(seats, [90, 80, 70, 60], postings=postings) == expected


def test_the_reason_names_the_band_that_had_no_room():
    seats = "when: {grade: 称职}\nseats: {per: bureau, number: 3, order: [{highest: score}], bands: [{per: unit, number: 1}]}"
    result = run_rule(seats, Bureau({"p0": "B", "p1": "B"}, scores={("p0", "2025"): 90.0}))

    assert reasons(result, "R", ["p1"])["note_zh"][0] == "条件符合；单位名额1个，排第2"


def test_seats_in_words():
    text = "when: {grade: 称职}\nseats: {per: unit, number: {fact: {kind: vacancy, during: cycle, total: amount}}, taken: {profile: {sex: 女}}, order: [{highest: score}], bands: [{per: branch, share: 50%, rounding: up, when: {grade: 优秀}}]}"
    policy = parse(one_rule(text))
    zh, en = describe(policy, policy.rules["R"])

    assert "每个单位名额为本期内发生vacancy的累计数额，扣除已有性别为女的人数，按得分从高到低" in zh
    assert "；其中等次为优秀的每个分局名额不超过已定等次人数的50%（向上取整）；其余记为超出名额。" in zh
    assert (
        "Seats per unit: the total amount of vacancy within the cycle, less those where sex is 女, by the score descending"
        in en
    )


QUOTAS = """quotas:
  old: {cycle: annual, test: {grade: 优秀}, per: unit, share: 15%, valid: {until: 2024-01-01}}
  new: {cycle: annual, test: {grade: 优秀}, per: unit, share: 20%, rounding: half, valid: {from: 2024-01-01}}
"""


@pytest.mark.parametrize(
    ("cycle", "quota", "cap"), [("2022", "old", 0), ("2023", "old", 0), ("2024", "new", 1), ("2025", "new", 1)]
)
def test_each_quota_holds_in_its_own_years(cycle, quota, cap):
    """1994, 2007, 2020: the share changed, and each year is judged by its own."""
    text = HEAD + "  R: {title: t, for: officer, cycle: annual, when: {grade: 优秀}, outcome: x}\n" + QUOTAS
    bureau = Bureau({f"p{i}": "AAAA" for i in range(4)})

    found = decide(parse(text), bureau.world(), cycle, date(2026, 1, 20)).quotas

    assert found.select("quota", "hits", "cap", "over").rows() == [(quota, 4, cap, True)]
