"""Why, in one sentence per decision: with figures, in Chinese and English, for every status."""
# ruff: noqa: E501  a row of a table reads best on one line

import time
from datetime import date

import pytest

from linkage.rules import Policy, RunResult, World, decide, reasons

from .small_bureau import Bureau, fact, posting, run_rule


@pytest.fixture(scope="module")
def year(haizhou: World, pack: Policy) -> RunResult:
    return decide(pack, haizhou, "2025", date(2026, 1, 20))


def reason(result: RunResult, rule: str, subject: str) -> dict[str, str]:
    rows = reasons(result, rule, [subject]).rows(named=True)
    assert len(rows) == 1
    return rows[0]


HONOURED = [
    ("P01", "2200004", "open", "2025年度等次优秀", ""),
    ("P01", "2200270", "blocked", "2025年度等次优秀；处分影响期至 2027-06-14", "处分影响期至 2027-06-14"),
    ("P01", "2200806", "held", "2025年度等次优秀；立案调查未结束", "立案调查未结束"),
    ("P02", "2200022", "open", "连续3个年度优秀：2023、2024、2025", ""),
    (
        "P03",
        "2200011",
        "over_quota",
        "连续2个年度优秀：2024、2025；往前第3个年度没有一期等次低于称职：2023（优秀）；人员身份为在编；"
        "自入职日至评定日满10年（要求不少于5年）；周期末日32周岁（要求不高于45）；条件符合；分局名额5个，排第8",
        "条件符合；分局名额5个，排第8",
    ),
    ("P05", "2200539", "open", "2025年度等次不称职；并非符合规则P06《连续两年不称职启动辞退审查》的条件", ""),
    ("P06", "2200621", "open", "连续2个年度不称职：2024、2025", ""),
    ("P11", "F01D02", "open", "得分91.8，在同类单位12个中排第1（前20%）", ""),
    (
        "P12",
        "2200017",
        "open",
        "自2021-05-06起任工农派出所负责人；连续2个年度一般或较差：2024（一般）、2025（一般）",
        "",
    ),
    ("P14", "2200050", "open", "“协作支援贡献”96.4，在全局同岗位民警134人中排第6（前5%）；2025年度等次优秀", ""),
    (
        "P15",
        "2200001",
        "open",
        "2025年度等次称职；最近5个年度中等次不低于称职2期：2024（称职）、2025（称职）（要求不少于2期）",
        "",
    ),
]


@pytest.mark.parametrize(("rule", "subject", "status", "zh", "note"), HONOURED)
def test_the_years_decisions_say_why(year, rule, subject, status, zh, note):
    found = reason(year, rule, subject)

    assert (found["status"], found["zh"], found["note_zh"]) == (status, zh, note)


ENGLISH = [
    ("P01", "2200270", "grade in 2025: 优秀; sanction in force to 2027-06-14"),
    ("P02", "2200022", "3 annual cycles running graded 优秀: 2023, 2024, 2025"),
    (
        "P12",
        "2200017",
        "leads 工农派出所 since 2021-05-06; 2 annual cycles running graded 一般 or 较差: 2024 (一般), 2025 (一般)",
    ),
    (
        "P15",
        "2200001",
        "grade in 2025: 称职; 2 of the last 5 annual cycles where the grade is at least 称职: 2024 (称职), 2025 (称职) (required: at least 2)",
    ),
]


@pytest.mark.parametrize(("rule", "subject", "en"), ENGLISH)
def test_they_say_it_in_english(year, rule, subject, en):
    assert reason(year, rule, subject)["en"] == en


def test_english_notes(year):
    assert reason(year, "P01", "2200806")["note_en"] == "investigation not ended"
    assert reason(year, "P03", "2200011")["note_en"] == "conditions met; seats in the branch: 5, place: 8"


