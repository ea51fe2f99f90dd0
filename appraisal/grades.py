"""The grades there are, best first, by what is appraised. Plain Python."""

from collections.abc import Sequence

ANNUAL = ("优秀", "称职", "基本称职", "不称职")
ORDINARY = ("好", "较好", "一般", "较差")  # quarterly and monthly
UNIT = ("优秀", "良好", "一般", "较差")
EXCELLENT = "优秀"
UNITS = "单位"  # the name under which a scheme weighs the indicators of units


def grades(cycle_kind: str, *, unit: bool) -> Sequence[str]:
    """Those of one kind of cycle. A cycle of one's own kind takes the words of an annual one."""
    if unit:
        return UNIT
    return ORDINARY if cycle_kind in ("quarterly", "monthly") else ANNUAL
