"""Checking units.csv, officers.csv and postings.csv."""

from collections.abc import Mapping
from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from appraisal.loading.checks import Sheet
from appraisal.loading.known import Known
from appraisal.loading.reading import LINE
from people.models import Posting

CODE = r"^[A-Za-z0-9_\-\p{Han}]{1,20}$"
PATH_LIMIT = 200
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
FOREVER = date.max


def check_units(sheet: Sheet, known: Known) -> None:
    sheet.required("code", "name", "kind")
    _code(sheet, "code")
    for column, most in (("name", 100), ("kind", 30), ("peer_group", 30)):
        sheet.length(column, most)
    sheet.once(["code"], "code")
    parents = known.units | dict(zip(sheet.column("code"), sheet.column("parent"), strict=True))
    sheet.known("parent", parents, _("单位"), required=False)
    _refuse_new_parents(sheet, known.units)
    _check_tree(sheet, parents)


def _code(sheet: Sheet, column: str) -> None:
    text = sheet.column(column)
    expected = _("应为 1 到 20 个字母、数字、汉字、- 或 _")
    sheet.blame((text != "") & ~text.str.contains(CODE), column, expected=expected)


def _refuse_new_parents(sheet: Sheet, before: Mapping[str, str]) -> None:
    """A unit that hangs elsewhere takes people's duties and rights with it: that is an action of its own."""
    for line, code, parent in sheet.frame.select(LINE, "code", "parent").iter_rows():
        if parent is not None and before.get(code, parent) != parent:
            wrong = _("%(code)s 现在的上级是“%(parent)s”") % {"code": code, "parent": before[code]}
            sheet.problems.add(
                sheet.name, wrong, line=line, column="parent", expected=_("导入不改挂单位，请先在单位页办理")
            )


def _check_tree(sheet: Sheet, parents: Mapping[str, str]) -> None:
    for line, code in sheet.frame.select(LINE, "code").iter_rows():
        path = path_of(code, parents)
        if not path:
            wrong = _("%(code)s 的上级绕成了一圈") % {"code": code}
            sheet.problems.add(sheet.name, wrong, line=line, column="parent", expected=_("最上级单位不填上级"))
        elif len(path) > PATH_LIMIT:
            sheet.problems.add(sheet.name, _("单位层级太深"), line=line, column="parent")


def path_of(code: str, parents: Mapping[str, str]) -> str:
    """The codes from the root down, `/B00/F01/`; empty when the way up never ends."""
    codes: list[str] = []
    while code:
        if code in codes:
            return ""
        codes.insert(0, code)
        code = parents.get(code, "") or ""
    return "/" + "".join(f"{c}/" for c in codes)


def check_officers(sheet: Sheet, known: Known, post_types: set[str]) -> None:
    sheet.required("badge", "name", "post_type", "employment")
    _code(sheet, "badge")
    for column, most in (("name", 50), ("rank", 30), ("employment", 20), ("email", 254)):
        sheet.length(column, most)
    sheet.once(["badge"], "badge")
    sheet.choice("sex", ["男", "女"])
    sheet.day("born_on", "joined_on")
    sheet.in_order("born_on", "joined_on")
    sheet.known("unit", known.units, _("单位"))
    sheet.choice("post_type", sorted(post_types))
    email = sheet.column("email")
    sheet.blame((email != "") & ~email.str.contains(EMAIL), "email", expected=_("应为 name@police.example 这样的邮箱"))


def check_postings(sheet: Sheet, known: Known, post_types: set[str]) -> None:
    sheet.known("badge", known.officers, _("警号"))
    sheet.known("unit", known.units, _("单位"))
    sheet.choice("post_type", sorted(post_types))
    sheet.choice("is_leader", ["是", "否"])
    sheet.day("from")
    sheet.day("to", required=False)
    sheet.in_order("from", "to")
    _check_overlaps(sheet)


def _check_overlaps(sheet: Sheet) -> None:
    """Stays of one officer may not share a day, neither in the file nor with those known already."""
    stays = sheet.frame.select(LINE, "badge", "from", "to").drop_nulls(["badge", "from"])
    every = pl.concat([stays, _stays_before(stays)], how="vertical_relaxed")
    last = pl.col("to").fill_null(FOREVER)
    before = every.sort("badge", "from", LINE).with_columns(
        reached=last.cum_max().shift(1).over("badge"), earlier=pl.col(LINE).shift(1).over("badge")
    )
    for line, first, other in (
        before.filter(pl.col("reached") >= pl.col("from")).select(LINE, "from", "earlier").iter_rows()
    ):
        blamed, against = (line, other) if line else (other, 0)
        where = _("第 %(line)s 行") % {"line": against} if against else _("已有的任职经历")
        wrong = _("任职日期与%(where)s重叠") % {"where": where}
        expected = _("一个人同一天只能有一段任职；重叠从 %(day)s 起") % {"day": first}
        sheet.problems.add(sheet.name, wrong, line=blamed, column="from", expected=expected)


def _stays_before(stays: pl.DataFrame) -> pl.DataFrame:
    """What the database holds of these officers, without the stays that the file tells anew."""
    told = set(stays.select("badge", "from").iter_rows())
    held = Posting.objects.filter(officer__badge__in=stays["badge"].unique().to_list()).order_by()
    rows = [
        (0, badge, first, last)
        for badge, first, last in held.values_list("officer__badge", "from_day", "to_day")
        if (badge, first) not in told
    ]
    return pl.DataFrame(rows, schema=stays.schema, orient="row")