SHORT_CYCLES = [
    (
        "2025Q4",
        "2026-01-10",
        "P07",
        "2200068",
        "连续2个季度在同岗位同分局民警中排后10%（该组不少于10人）：2025Q3（30人中排倒数第1）、2025Q4（30人中排倒数第1）",
    ),
    ("2025Q4", "2026-01-10", "P08", "2200001", "岗位为社区民警；“群众满意度”56.5（要求低于60）"),
    ("2025Q4", "2026-01-10", "P16", "2200086", "本次认定中已有培训（P07）；评定日前365天内有改进计划结案：2025-05-15"),
    (
        "2025-12",
        "2026-01-05",
        "P09",
        "2200081",
        "连续3个月得分低于上期：2025-10（78.76）、2025-11（77.82）、2025-12（74.61）；得分74.61（要求不高于3期前减10，为77.57）",
    ),
    (
        "2025-12",
        "2026-01-05",
        "P10",
        "2200068",
        "2025-12等次较差；最近12个月中等次为较差6期：2025-03、2025-05、2025-07、2025-08、2025-09、2025-12（要求不少于3期）",
    ),
]


@pytest.mark.parametrize(("code", "day", "rule", "subject", "zh"), SHORT_CYCLES)
def test_decisions_of_quarters_and_months_say_why(haizhou, pack, code, day, rule, subject, zh):
    assert reason(decide(pack, haizhou, code, date.fromisoformat(day)), rule, subject)["zh"] == zh


def test_every_decision_has_a_sentence_and_only_closed_ones_a_note(year):
    found = reasons(year)

    assert found.select("rule", "subject", "status").rows() == year.decisions.select("rule", "subject", "status").rows()
    assert all(row["zh"] and row["en"] for row in found.iter_rows(named=True))
    assert all((row["note_zh"] == "") == (row["status"] == "open") for row in found.iter_rows(named=True))


def test_a_thousand_sentences_take_no_time(year):
    started = time.perf_counter()

    assert reasons(year).height == 967
    assert time.perf_counter() - started < 5  # 0.15 s on an idle machine


SAID = [
    # the condition, the history, what is told
    (
        "when: {periods: {last: 2, some: {fact: {kind: late, during: cycle}}}}",
        "A",
        "最近2个年度有该年度内发生late的：2025（2）",
    ),
    (
        "when: {periods: {last: 9, count: {grade: 优秀}, at least: 1}}",
        "A",
        "最近9个年度中等次为优秀1期：2025（要求不少于1期）",
    ),
    (
        "when: {periods: {last: 7, each: {fact: {kind: late, during: cycle}}, gaps: {absent: pass}}}",
        "A",
        "最近7个年度每期均该年度内发生late：2019（未参加）、2020（未参加）、2021（未参加）、2022（未参加）、2023（未参加）、2024（未参加）、2025（2）",
    ),
    (
        "when: {periods: {last: 2, sum: {fact: {kind: late, during: cycle}}, at least: 1}}",
        "A",
        "最近2个年度该年度内发生late的次数的合计2次（要求不少于1次）",
    ),
    (
        "when: {periods: {last: 3, none: {grade: 不称职}}}",
        "B-C",
        "最近3个年度没有一期等次为不称职：2023、2024（不定等次）、2025",
    ),
    ("when: {periods: {last: 3, some: {grade: 不称职}}}", "DBC", "最近3个年度有等次为不称职的：2023"),
    (
        "when: {periods: {last: 4, share: {grade: 不称职}, above: 50%}}",
        "DD-B",
        "最近4个年度中等次为不称职的占比2/3（66.6667%）：2022、2023（要求高于50%）",
    ),
    (
        "when: {periods: {last: 5, run: {grade: 优秀}, at least: 2}}",
        "BAA",
        "至今连续2个年度等次为优秀：2024、2025（要求不少于2期）",
    ),
    (
        "when: {periods: {last: 5, worth: [{this: {grade: 优秀}, value: 1.5}], at least: 3}}",
        "AA",
        "最近5个年度折算3期（要求不少于3期）",
    ),
    ("when: {periods: {last: 2, mean: score, at least: 80}}", "BB", "最近2个年度得分的平均值80（要求不低于80）"),
    (
        "when: {any: [{grade: 优秀}, {score: {at least: 60}}, {score: {below: 60}}]}",
        "A",
        "2025年度等次优秀；得分80（要求不低于60）",
    ),
    (
        "when: {periods: {last: 2, each: {grade: 优秀}, gaps: {ungraded: pass}}}",
        "A-A",
        "最近2个年度每期均等次为优秀：2024（不定等次）、2025",
    ),
    ("population: listed\nwhen: {status: pending}", "?", "2025年度考核状态为暂缓定等次"),
    ("population: everyone\nwhen: {status: absent}", "A.", "2025年度考核状态为未参加"),
    ("when: {indicator: {any of: scheme, below: 60}}", "A", "“指标”55（要求低于60）"),
    ("when: {not: {fact: {kind: veto}}}", "A", "从未有一票否决事项"),
    (
        "when: {fact: {kind: late, during: cycle, at least: 2}}",
        "A",
        "本期内发生late的次数2次：2025-03-01、2025-05-01（要求不少于2次）",
    ),
    (
        "when: {fact: {kind: points, total: amount, at least: 5}}",
        "A",
        "曾有points的累计数额6：2025-06-01（要求不低于5）",
    ),
    ("when: {unit: {grade: 较差}}", "A", "所在单位2025年度等次较差"),
    ("when: {periods: {last: 1, each: {unit: {grade: 较差}}}}", "A", "最近1个年度每期均所在单位等次为较差：2025"),
    (
        "when: {sequence: {steps: [{grade: 不称职}, {grade: 优秀}], within: 3 years}}",
        "DA",
        "3年内依次出现：等次为不称职；等次为优秀",
    ),
    ("when: {served: {of: unit, at least: 6 months}}", "A", "在现单位任职192个月（要求不少于6个月）"),
    ("when: {score: {at least: {median: officers}}}", "A", "得分80（要求不低于同岗位同分局民警的中位数，为80）"),
    ("when: {rank: {top: 3}}", "A", "得分80，在同岗位同分局民警1人中排第1（前3名）"),
    (
        "when: {periods: {last: 1, each: {all: [{score: {above: 1}}, {grade: 优秀}]}}}",
        "A",
        "最近1个年度每期均（得分高于1，且等次为优秀）：2025（80，优秀）",
    ),
]


