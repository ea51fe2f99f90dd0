"""The words sentences are made of, each as (Chinese, English)."""

from typing import Final

Pair = tuple[str, str]

CYCLE: Final[dict[str, Pair]] = {
    "annual": ("年度", "annual cycle"),
    "quarterly": ("季度", "quarter"),
    "monthly": ("月", "month"),
    "own": ("自定周期", "own cycle"),
    "any": ("期", "cycle"),
}
HEADINGS: Final[dict[str, Pair]] = {
    "annual": ("年度考核", "On the annual cycle"),
    "quarterly": ("季度考核", "On the quarter"),
    "monthly": ("月度考核", "On the month"),
    "own": ("自定周期考核", "On the bureau's own cycle"),
    "any": ("各类周期的考核", "On any cycle"),
}
OPS: Final[dict[str, Pair]] = {
    "at least": ("不低于", "at least"),
    "at most": ("不高于", "at most"),
    "above": ("高于", "above"),
    "below": ("低于", "below"),
    "is": ("为", ""),
}
COUNTED: Final = {"at least": "不少于", "at most": "不超过", "above": "多于", "below": "少于", "is": "为"}
STATUS: Final[dict[str, Pair]] = {
    "graded": ("已定等次", "graded"),
    "ungraded": ("不定等次", "ungraded"),
    "pending": ("暂缓定等次", "pending"),
    "absent": ("未参加", "absent"),
    "unmeasured": ("缺数据", "no figure"),
    "back-filled": ("补录", "back-filled"),
    "part year": ("未满期", "part of the period"),
}
FACTS: Final[dict[str, Pair]] = {
    "sanction": ("处分", "sanction"),
    "investigation": ("立案调查", "investigation"),
    "award": ("奖励", "award"),
    "veto": ("一票否决事项", "veto"),
    "protected": ("法定保护情形", "protected status"),
    "plan_closed": ("改进计划结案", "closed plan"),
    "leave": ("请假", "leave"),
}
# How long something in force goes on; any other fact says 至.
LASTS: Final[dict[str, Pair]] = {"sanction": ("影响期至", " in force to")}
UNITS: Final[dict[str, Pair]] = {
    "days": ("天", "days"),
    "weeks": ("周", "weeks"),
    "months": ("个月", "months"),
    "years": ("年", "years"),
    "cycles": ("期", "cycles"),
}
OUTCOMES: Final[dict[str, Pair]] = {
    "reward": ("奖励", "reward"),
    "reserve": ("后备干部库", "reserve"),
    "training": ("培训", "training"),
    "post_adjustment": ("岗位调整", "post adjustment"),
    "resource": ("资源", "resource"),
    "restriction": ("限制", "restriction"),
    "dismissal": ("辞退审查", "dismissal review"),
}
OUTCOME_WORDS: Final[dict[str, Pair]] = {
    "plan": ("能力提升计划", "improvement plan"),
    "class": ("能力提升班", "training class"),
    "stage_2": ("第二阶段", "second stage"),
    "unit_plan": ("单位整改计划", "improvement plan of the unit"),
}
FIELDS: Final[dict[str, Pair]] = {
    "employment": ("人员身份", "employment"),
    "sex": ("性别", "sex"),
    "rank": ("警衔职级", "rank"),
    "joined_on": ("入职日", "joining date"),
    "born_on": ("出生日", "birth date"),
    "subject": ("警号", "badge"),
    "badge": ("警号", "badge"),
    "code": ("单位代码", "unit code"),
    "unit": ("单位", "unit"),
    "branch": ("分局", "branch"),
    "post_type": ("岗位", "post"),
    "kind": ("单位类别", "kind of unit"),
    "peer_group": ("同类组", "peer group"),
}
FIGURES: Final[dict[str, Pair]] = {
    "sum": ("合计", "sum"),
    "mean": ("平均值", "mean"),
    "min": ("最小值", "lowest"),
    "max": ("最大值", "highest"),
}
COUNTS: Final[dict[str, Pair]] = {
    "count": ("期数", "the number"),
    "share": ("占比", "the share"),
    "run": ("至今连续期数", "the unbroken run up to now"),
}
GAPS: Final[dict[str, Pair]] = {
    "break": ("中断", "breaks the run"),
    "skip": ("跳过不计", "is skipped"),
    "pass": ("视为符合", "counts as met"),
    "previous": ("沿用上一期", "takes the one before"),
    "wait": ("等待补定，认定暂缓", "is waited for"),
    "as is": ("照常计", "counts as it stands"),
}
TOTALS: Final[dict[str, Pair]] = {
    "count": ("次数", "number"),
    "days": ("累计天数", "days in all"),
    "longest": ("最长连续天数", "longest stretch in days"),
    "amount": ("累计数额", "total amount"),
    "latest": ("最近一次数值", "latest figure"),
}
FACT_UNITS: Final = {"count": "次", "days": "天", "longest": "天"}
STATUSES: Final[dict[str, Pair]] = {
    "open": ("认定", "open"),
    "blocked": ("不予认定", "blocked"),
    "held": ("暂缓认定", "held"),
    "over_quota": ("超出名额", "over quota"),
}
PER: Final[dict[str, Pair]] = {
    "branch": ("每个分局", "per branch"),
    "unit": ("每个单位", "per unit"),
    "bureau": ("全局", "in the bureau"),
}
GROUP: Final[dict[str, Pair]] = {"branch": ("分局", "branch"), "unit": ("单位", "unit"), "bureau": ("全局", "bureau")}
SAME: Final = {
    "post_type": "同岗位",
    "branch": "同分局",
    "unit": "同单位",
    "peer_group": "同类",
    "rank": "同职级",
    "kind": "同类别",
}
REACH: Final[dict[tuple[str, str], Pair]] = {
    ("leader", "throughout"): (
        "落到在所计各期始终任负责人的人",
        "It falls on the one who led the unit on every day of the periods counted",
    ),
    ("leader", "cycle end"): ("落到期末负责人", "It falls on the leader at the end"),
    ("members", "throughout"): ("落到所计各期始终在该单位的民警", "It falls on those who served there throughout"),
    ("members", "cycle end"): ("落到期末在该单位的民警", "It falls on its members at the end"),
    ("unit", "children"): ("落到直属下级单位", "It falls on the units right below"),
    ("unit", "descendants"): ("落到所有下级单位", "It falls on all units below"),
}
POPULATIONS: Final[dict[str, Pair]] = {
    "graded": ("本期已定等次", "graded in this cycle"),
    "listed": ("本期有考核结果", "has a result in this cycle"),
    "everyone": ("在名册之内", "is in the directory"),
}
POPULATION: Final[dict[str, Pair]] = {
    "graded": ("", ""),
    "listed": ("（含未定等次者）", " (graded or not)"),
    "everyone": ("（含未参加考核者）", " (with or without a result)"),
}
ROUNDED: Final[dict[str, Pair]] = {
    "down": ("向下取整", "rounded down"),
    "up": ("向上取整", "rounded up"),
    "half": ("四舍五入", "rounded to the nearest"),
}
