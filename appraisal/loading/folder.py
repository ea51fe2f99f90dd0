"""A whole folder: every file is read and checked before the first row is written, and all is written or nothing."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisal.grades import UNITS as SCHEME_OF_UNITS
from appraisal.loading import cycles, merges, months, people, results
from appraisal.loading.checks import Sheet
from appraisal.loading.known import Known, Span
from appraisal.loading.problems import Problem, Problems, one_of
from appraisal.loading.reading import LINE, Layout, read
from appraisal.loading.saving import Merged
from people import events
from people.accounts import machine
from people.models import Account, Officer, Posting
from workflows.progress import Tell, silent

LAYOUTS = {
    "units.csv": Layout(("code", "name", "parent", "kind", "peer_group")),
    "cycles.csv": Layout(("code", "kind", "starts_on", "ends_on")),
    "schemes.csv": Layout(("applies_to", "indicator", "weight")),
    "officers.csv": Layout(
        ("badge", "name", "sex", "born_on", "joined_on", "unit", "post_type", "rank", "employment", "email")
    ),
    "postings.csv": Layout(("badge", "unit", "post_type", "is_leader", "from", "to")),
    "facts.csv": Layout(("subject", "kind", "level", "from", "to", "recorded_on", "note"), optional=("amount",)),
    "workload.csv": Layout(("badge", "cycle", "calls", "cases", "duty_hours", "leave_days")),
    "staffing.csv": Layout(("unit", "cycle", "establishment", "present")),
}
RESULTS = re.compile(r"results-[^/]+\.csv")
STAGES = 6  # four of checking, one of writing, one of handing over
LOCK = 7_426_001  # one load at a time


class BadFolder(Exception):
    """The folder cannot be loaded. `problems` says why, line by line; nothing was saved."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


@dataclass
class Folder:
    """The files of a folder while they are checked. `known` grows with each: later files refer to earlier ones."""

    path: Path
    problems: Problems
    known: Known
    sheets: dict[str, pl.DataFrame] = field(default_factory=dict)

    def check(self, name: str, layout: Layout, checked: Callable[[Sheet], None]) -> pl.DataFrame:
        sheet = Sheet(name, read(self.path / name, layout, self.problems), self.problems)
        checked(sheet)
        self.sheets[name] = sheet.frame
        return sheet.frame

    def check_structure(self) -> None:
        known = self.known
        units = self.check("units.csv", LAYOUTS["units.csv"], lambda sheet: people.check_units(sheet, known))
        known.units.update({c: p or "" for c, p in units.select("code", "parent").iter_rows()})
        self.check("cycles.csv", LAYOUTS["cycles.csv"], lambda sheet: cycles.check_cycles(sheet, known))
        spans = self.sheets["cycles.csv"].select("code", "kind", "starts_on", "ends_on").drop_nulls()
        known.cycles.update({code: Span(*span) for code, *span in spans.iter_rows()})
        schemes = self.check("schemes.csv", LAYOUTS["schemes.csv"], cycles.check_schemes)
        known.schemes.update(schemes.select("applies_to", "indicator").iter_rows())

    def check_officers(self) -> None:
        known = self.known
        posts = {applies_to for applies_to, _indicator in known.schemes} - {SCHEME_OF_UNITS}
        officers = self.check(
            "officers.csv", LAYOUTS["officers.csv"], lambda sheet: people.check_officers(sheet, known, posts)
        )
        known.officers.update({b: p or "" for b, p in officers.select("badge", "post_type").iter_rows()})
        for both in known.officers.keys() & known.units.keys():
            self.problems.add("officers.csv", _("警号 %(code)s 同时是单位代码") % {"code": both}, column="badge")
        stays = self.check(
            "postings.csv", LAYOUTS["postings.csv"], lambda sheet: people.check_postings(sheet, known, posts)
        )
        known.posts.update(stays.select("badge", "post_type").drop_nulls().iter_rows())

    def check_knowledge(self) -> None:
        known = self.known
        indicators = tuple(sorted({indicator for _applies_to, indicator in known.schemes}))
        layout = Layout(results.FIXED, further=indicators)
        for name in self.result_files():
            self.check(name, layout, lambda sheet: results.check_results(sheet, known))
        self.check("facts.csv", LAYOUTS["facts.csv"], lambda sheet: months.check_facts(sheet, known))
        self.check("workload.csv", LAYOUTS["workload.csv"], lambda sheet: months.check_workload(sheet, known))
        self.check("staffing.csv", LAYOUTS["staffing.csv"], lambda sheet: months.check_staffing(sheet, known))

    def result_files(self) -> list[str]:
        return sorted(path.name for path in self.path.iterdir() if RESULTS.fullmatch(path.name))

    def check_names(self) -> None:
        """A misspelt file would silently be left out."""
        if not self.result_files():
            self.problems.add("results-*.csv", _("缺少考核结果文件"), expected=_("至少一个，如 results-annual.csv"))
        for path in sorted(self.path.glob("*.csv")):
            if path.name not in LAYOUTS and not RESULTS.fullmatch(path.name):
                expected = one_of([*LAYOUTS, "results-annual.csv", "results-quarterly.csv"], path.name)
                self.problems.add(path.name, _("不认识的文件"), expected=expected)


