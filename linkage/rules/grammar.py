"""What may stand where in a policy, as data: the published JSON Schema and the editor's completion are made from it.

The parser decides; this says the same in a form that others can read. A test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from .parse import FILE, PARAM, PEER_FIELDS
from .parse_conditions import STATUSES
from .parse_facts import DECISION, FACT, TOTALS
from .parse_gaps import GAP_KINDS, GAP_WAYS
from .parse_numbers import COUNTS, FIGURES, PICKS, TESTS
from .parse_rules import QUOTA, REACH, ROUNDING, RULE
from .words import COMPARISONS, CYCLE_KINDS


@dataclass(frozen=True)
class Scalar:
    """Text of some form: any, number, share, whole, length, day, yes; or one of some words, or a name defined above."""

    form: str = "any"
    words: tuple[str, ...] = ()
    names: str = ""  # the part of the file that defines them: tests, gates, rules, peers, grades


@dataclass(frozen=True)
class Part:
    """A mapping: what stands under each keyword; or, where the bureau chooses the names, under every name."""

    keys: "Mapping[str, Kind]" = field(default_factory=dict)
    need: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()  # of each exactly one
    named: "Kind | None" = None
    names: tuple[str, ...] = ()  # where only some names will do


@dataclass(frozen=True)
class Several:
    """A list of the same."""

    of: "Kind"


@dataclass(frozen=True)
class Either:
    of: "tuple[Kind, ...]"


Kind = Scalar | Part | Several | Either | str  # a string refers to GRAMMAR


def one(*words: str) -> Scalar:
    return Scalar("one", words)


def words_of(kind: Scalar) -> Either:
    """One word or a list of them."""
    return Either((kind, Several(kind)))


ANY, NUMBER, SHARE, WHOLE = Scalar(), Scalar("number"), Scalar("share"), Scalar("whole")
LENGTH, DAY, YES = Scalar("length"), Scalar("day"), Scalar("yes")
TEXTS, GRADE = words_of(ANY), words_of(Scalar(names="grades"))
COMPARED: Final = dict.fromkeys(COMPARISONS, "operand")
FACT_ONLY: Final = Part({"fact": "fact"}, ("fact",))
LATEST: Final = Part({"fact": "anchor", "decision": "decision"}, one_of=(("fact", "decision"),))
FACT_KEYS: Final[dict[str, Kind]] = {
    **dict.fromkeys(FACT, ANY),
    "kind": TEXTS,
    "level": TEXTS,
    "total": one(*TOTALS),
    "once per": one("note", "level"),
    "active": one("now", "cycle end"),
    "during": one("cycle", "year"),
    "overlaps": one("cycle", "year"),
    "within": LENGTH,
    "ahead": LENGTH,
    "after": LATEST,
    "before": WHOLE,
    "amount": Part(dict.fromkeys(COMPARISONS, NUMBER)),
    "lasts": Either((LENGTH, Part(named=LENGTH))),
    "added": LENGTH,
    "exempt": FACT_ONLY,
    "same": one("cause", "focus"),
}
DECISION_KEYS: Final[dict[str, Kind]] = dict(zip(DECISION, (TEXTS, one("this run"), LENGTH, TEXTS), strict=True))
GAPS: Final = Part(
    named=Either(
        (
            one(*GAP_WAYS),
            Part({"take": one(*GAP_WAYS), "late": LENGTH, "less": SHARE, "without": FACT_ONLY}, ("take",)),
        )
    ),
    names=GAP_KINDS,
)
PERIODS_KEYS: Final[dict[str, Kind]] = {
    **dict.fromkeys((*TESTS, *COUNTS, "until"), "condition"),
    **dict.fromkeys(FIGURES, "figure"),
    "worth": Several(Part({"this": "condition", "value": NUMBER}, ("this", "value"))),
    "last": Either((one("all"), WHOLE)),
    "before": WHOLE,
    "within": Either((one("year", "cycle"), LENGTH)),
    "kind": one(*CYCLE_KINDS),
    "year of": ANY,
    "after": LATEST,
    "gaps": GAPS,
    "same": one("level", "note"),
    "floor": NUMBER,
    "cap": NUMBER,
}
TABLE_KEYS: Final[dict[str, Kind]] = {
    "of": Either((one("grade"), Part({"fact": "fact", "profile": ANY, "post": ANY}))),
    "values": Part(named=NUMBER),
    "pick": one(*PICKS),
    "otherwise": NUMBER,
}
INDICATOR_KEYS: Final[dict[str, Kind]] = {
    "of": ANY,
    "any of": Either((one("scheme"), TEXTS)),
    "each of": Either((one("scheme"), TEXTS)),
}
RECKONED_KEYS: Final[dict[str, Kind]] = {"of": Several("figure")}
LIMIT_KEYS: Final[dict[str, Kind]] = {"of": "figure", "floor": NUMBER, "cap": NUMBER}
YEARS_KEYS: Final[dict[str, Kind]] = {"since": ANY, "on": one("as of", "cycle end")}
FIGURE_KEYS: Final[dict[str, Kind]] = {
    "indicator": Either((ANY, Part(INDICATOR_KEYS))),
    "periods": Part(PERIODS_KEYS),
    "fact": "fact",
    "years": Part(YEARS_KEYS, ("since",)),
    "decision": "decision",
    "add": Either((Several("figure"), Part(RECKONED_KEYS, ("of",)))),
    "multiply": Either((Several("figure"), Part(RECKONED_KEYS, ("of",)))),
    "limit": Part(LIMIT_KEYS, ("of",)),
    "table": Part(TABLE_KEYS, ("of", "values")),
}
CONDITIONS: Final[dict[str, Kind]] = {
    "all": Several("condition"),
    "any": Several("condition"),
    "not": "condition",
    "test": Scalar(names="tests"),
    "met": Scalar(names="rules"),
    "grade": Either((GRADE, Part(dict.fromkeys(COMPARISONS, GRADE), one_of=(COMPARISONS,)))),
    "status": words_of(one(*STATUSES)),
    "score": Part(COMPARED, one_of=(COMPARISONS,)),
    "indicator": Part({**INDICATOR_KEYS, **COMPARED}, one_of=(COMPARISONS,)),
    "rank": Part(
        {
            "top": Either((WHOLE, SHARE)),
            "bottom": Either((WHOLE, SHARE)),
            "of": "figure",
            "among": Scalar(names="peers"),
            "members": WHOLE,
        },
        one_of=(("top", "bottom"),),
    ),
    "periods": Part({**PERIODS_KEYS, **COMPARED}),
    "fact": Part({**FACT_KEYS, **COMPARED}, ("kind",)),
    "profile": Part(named=TEXTS),
    "post": Either((TEXTS, Part(named=TEXTS))),
    "age": Part({"on": YEARS_KEYS["on"], **COMPARED}, one_of=(COMPARISONS,)),
    "years": Part({**YEARS_KEYS, **COMPARED}, ("since",), (COMPARISONS,)),
    "served": Part(
        {"of": one("unit", "post_type", "leader"), **dict.fromkeys(COMPARISONS, LENGTH)}, ("of",), (COMPARISONS,)
    ),
    "add": Part({**RECKONED_KEYS, **COMPARED}, ("of",), (COMPARISONS,)),
    "multiply": Part({**RECKONED_KEYS, **COMPARED}, ("of",), (COMPARISONS,)),
    "limit": Part({**LIMIT_KEYS, **COMPARED}, ("of",), (COMPARISONS,)),
    "table": Part({**TABLE_KEYS, **COMPARED}, ("of", "values"), (COMPARISONS,)),
    "unit": "condition",
    "parent": "condition",
    "decision": Part({**DECISION_KEYS, **COMPARED}, ("of",)),
    "sequence": Part({"steps": Several("condition"), "within": LENGTH, "apart": LENGTH}, ("steps", "within")),
}
BAND_KEYS: Final[dict[str, Kind]] = {
    "per": one("branch", "unit", "bureau"),
    "share": SHARE,
    "number": "figure",
    "out of": Either((one("graded", "listed"), "figure")),
    "rounding": one(*ROUNDING),
    "taken": "condition",
}
SEATS: Final = Part(
    {
        **BAND_KEYS,
        "order": Several(Part({"highest": "figure", "lowest": "figure"}, one_of=(("highest", "lowest"),))),
        "floors": Several(Part({"when": "condition", "share": SHARE}, ("when", "share"))),
        "bands": Several(Part({**BAND_KEYS, "when": "condition"}, ("per",), (("share", "number"),))),
    },
    ("per", "order"),
    (("share", "number"),),
)
TITLE: Final = Either((ANY, Part(named=ANY, names=("zh", "en"))))
BASIS: Final = Either((ANY, Part(dict.fromkeys(("doc", "article", "text"), ANY), ("doc",))))
AROUND: Final[dict[str, Kind]] = {
    "title": TITLE,
    "basis": Either((BASIS, Several(BASIS))),
    "clauses": TEXTS,
    "valid": Part({"from": DAY, "until": DAY}),
}
GATE: Final = Part(dict.fromkeys(("blocked", "held", "unless"), "condition"), one_of=(("blocked", "held"),))
RULE_KEYS: Final[dict[str, Kind]] = {
    **dict.fromkeys(RULE, ANY),
    **AROUND,
    "for": one("officer", "unit"),
    "cycle": one(*CYCLE_KINDS, "any"),
    "population": one("graded", "listed", "everyone"),
    "when": "condition",
    "gate": "gates",
    "seats": SEATS,
    "to": Part({whom: one(*how) for whom, how in REACH.items()}, one_of=(tuple(REACH),)),
    "ladder": Part({"by": "figure", "rungs": Part(named=ANY)}, ("by", "rungs")),
    "dose": Part(
        {"unit": ANY, "by": "figure", "first": NUMBER, "step": NUMBER, "cap": NUMBER}, ("unit", "by", "first", "step")
    ),
    "focus": Either((one("weakest", "failing"), ANY)),
}
QUOTA_KEYS: Final[dict[str, Kind]] = {
    **dict.fromkeys(QUOTA, ANY),
    **AROUND,
    "cycle": one(*CYCLE_KINDS),
    "test": "condition",
    "per": one("unit", "branch", "bureau"),
    "share": SHARE,
    "out of": one("graded", "listed"),
    "rounding": one(*ROUNDING),
    "lifted": Several(Part({"when": "condition", "share": SHARE}, ("when", "share"))),
}
PARAM_KEYS: Final[dict[str, Kind]] = {**dict.fromkeys(PARAM, ANY), "local": YES, "tighten": one("up", "down")}
PEERS: Final = Part({"for": one("officer", "unit"), "same": words_of(one(*PEER_FIELDS)), "title": TITLE}, ("same",))
FILE_KEYS: Final[dict[str, Kind]] = {
    **dict.fromkeys(FILE, ANY),
    "title": TITLE,
    "grades": Part(named=TEXTS, names=(*CYCLE_KINDS, "unit")),
    "peers": Part(named=PEERS),
    "params": Part(named=Part(PARAM_KEYS, ("value",))),
    "tests": Part(named="condition"),
    "gates": Part(named="gates"),
    "rules": Part(named="rule"),
    "quotas": Part(named=Part(QUOTA_KEYS, ("cycle", "test", "per", "share"))),
}
GRAMMAR: Final[dict[str, Kind]] = {
    "file": Part(FILE_KEYS, ("policy", "title", "grades", "rules")),
    "rule": Part(RULE_KEYS, ("title", "for", "cycle", "when"), (("outcome", "ladder"),)),
    "condition": Either((Part(CONDITIONS, one_of=(tuple(CONDITIONS),)), Several("condition"))),
    "gates": Either((Scalar(names="gates"), GATE, Several(Either((Scalar(names="gates"), GATE))))),
    "fact": Part(FACT_KEYS, ("kind",)),
    "anchor": Part({**FACT_KEYS, "expired": YES}, ("kind",)),
    "decision": Part(DECISION_KEYS, ("of",)),
    "figure": Either((one("score"), NUMBER, ANY, Part(FIGURE_KEYS, one_of=(tuple(FIGURE_KEYS),)))),
    "operand": Either(
        (
            one("previous"),
            NUMBER,
            Part(
                {
                    **FIGURE_KEYS,
                    "score": ANY,
                    "before": WHOLE,
                    "median": Scalar(names="peers"),
                    "mean": Scalar(names="peers"),
                    "plus": NUMBER,
                    "times": NUMBER,
                },
                one_of=(("before", "median", "mean", "score", *FIGURE_KEYS),),
            ),
        )
    ),
}
