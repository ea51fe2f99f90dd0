"""Why, and why not: the tree of a rule with the answer and figures of one subject, decided or not."""
# ruff: noqa: E501  a row of a table reads best on one line

from datetime import date

import pytest

from linkage.rules import Policy, RunResult, WhyNode, World, decide, why

from .small_bureau import Bureau, fact, posting, run_rule

MARKS = {True: "✓", False: "✗", None: "?"}


@pytest.fixture(scope="module")
def year(haizhou: World, pack: Policy) -> RunResult:
    return decide(pack, haizhou, "2025", date(2026, 1, 20))


def drawn(node: WhyNode, depth: int = 0) -> str:
    line = f"{'  ' * depth}{MARKS[node.answer]} {node.text}{f' [{node.figures}]' if node.figures else ''}\n"
    return line + "".join(drawn(child, depth + 1) for child in node.children)


DRAWN = [
    (
        "P03",
        "2200806",
        """✓ P03 连续优秀提名后备干部 [暂缓认定：立案调查未结束]
  ✓ 本期已定等次 [已定等次]
  ✓ 最近2个年度每期均等次为优秀 [2/2：2024（优秀）、2025（优秀）]
  ✓ 往前第3个年度没有一期等次低于称职 [0/1：2023（优秀）]
  ✓ 人员身份为在编 [在编]
  ✓ 自入职日至评定日满年数不少于5年 [10]
  ✓ 周期末日周岁不高于45 [35]
  ✗ 不予认定：评定日有生效中的处分
  ✓ 暂缓认定：评定日有生效中的立案调查 [立案调查未结束]
""",
    ),
    (
        "P03",
        "2200001",
        """✗ P03 连续优秀提名后备干部 [未认定]
  ✓ 本期已定等次 [已定等次]
  ✗ 最近2个年度每期均等次为优秀 [0/2：2024（称职）、2025（称职）]
  ✓ 往前第3个年度没有一期等次低于称职 [0/1：2023（称职）]
  ✓ 人员身份为在编 [在编]
  ✓ 自入职日至评定日满年数不少于5年 [22]
  ✗ 周期末日周岁不高于45 [56]
  ✗ 不予认定：评定日有生效中的处分
  ✗ 暂缓认定：评定日有生效中的立案调查
""",
    ),
    (
        "P03",
        "2200011",
        """✓ P03 连续优秀提名后备干部 [超出名额：条件符合；分局名额5个，排第8]
  ✓ 本期已定等次 [已定等次]
  ✓ 最近2个年度每期均等次为优秀 [2/2：2024（优秀）、2025（优秀）]
  ✓ 往前第3个年度没有一期等次低于称职 [0/1：2023（优秀）]
  ✓ 人员身份为在编 [在编]
  ✓ 自入职日至评定日满年数不少于5年 [10]
  ✓ 周期末日周岁不高于45 [32]
  ✗ 不予认定：评定日有生效中的处分
  ✗ 暂缓认定：评定日有生效中的立案调查
  ✗ 在名额之内 [名额5个，排第8]
""",
    ),
    (
        "P05",
        "2200621",
        """✗ P05 不称职降职 [未认定]
  ✓ 本期已定等次 [已定等次]
  ✓ 等次为不称职 [不称职]
  ✗ 并非符合规则P06《连续两年不称职启动辞退审查》的条件
    ✓ 符合规则P06《连续两年不称职启动辞退审查》的条件
      ✓ 最近2个年度每期均等次为不称职 [2/2：2024（不称职）、2025（不称职）]
""",
    ),
    (
        "P12",
        "2200017",
        """✓ P12 单位连续两年落后审查负责人 [认定]
  ✓ 本期已定等次 [已定等次]
  ✓ 落到在所计各期始终任负责人的人 [自2021-05-06]
  ✓ 最近2个年度每期均等次为一般或较差 [2/2：2024（一般）、2025（一般）]
""",
    ),
    (
        "P12",
        "2200001",
        """✗ P12 单位连续两年落后审查负责人 [未认定]
  ✓ 本期已定等次 [已定等次]
  ✗ 落到在所计各期始终任负责人的人
  ✗ 最近2个年度每期均等次为一般或较差 [0/2：2024（良好）、2025（良好）]
""",
    ),
    (
        "P15",
        "2200002",
        """✗ P15 累计两年称职晋档 [未认定]
  ✓ 本期已定等次 [已定等次]
  ✓ 等次不低于称职 [称职]
  ✗ 最近5个年度中等次不低于称职的期数（只计最近一次奖励（晋档）之日后结束的）不少于2期 """
        """[1/5：2021（称职，起算之前）、2022（称职，起算之前）、2023（称职，起算之前）、2024（称职，起算之前）、2025（称职）]
""",
    ),
    (
        "P01",
        "nobody",
        """✗ P01 年度优秀予以嘉奖 [未认定]
  ✗ 本期已定等次 [未参加]
  ? 等次为优秀 [未参加]
  ✗ 不予认定：评定日有生效中的处分
  ✗ 暂缓认定：评定日有生效中的立案调查
""",
    ),
]