@pytest.mark.parametrize(("rule", "history", "told"), SAID)
def test_every_construct_tells_its_figures(rule, history, told):
    facts = [
        fact("p", "late", "2025-03-01"),
        fact("p", "late", "2025-05-01"),
        fact("p", "points", "2025-06-01", amount=6.0),
    ]
    bureau = Bureau({"p": history}, units={"U1": "D"}, facts=facts, figures={("p", "2025"): 55.0})

    assert reason(run_rule(rule, bureau), "R", "p")["zh"] == told


def test_a_period_that_is_waited_for_is_named():
    found = reason(
        run_rule("when: {periods: {last: 3, each: {grade: 优秀}, gaps: {pending: wait}}}", Bureau({"p": "A?A"})),
        "R",
        "p",
    )

    assert found["note_zh"] == "等待补定：2024（暂缓定等次）"
    assert found["note_en"] == "waiting for: 2024 (pending)"


GATES = [
    ("{held: {fact: {kind: investigation, active: now}}}", "立案调查至 2026-03-01"),
    ("{held: {fact: {kind: late, during: cycle}}}", "本期内发生late：2025-03-01"),
    ("{held: {grade: 优秀}}", "2025年度等次优秀"),
    ("{held: {any: [{grade: 称职}, {fact: {kind: late}}]}}", "曾有late：2025-03-01"),
    ("{held: {fact: {kind: [sanction, investigation], active: now}}}", "处分或立案调查至 2026-03-01"),
]


@pytest.mark.parametrize(("gate", "note"), GATES)
def test_a_gate_says_what_stands_in_the_way(gate, note):
    facts = [fact("p", "investigation", "2025-09-01", to="2026-03-01"), fact("p", "late", "2025-03-01")]

    found = reason(run_rule(f"when: {{grade: 优秀}}\ngate: {gate}", Bureau({"p": "A"}, facts=facts)), "R", "p")

    assert found["note_zh"] == note


def test_members_and_units_below_are_told_whence_it_comes():
    bureau = Bureau({"p": "A"}, units={"U1": "D"}, postings=[posting("p", "U1", leads=False, since="2020-01-01")])
    members = run_rule("for: unit\nwhen: {grade: 较差}\nto: {members: cycle end}", bureau)
    below = run_rule("for: unit\nwhen: {grade: 较差}\nto: {unit: descendants}", bureau)

    assert reason(members, "R", "p")["zh"] == "自2020-01-01起在U1；2025年度等次较差"
    assert reason(below, "R", "U2")["zh"] == "上级单位U1；2025年度等次较差"


def test_nothing_decided_has_no_reasons():
    assert reasons(run_rule("when: {grade: 优秀}", Bureau({"p": "B"}))).is_empty()
