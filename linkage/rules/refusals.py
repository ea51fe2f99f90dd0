"""Every way a policy can be refused: a stable code, what is said in Chinese and English, and the place in the text."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .words import in_chinese


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the policy text; both count from 1."""

    line: int
    column: int


NOWHERE: Final = Place(1, 1)
LONGEST_WORD: Final = 60  # of a name; what is longer is refused, and shown no longer than this
MOST_WORDS: Final = 500  # looked through for the nearest

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "size": ("政策文件不得超过{most}字节", "a policy file may hold {most} bytes"),
    "empty": ("文件为空", "the file is empty"),
    "character": ("含有YAML不允许的字符", "a character that YAML does not allow"),
    "yaml": ("YAML写法有误：{problem_zh}", "{problem}"),
    "full_width": (
        "此处是全角标点“{word}”，应改为半角“{half}”（冒号、逗号后加一个空格）",
        "a full-width '{word}' stands here; write '{half}', with a space after a colon or comma",
    ),
    "alias": ("本语言不使用锚点、别名和标签", "anchors, aliases and tags are not part of the language"),
    "too_deep": (
        "嵌套过深或内容过多（{depth}层、{events}个节点）",
        "too deep or too long (depth {depth}, {events} nodes)",
    ),
    "key_is_word": ("键应为一个词", "a key is a word"),
    "no_word": ("“{word}”不是本语言的词", "'{word}' is not a word of the language"),
    "twice": ("“{word}”在此出现两次", "'{word}' stands here twice"),
    "long_word": ("“{word}”过长，最多{most}个字", "'{word}' is too long: at most {most} characters"),
    "entries": ("此处最多{most}项", "expected at most {most} entries here"),
    "mapping": ("此处应为键值对，可用：{known}", "expected a mapping with {known}"),
    "not_here": ("“{word}”不能用在这里；可用：{known}", "'{word}' does not belong here; expected one of: {known}"),
    "missing": ("缺少“{word}”", "'{word}' is missing"),
    "one_word": ("此处应为一个词", "expected one word"),
    "no_param": ("没有参数“{word}”", "no parameter '{word}'"),
    "not_local": ("参数“{word}”不可本地调整", "parameter '{word}' is not local"),
    "local_range": (
        "参数“{word}”的本地值须在允许范围内（{low}至{high}）",
        "the local value of '{word}' is outside its range ({low} to {high})",
    ),
    "loosens_up": (
        "参数“{word}”只能收紧，不得低于上级的{now}（所填为{value}）",
        "'{word}' may only be tightened: {value} is below {now}, which holds above",
    ),
    "loosens_down": (
        "参数“{word}”只能收紧，不得高于上级的{now}（所填为{value}）",
        "'{word}' may only be tightened: {value} is above {now}, which holds above",
    ),
    "local_bureau": (
        "“{word}”的名额或比例按全局计算，所用参数不能按分局各自取值",
        "'{word}' shares out seats of the whole bureau; a branch cannot have its own value there",
    ),
    "not_one_of": ("“{word}”不在可选范围内：{known}", "'{word}' is not one of: {known}"),
    "number": ("此处应为数字，如60、2.5、20%、1/3", "expected a number such as 60, 2.5, 20% or 1/3"),
    "whole": ("此处应为0到{most}的整数", "expected a whole number from 0 to {most}"),
    "length": ("此处应为时长，如3期、12个月、365天", "expected a length such as 3 cycles, 12 months, 365 days"),
    "long": ("时长最多100年或120期", "a length may be 100 years or 120 cycles at most"),
    "length_unit": ("此处的时长不能用“{word}”作单位", "a length in {word} does not fit here"),
    "day": ("此处应为日期，如2020-12-28", "expected a day such as 2020-12-28"),
    "yes_no": ("此处应为是或否", "expected true or false"),
    "exactly_one": ("须且只能有一项：{known}", "expected exactly one of: {known}"),
    "at_most_one": ("最多有一项：{known}", "expected at most one of: {known}"),
    "conditions": ("一条规则最多{most}个条件", "a rule may hold {most} conditions"),
    "expanded": (
        "引用其他规则后条件过多（最多{most}个）",
        "with the rules named by 'met' put in place it holds more than {most} conditions",
    ),
    "gates": ("一条规则最多{most}个核查项", "a rule may hold {most} gates"),
    "rules": ("一个政策最多{most}条规则", "a policy may hold {most} rules"),
    "one_condition": (
        "此处应为一个条件（如“等次: 优秀”）或条件列表",
        "expected one condition, such as 'grade: 优秀', or a list of them",
    ),
    "no_condition": ("“{word}”不是条件；可用：{known}", "'{word}' is not a condition; expected one of: {known}"),
    "condition_list": ("此处应为列表，且不为空", "expected a list that is not empty"),
    "no_test": ("没有名为“{word}”的通用条件", "no test '{word}' is defined above"),
    "no_gate": ("没有名为“{word}”的核查项", "no gate '{word}' is defined"),
    "no_rule": (
        "规则{rule}：“符合规则: {word}”没有指向其他规则",
        "rule {rule}: 'met: {word}' names no rule, or itself",
    ),
    "share": ("占比须在0与100%之间", "a share lies between 0 and 100%"),
    "share_constant": ("占比只能与固定数值比较", "a share is compared with a constant"),
    "skip_span": ("缺期可跳过时，最多看最近24期", "with gaps to skip, at most the last 24"),
    "same_needs": (
        "“相同”只用于：每期: {{事实: {{种类: …, 发生于: 本期}}}}",
        "'same' goes with: each: {{fact: {{kind: ..., during: cycle}}}}",
    ),
    "goes_with": ("“{word}”只与以下各项同用：{known}", "'{word}' goes with: {known}"),
    "not_together": ("“{word}”不能与“{other}”同用", "'{word}' does not go with '{other}'"),
    "floor_cap": ("“保底”不能高于“封顶”", "floor is above cap"),
    "cause_needs": (
        "“相同: 同因”只用于由事实触发的规则，且本身不能是唯一的事实",
        "'same: cause' is for rules that fire for another fact",
    ),
    "focus_needs": ("“相同: 重点”只用于有“重点”的规则，或看本次认定的规则", "'same: focus' needs a rule with a focus"),
    "comparison": ("此处缺少比较，如“不低于: 6个月”", "expected a comparison such as 'at least: 6 months'"),
    "no_number": ("“{word}”不是数值；可用：{known}", "'{word}' is not a number; expected one of: {known}"),
    "a_number": (
        "此处应为数值：得分，或指标、各期、事实、年限、认定、相加、相乘、限定、对照表之一",
        "expected a number: score, or one of indicator, periods, fact, years, decision, add, multiply, limit, table",
    ),
    "pairs": ("此处应为“字段: 值”", "expected field: value"),
    "no_peers": ("没有适用于{who}的比较组", "no peer group for {who} is defined"),
    "wrong_peers": ("比较组“{word}”不适用于{who}", "peer group '{word}' is not for {who}"),
    "outcome_or_ladder": ("须写“结果”或“阶梯”之一", "expected outcome or ladder"),
    "officers_only": ("“{word}”只用于民警", "'{word}' is for officers only"),
    "units_only": ("“{word}”只用于单位规则", "'{word}' is for rules about units"),
    # found when a policy is put to a calendar, the schemes and the directory
    "no_indicator": ("“{word}”不是考核指标", "'{word}' is no indicator"),
    "no_field": ("“{word}”不是名册字段", "'{word}' is no field of the directory"),
    "not_date": ("名册字段“{word}”不是日期", "field '{word}' of the directory is not a date"),
    "not_figure": ("名册字段“{word}”不是数值", "field '{word}' of the directory is not a number"),
    "budget": (
        "该政策一次要判断的条件与期数之积超过{most}，请缩小期间",
        "the policy asks for more than {most} conditions times cycles; narrow its periods",
    ),
    "run_decision": (
        "“认定: 在本次”只能直接用于规则的条件",
        "'decision: in this run' may stand only directly in a rule's conditions",
    ),
    "third_stratum": (
        "规则{rule}要看本次认定的规则{word}，而{word}自己也要看本次认定",
        "rule {rule} looks at rule {word} of this run, which itself looks at this run",
    ),
}