@transaction.atomic
def load_folder(path: Path, *, tell: Tell = silent, actor: Account | None = None) -> list[Merged]:
    """Bring a folder in. Raises `BadFolder` with everything that is wrong, and then has saved nothing.

    What comes in is recorded in the name of `actor`, or else of the machine that loads.
    """
    if not path.is_dir():
        raise BadFolder([Problem(str(path), 0, "", _("没有这个文件夹"))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    folder = Folder(path, Problems(), Known.now())
    checks = (folder.check_names, folder.check_structure, folder.check_officers, folder.check_knowledge)
    for number, check in enumerate(checks):
        tell(number, STAGES, _("正在读取和核对文件"))
        check()
    if folder.problems:
        raise BadFolder(folder.problems.sorted())
    return _save(folder, tell, actor or machine("loader"))


def _save(folder: Folder, tell: Tell, actor: Account) -> list[Merged]:
    known, sheets = folder.known, folder.sheets
    now = timezone.now()
    stamp = {"loader": actor.pk, "at": now}
    units = sheets["units.csv"]
    paths = pl.Series("path", [people.path_of(code, known.units) for code in units["code"]], dtype=pl.String)
    schemes = sheets["schemes.csv"]
    stood = _standing()
    tell(STAGES - 2, STAGES, _("正在写入，全部写完才生效"))
    merged = [
        merges.UNITS.run(units.with_columns(paths)),
        merges.OFFICERS.run(sheets["officers.csv"]),
        merges.POSTINGS.run(_postings(sheets["postings.csv"])),
        merges.CYCLES.run(sheets["cycles.csv"], today=timezone.localdate(now), **stamp),
        merges.SCHEMES.run(schemes.with_columns(position=pl.int_range(pl.len()).over("applies_to"))),
        merges.RESULTS.run(_results(folder), **stamp),
        merges.FACTS.run(_numbered(_facts(sheets["facts.csv"])), **stamp),
        merges.WORKLOAD.run(sheets["workload.csv"]),
        merges.STAFFING.run(sheets["staffing.csv"]),
    ]
    tell(STAGES - 1, STAGES, _("正在交接调动人员的待办"))
    _tell_moves(stood, timezone.localdate(now))
    return merged


def _postings(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({"from": "from_day", "to": "to_day"}).with_columns(is_leader=pl.col("is_leader") == "是")


def _facts(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({"from": "from_day", "to": "to_day"})


def _results(folder: Folder) -> pl.DataFrame:
    indicators = sorted({indicator for _applies_to, indicator in folder.known.schemes})
    frames = [folder.sheets[name] for name in folder.result_files()]
    whole = [frame.select(*results.FIXED, results.with_values(frame, indicators)) for frame in frames]
    return _numbered(pl.concat(whole))


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """In the order of the lines. Of lines alike in all but their place the last one counts: it is the later word."""
    content = [c for c in frame.columns if c != LINE]
    return frame.unique(content, keep="last", maintain_order=True).with_row_index("number")


Standing = dict[int, tuple[int, bool]]


def _standing() -> Standing:
    """The unit of each officer, and whether he leads it today."""
    today = timezone.localdate()
    lead = set(
        Posting.objects.filter(is_leader=True, from_day__lte=today)
        .exclude(to_day__lt=today)
        .order_by()
        .values_list("officer_id", flat=True)
    )
    return {pk: (unit, pk in lead) for pk, unit in Officer.objects.order_by().values_list("pk", "unit_id")}


def _tell_moves(stood: Standing, day: date) -> None:
    """Officers who are elsewhere now take their open duties along, as if they had been moved on a page."""
    stands = _standing()
    moved = [pk for pk, place in stood.items() if stands[pk] != place]
    if moved:
        events.moved(events.Moved(officer_ids=moved, day=day, actor=machine("loader")))
