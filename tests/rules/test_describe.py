"""The sixteen rules of the pack and its quota, said in Chinese and English from the tree that decides."""
# ruff: noqa: E501  a row of a table reads best on one line

from pathlib import Path

import pytest

from linkage.rules import Policy, default_gaps, describe, describe_quota, parse

from .small_bureau import one_rule

SAID = Path(__file__).parent / "described"


def said_of_the_pack(policy: Policy, language: int) -> str:
    rules = [f"{rule.id}\n{describe(policy, rule)[language]}\n" for rule in policy.rules.values()]
    return "\n".join(rules + [f"{q.id}\n{describe_quota(policy, q)[language]}\n" for q in policy.quotas.values()])


@pytest.mark.parametrize(("language", "file"), [(0, "pack.zh.txt"), (1, "pack.en.txt")])
def test_the_pack_in_words(pack: Policy, language, file):
    assert said_of_the_pack(pack, language) == (SAID / file).read_text("utf-8")


SENTENCES = [
    (
        "when: {periods: {within: year, some: {grade: 优秀}}}",
        "本自然年内各年度至少有一期等次为优秀",
        "in some of the annual cycles of this calendar year the grade is 优秀",
    ),
    (
        "when: {periods: {within: 12 months, some: {grade: 优秀}}}",
        "最近12个月内各年度至少有一期等次为优秀",
        "in some of the annual cycles of the last 12 months the grade is 优秀",
    ),
    (
        "when: {periods: {last: all, some: {grade: 优秀}}}",
        "历年各年度至少有一期等次为优秀",
        "in some of all annual cycles so far the grade is 优秀",
    ),
    (
        "when: {periods: {last: 3, worth: [{this: {grade: 优秀}, value: 1.5}], at least: 3}}",
        "最近3个年度折算年期（等次为优秀的每期计1.5；其余不计）不少于3期",
        "the credit of the last 3 annual cycles (1.5 where the grade is 优秀; nothing else) is at least 3",
    ),
    (
        "when: {periods: {last: 3, max: {indicator: 指标}, at least: 3}}",
        "最近3个年度“指标”的最大值不低于3",
        "the highest of '指标' over the last 3 annual cycles is at least 3",
    ),
    (
        "when: {periods: {last: 2, each: {grade: 优秀}, after: {fact: {kind: sanction, level: 警告, expired: yes}}}}",
        "最近2个年度每期均等次为优秀（只计最近一次处分（警告）期满之后结束的）",
        "in each of the last 2 annual cycles the grade is 优秀 (counting only those ending after the latest sanction (警告) has ended)",
    ),
    (
        "when: {periods: {last: 4, kind: quarterly, each: [{grade: 优秀}, {fact: {kind: 出警, during: cycle, at least: 8}}, {fact: {kind: leave, during: cycle, total: days, at most: 3}}]}}",
        "最近4个季度每期均（等次为优秀，且该季度内发生出警的次数不少于8次，且该季度内发生请假的累计天数不超过3天）",
        "in each of the last 4 quarters (the grade is 优秀 and the number of 出警 within that quarter is at least 8 and the days in all of leave within that quarter is at most 3)",
    ),
    (
        "when: {periods: {last: 2, none: {any: [{grade: 优秀}, {score: {above: 90}}]}}}",
        "最近2个年度没有一期（等次为优秀，或者得分高于90）",
        "in none of the last 2 annual cycles (the grade is 优秀, or the score is above 90)",
    ),
    (
        "when: {periods: {last: 3, kind: monthly, sum: {fact: {kind: 出警, during: cycle}}, at least: 8}}",
        "最近3个月该月内发生出警的次数的合计不少于8次",
        "the sum of the number of 出警 within that month over the last 3 months is at least 8",
    ),
    (
        "when: {not: {fact: {kind: sanction, overlaps: cycle}}}",
        "没有跨及本期的处分",
        "there is no sanction overlapping the cycle",
    ),
    ("when: {fact: {kind: sanction, overlaps: cycle}}", "有跨及本期的处分", "there is sanction overlapping the cycle"),
    (
        "when: {not: {fact: {kind: veto, during: cycle}}}",
        "本期内未发生一票否决事项",
        "there is no veto within the cycle",
    ),
    (
        "when: {not: {fact: {kind: sanction, active: now}}}",
        "评定日没有生效中的处分",
        "there is no sanction in force on the day of evaluation",
    ),
    (
        "when: {not: {fact: {kind: veto, within: 2 years}}}",
        "评定日前2年内没有一票否决事项",
        "there is no veto within 2 years before the day of evaluation",
    ),
    (
        "when: {not: {fact: {kind: 晋升, ahead: 60 days}}}",
        "今后60天内没有晋升",
        "there is no 晋升 due within 60 days",
    ),
    (
        "when: {served: {of: leader, below: 6 months}}",
        "任负责人时间少于6个月",
        "service as leader is below 6 months",
    ),
    ("when: {not: {grade: 优秀}}", "并非等次为优秀", "not (the grade is 优秀)"),
    # every leaf and window the pack does not use
    ("when: {status: [pending, absent]}", "考核状态为暂缓定等次或未参加", "the result is pending or absent"),
    (
        "when: {indicator: {any of: scheme, below: 60}}",
        "方案各指标中任一项低于60",
        "any of the scheme's indicators is below 60",
    ),
    ("when: {indicator: {each of: [a, b], at least: 60}}", "a、b中每一项不低于60", "each of a, b is at least 60"),
    (
        "when: {rank: {top: 3}}",
        "在同岗位同分局民警中排前3名",
        "the rank is in the top 3 of officers of the same post type and branch",
    ),
    (
        "when: {fact: {kind: leave, overlaps: cycle, total: days, above: 182}}",
        "跨及本期的请假的累计天数多于182天",
        "the days in all of leave overlapping the cycle is above 182",
    ),
    (
        "when: {fact: {kind: x, within: 1 month, once per: note}}",
        "评定日前1个月内有x（同一事由只计一次）",
        "there is x (once per cause) within 1 month before the day of evaluation",
    ),
    ("when: {fact: {kind: x, ahead: 60 days}}", "今后60天内将有x", "there is x due within 60 days"),
    (
        "when: {fact: {kind: x, after: {fact: {kind: award}}}}",
        "最近一次奖励之日后有x",
        "there is x after the day of the latest award",
    ),
    (
        "when: {fact: {kind: x, year of: joined_on}}",
        "本人年度（自入职日起算）内有x",
        "there is x within the personal year from the joining date",
    ),
    ("when: {not: {fact: {kind: award}}}", "从未有奖励", "there is no award on record"),
    ("when: {post: {is_leader: 是}}", "任负责人", "leads the unit"),
    (
        "when: {served: {of: unit, at least: 1 months}}",
        "在现单位任职不少于1个月",
        "service in the present unit is at least 1 month",
    ),
    (
        "when: {served: {of: leader, at least: 6 months}}",
        "任负责人满6个月",
        "service as leader is at least 6 months",
    ),
    (
        "when: {score: {below: {median: officers, times: 0.9, plus: -15}}}",
        "得分低于同岗位同分局民警的中位数的0.9倍减15",
        "the score is below the median of officers of the same post type and branch times 0.9 minus 15",
    ),
    (
        "when: {decision: {of: training, within: 24 months, ended: [failed, passed]}}",
        "24个月内曾认定培训且结局为failed或passed",
        "training was decided within 24 months and ended failed or passed",
    ),
    ("when: {unit: {grade: 较差}}", "所在单位等次为较差", "the unit: the grade is 较差"),
    (
        "when: {periods: {kind: monthly, within: cycle, share: {grade: 优秀}, above: 1/3}}",
        "本期内各月中等次为优秀的占比高于1/3",
        "the share of the months inside this cycle where the grade is 优秀 is above 1/3",
    ),
    (
        "when: {periods: {last: 1, some: {grade: 优秀}}}",
        "最近1个年度至少有一期等次为优秀",
        "in some of the last annual cycle the grade is 优秀",
    ),
    (
        "when: {periods: {last: 3, before: 2, each: {grade: 优秀}, gaps: {pending: wait}}}",
        "往前第3至第5个年度每期均等次为优秀（暂缓定等次等待补定，认定暂缓）",
        "in each of the 3 annual cycles ending 2 before the grade is 优秀 (pending is waited for)",
    ),
    (
        "when: {sequence: {steps: [{grade: 优秀}, {grade: 称职}], within: 3 years, apart: 1 year}}",
        "3年内依次出现：等次为优秀；等次为称职，相邻间隔不少于1年",
        "within 3 years, in this order: the grade is 优秀; the grade is 称职, at least 1 year apart",
    ),
]