NAME_KEYWORDS: Final = (
    "missing",
    "goes_with",
    "not_together",
    "officers_only",
    "units_only",
)  # their own, not one read
YAML_ZH: Final[dict[str, str]] = {
    "expected ':'": "缺少英文冒号“:”，或者缩进不齐",
    "mapping values are not allowed": "此处不能再写“键: 值”，请检查上一行的缩进和冒号",
    "expected ',' or": "括号没有配对，或者缺少英文逗号“,”",
    "expected key": "缩进不齐，此处应为一个键",
    "'-' indicator": "缩进不齐，此处应为以“-”开头的一项",
    "block end": "缩进不齐",
    "node content": "此处缺少内容",
    "cannot start any token": "此处的字符不能作开头（缩进须用空格，不能用制表符）",
    "unexpected end of stream": "引号没有配对",
    "document start": "一个文件只能有一份内容，请检查括号和缩进",
    "expected a single document": "一个文件只能有一份内容",
    "escape": "双引号内的转义写法不对",
}


def yaml_in_chinese(problem: str) -> str:
    return next((zh for said, zh in YAML_ZH.items() if said in problem), "请检查此处的缩进、冒号、引号和括号")


class PolicyError(ValueError):
    """A policy that is refused; `code` is stable, `zh` and `en` say what was expected, `near` is the nearest word."""

    def __init__(self, code: str, place: Place, *, valid: Iterable[str] = (), **parts: object) -> None:
        known = [name for name in valid if len(name) <= LONGEST_WORD][:MOST_WORDS]
        word = str(parts.get("word", ""))
        parts.setdefault("known", ", ".join(known))
        close = difflib.get_close_matches(word, known, 1, 0.5) if 0 < len(word) <= LONGEST_WORD else []
        if len(word) > LONGEST_WORD:
            parts["word"] = f"{word[:LONGEST_WORD]}…"
        self.word = str(parts.get("word", ""))
        self.code, self.line, self.column = code, place.line, place.column
        self.near = close[0] if close else None
        zh, en = REFUSALS[code]
        self.zh, self.en = zh.format(**{**parts, **_chinese(code, known, parts)}), en.format(**parts)
        if self.near:
            self.zh += f"；是否为“{self.near}”？"
            self.en += f"; did you mean '{self.near}'?"
        super().__init__(f"line {place.line}, column {place.column}: {self.en}")

    def __reduce__(self) -> tuple[object, ...]:
        return (_again, (self.__dict__.copy(), str(self)))


def _chinese(code: str, known: list[str], parts: dict[str, object]) -> dict[str, str]:
    """The words of the language that a Chinese sentence names, in their Chinese spelling."""
    names = known or str(parts["known"]).split(", ")
    said = {"known": "、".join(dict.fromkeys(in_chinese(name, value=code == "not_one_of") for name in names))}
    if code in NAME_KEYWORDS:
        said |= {part: in_chinese(str(parts[part])) for part in ("word", "other") if part in parts}
    return said


def _again(state: dict[str, object], text: str) -> PolicyError:
    error = PolicyError.__new__(PolicyError)
    ValueError.__init__(error, text)
    error.__dict__.update(state)
    return error
