"""What holds for gaps a rule says nothing of, in words: the default, and where it applies."""

from typing import Final

from . import model as m
from .find import find, rebuild
from .phrases import STATUS
from .say_words import EN, ZH

NOT_MET: Final = ("ungraded", "pending", "absent", "unmeasured")  # do not count, and break a run
AS_IS: Final = ("back-filled", "part year")  # have figures, which count as they stand
OF_RESULTS: Final = (m.Grade, m.Score, m.Indicator, m.Rank)


def default_way(kind: str) -> str:
    """What is done with a kind of gap where nothing is said."""
    return "break" if kind in NOT_MET else "as is"


def by_default(tree: m.Periods) -> dict[str, str]:
    """The kinds of gap a quantifier says nothing of, with what holds for them; none where it looks at no result."""
    asked = (tree.test, tree.number, tree.worth, tree.until)
    if not any(True for kind in OF_RESULTS for _ in find(asked, kind)):
        return {}
    said = {gap.kind for gap in tree.gaps}
    return {kind: default_way(kind) for kind in (*NOT_MET, *AS_IS) if kind not in said}


def default_gaps(rule: m.Rule | m.Quota) -> tuple[str, str]:
    """One sentence in Chinese and English on all quantifiers of a rule; empty where every gap is spoken of."""
    kinds: dict[str, str] = {}
    own = rebuild(rule, lambda node: m.All(()) if isinstance(node, m.Met) else None)  # other rules speak for themselves
    for tree in find(own, m.Periods):
        kinds |= by_default(tree)
    return _said(kinds, ZH), _said(kinds, EN)


def _said(kinds: dict[str, str], lang: int) -> str:
    comma = ("、", ", ")[lang]
    names = {
        way: comma.join(STATUS[kind][lang] for kind in (*NOT_MET, *AS_IS) if kinds.get(kind) == way)
        for way in ("break", "as is")
    }
    parts = []
    if names["break"]:
        said = f"{names['break']}的不算符合，连续即中断", f"{names['break']} do not count as met and break a run"
        parts.append(said[lang])
    if names["as is"]:
        parts.append((f"{names['as is']}的照常计", f"{names['as is']} count as they stand")[lang])
    if not parts:
        return ""
    return f"缺期按默认处理：{'；'.join(parts)}。" if lang == ZH else f"Gaps by default: {'; '.join(parts)}."