@pytest.mark.parametrize(("rule", "zh", "en"), SENTENCES)
def test_conditions_in_words(rule, zh, en):
    policy = parse(one_rule(rule))

    gaps_zh, gaps_en = default_gaps(policy.rules["R"])
    assert describe(policy, policy.rules["R"]) == (
        f"年度考核，民警凡{zh}的，认定为：奖励—x。{gaps_zh}依据：t。",
        f"On the annual cycle, an officer is decided reward: x when {en}. {gaps_en}{' ' if gaps_en else ''}Basis: t.",
    )


PARTS = [
    ("to: {unit: descendants}\nfor: unit", "落到所有下级单位。", "It falls on all units below."),
    ("population: everyone", "民警（含未参加考核者）凡", "an officer (with or without a result)"),
    (
        "dose: {unit: 天, by: score, first: 7, step: 7, cap: 60}",
        "剂量：首次7天，依得分每增加一次加7，封顶60。",
        "Dose: 7 天, 7 more for each further one of the score, at most 60.",
    ),
    (
        "ladder: {by: score, rungs: {0: 'reward:c', 90: 'reward:a'}}",
        "级数依得分，达到：0 奖励—c；90 奖励—a。",
        "The rung is the score, from: 0 reward: c; 90 reward: a.",
    ),
    ("valid: {from: 2025-01-01}", "有效期自2025-01-01起。", "Valid from 2025-01-01."),
    (
        "seats: {per: bureau, share: 1%, order: [{lowest: subject}], floors: [{when: {profile: {sex: 女}}, share: 25%}]}",
        "其中性别为女的不少于25%",
        "at least 25% of them where sex is 女",
    ),
    ("focus: failing", "重点：未达标的该项指标。", "Focus: the failing indicator."),
    ("valid: {until: 2026-01-01}", "有效期至2026-01-01前。", "Valid until 2026-01-01."),
    ("focus: 规范执法率", "重点：规范执法率。", "Focus: 规范执法率."),
    (
        "gate: {held: {fact: {kind: x}}, unless: {fact: {kind: y}}}",
        "曾有x的，暂缓认定，但曾有y的除外。",
        "It is held while there is x on record, unless there is y on record.",
    ),
]


@pytest.mark.parametrize(("part", "zh", "en"), PARTS)
def test_the_other_parts_in_words(part, zh, en):
    policy = parse(one_rule(f"when: {{grade: 优秀}}\n{part}"))
    chinese, english = describe(policy, policy.rules["R"])

    assert zh in chinese
    assert en in english
