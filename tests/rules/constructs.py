"""What a run of the differential test must have met: each construct, with the answers it can give."""

YES, NO, UNKNOWN = True, False, None
LEAVES = (
    "grade",
    "score",
    "indicator",
    "rank",
    "age",
    "served",
    "profile",
    "post",
    "add",
    "multiply",
    "limit",
    "table",
)
COMBINED = ("all", "any", "not", "unit", "parent", "periods", "test", "met")
NEVER_UNKNOWN = ("status", "decision", "sequence", "fires", "ladder", "quota lifted", "periods after", "years")
NUMBERS = ("count", "share", "run", "worth", "sum", "mean", "min", "max", "balance")
OPS = ("at least", "at most", "above", "below", "is")
WINDOWS = ("active", "during", "overlaps", "within", "ahead", "after", "ever", "year of")
TOTALS = ("count", "days", "longest", "amount", "latest")
GAPS = ("absent", "pending", "ungraded", "unmeasured")
WAYS = ("break", "skip", "pass", "previous", "wait")
REACHED = ("leader: throughout", "leader: cycle end", "members: throughout", "members: cycle end", "unit: children")

ANSWERED = {
    **dict.fromkeys((*LEAVES, *COMBINED), (YES, NO, UNKNOWN)),
    **dict.fromkeys((*NEVER_UNKNOWN, "fact", "gate held", "gate blocked"), (YES, NO)),
    **dict.fromkeys((f"fact {what}" for what in (*WINDOWS, "once per", "level")), (YES, NO)),
    **dict.fromkeys((f"fact total {total}" for total in TOTALS), (YES, NO)),
    **dict.fromkeys((f"to {reached}" for reached in (*REACHED, "unit: descendants")), (YES,)),
    **dict.fromkeys((f"seats per {per}" for per in ("unit", "branch", "bureau")), (YES,)),
    "status": (YES, NO, "open", "held", "blocked", "over_quota"),
}
ASKED = (
    *(f"periods {how}" for how in ("each", "none", "some", "from")),
    *(f"periods {how} as a number" for how in NUMBERS),
    *(f"compare {op}" for op in OPS),
    *(f"number {what}" for what in ("indicator", "fact", "years", "decision", "add", "multiply", "limit", "table")),
    *(f"operand {what}" for what in ("before", "median", "mean", "plus", "times")),
    *(f"gap {gap}: {way}" for gap in GAPS for way in WAYS),
)


def missing(seen: dict[tuple[str, object], int]) -> list[str]:
    """What was not asked, or never answered so."""
    asked = {what for what, _ in seen}
    unanswered = [
        f"{what}: {answer}" for what, answers in ANSWERED.items() for answer in answers if (what, answer) not in seen
    ]
    return [*unanswered, *(what for what in ASKED if what not in asked)]