@pytest.mark.parametrize(("rule", "subject", "tree"), DRAWN)
def test_the_tree_of_one_subject(year, rule, subject, tree):
    assert drawn(why(year, rule, subject)) == tree


def test_in_english(year):
    assert (
        drawn(why(year, "P02", "2200806", "en"))
        == """✓ P02 Third-class merit for three excellent years running [held: investigation not ended]
  ✓ graded in this cycle [graded]
  ✓ in each of the last 3 annual cycles the grade is 优秀 (counting only those ending after the day of the latest award (三等功, 二等功, 一等功)) [3/3: 2023 (优秀), 2024 (优秀), 2025 (优秀)]
  ✗ blocked: there is sanction in force on the day of evaluation
  ✓ held: there is investigation in force on the day of evaluation [investigation not ended]
"""
    )


def test_a_unit_may_be_asked_about_a_rule_for_its_leader(year):
    assert (
        drawn(why(year, "P12", "F03P01", who="unit"))
        == """✓ P12 单位连续两年落后审查负责人 [认定]
  ✓ 本期已定等次 [已定等次]
  ✓ 最近2个年度每期均等次为一般或较差 [2/2：2024（一般）、2025（一般）]
"""
    )


def test_a_rule_that_is_not_asked_on_this_cycle(year):
    with pytest.raises(KeyError):
        why(year, "P07", "2200001")


def test_the_branches_of_any_are_shown(haizhou, pack):
    result = decide(pack, haizhou, "2025Q4", date(2026, 1, 10))

    assert (
        drawn(why(result, "P08", "2200002"))
        == """✗ P08 岗位关键指标不足六十 [未认定]
  ✓ 本期已定等次 [已定等次]
  ✗ 以下任一项满足
    ✗ 以下各项同时满足
      ✓ 岗位为社区民警 [社区民警]
      ✗ “群众满意度”低于60 [群众满意度 76.7]
    ✗ 以下各项同时满足
      ✗ 岗位为案件民警 [社区民警]
      ? “规范执法率”低于60
"""
    )


LEAVES = [
    ("when: {fact: {kind: late, at least: 3}}", "✗ 曾有late的次数不少于3次 [1：2025-03-01]"),
    ("when: {rank: {top: 1, members: 9}}", "✗ 在同岗位同分局民警中排前1名（该组不少于9人） [1人中排第1]"),
    ("when: {status: pending}", "✗ 考核状态为暂缓定等次 [已定等次]"),
    ("when: {post: {is_leader: 是}}", "✗ 任负责人 [否]"),
    ("when: {post: {unit: U2}}", "✗ 单位为U2 [U1]"),
    ("when: {unit: {grade: 优秀}}", "✗ 所在单位等次为优秀 [2025年度等次较差]"),
    (
        "when: {periods: {last: 3, run: {grade: 优秀}, at least: 2}}",
        "✗ 最近3个年度中等次为优秀的至今连续期数不少于2期 [1：2023（未参加）、2024（称职）、2025（优秀）]",
    ),
    ("when: {periods: {last: 2, mean: score, at least: 90}}", "✗ 最近2个年度得分的平均值不低于90 [80]"),
    ("when: {score: {above: previous}}", "✗ 得分高于上期 [80]"),
    ("when: {decision: {of: training}}", "✗ 曾认定培训"),
    (
        "when: {sequence: {steps: [{grade: 优秀}, {grade: 优秀}], within: 3 years}}",
        "✗ 3年内依次出现：等次为优秀；等次为优秀 [2025-12-31]",
    ),
]


@pytest.mark.parametrize(("rule", "line"), LEAVES)
def test_why_not_by_construct(rule, line):
    bureau = Bureau({"p": "BA"}, units={"U1": "D"}, facts=[fact("p", "late", "2025-03-01")])

    lines = drawn(why(run_rule(rule, bureau), "R", "p")).splitlines()

    assert lines[0] == "✗ R t [未认定]"
    assert f"  {line}" in lines


def test_a_unit_below_is_asked_about_the_unit_above():
    bureau = Bureau({"p": "A"}, units={"U0": "A"}, postings=[posting("p", "U1", leads=True, since="2020-01-01")])
    result = run_rule("for: unit\nwhen: {grade: 较差}\nto: {unit: children}", bureau)

    assert "  ✗ 等次为较差 [优秀]" in drawn(why(result, "R", "U1")).splitlines()
