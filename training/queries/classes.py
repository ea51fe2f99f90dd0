"""Classes with their seats, lists and differences, as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from training import rosters
from training.models import ClassSession, Enrollment, EnrollmentList
from training.queries.catalogue import TAKEN
from workflows.models import CaseReason

Status = Enrollment.Status


def roster(session: ClassSession) -> list[rosters.Row]:
    """Who has a seat now, in the order of badges."""
    seats = (
        Enrollment.objects.filter(session=session.pk)
        .exclude(status=Status.LEFT)
        .select_related("officer__unit", "case")
        .prefetch_related(Prefetch("case__reasons", CaseReason.objects.only("case", "code").order_by("code")))
        .order_by("officer__badge")
    )
    return [_row(seat) for seat in seats]


def _row(seat: Enrollment) -> rosters.Row:
    officer, case = seat.officer, seat.case
    return {
        "badge": officer.badge,
        "name": officer.name,
        "unit": officer.unit.name,
        "post_type": officer.post_type,
        "focus": case.focus,
        "codes": sorted({reason.code for reason in case.reasons.all()}),
        "form": case.title,
    }


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """A class in the list of classes."""

    session: ClassSession
    taken: int
    latest: EnrollmentList | None

    @property
    def left(self) -> int:
        return max(self.session.seats - self.taken, 0)

    @property
    def waits_for_receipt(self) -> bool:
        return self.latest is not None and self.latest.confirmed_at is None


def classes(sessions: QuerySet[ClassSession]) -> list[ClassRow]:
    """The classes with their seats and last lists, in three reads."""
    found = list(sessions.annotate(taken=TAKEN))
    lists = EnrollmentList.objects.filter(session__in=found).order_by("session_id", "-version").distinct("session_id")
    latest = {listed.session_id: listed for listed in lists.defer("rows", "removed").select_related("confirmed_by")}
    return [ClassRow(session=session, taken=session.taken, latest=latest.get(session.pk)) for session in found]


@dataclass(frozen=True, kw_only=True)
class ListedRow:
    """A row of a version, with its change against the one before."""

    number: int
    row: Any
    change: str = ""  # plus, minus


@dataclass(frozen=True, kw_only=True)
class ClassPage:
    """A class with the version of its list that is shown, the others, and what has changed since."""

    session: ClassSession
    taken: int
    listed: EnrollmentList | None
    versions: Sequence[EnrollmentList]
    pending: rosters.Difference | None  # what the next version would say

    @property
    def is_latest(self) -> bool:
        return self.listed is None or self.listed.version == self.versions[0].version

    @property
    def rows(self) -> list[ListedRow]:
        if self.listed is None:
            return []
        added = set(self.listed.added) if self.listed.version > 1 else set()
        stay = [
            ListedRow(number=number, row=row, change="plus" if row["badge"] in added else "")
            for number, row in enumerate(self.listed.rows, start=1)
        ]
        return stay + [ListedRow(number=0, row=row, change="minus") for row in self.listed.removed]


def class_page(session: ClassSession, version: int | None = None) -> ClassPage:
    lists = session.lists.select_related("confirmed_by__officer", "sent_by__officer").order_by("-version")
    versions = list(lists)
    shown = next((listed for listed in versions if version in (None, listed.version)), None)
    now = roster(session)
    latest = versions[0] if versions else None
    pending = rosters.difference(latest.rows if latest else [], now)
    return ClassPage(
        session=session,
        taken=len(now),
        listed=shown,
        versions=versions,
        pending=None if pending.is_empty else pending,
    )


def seats(session: ClassSession) -> list[Enrollment]:
    """Who is or was in the class, for attendance and marks."""
    found = Enrollment.objects.filter(session=session.pk).exclude(status=Status.LEFT)
    return list(found.select_related("officer__unit", "case").order_by("officer__badge"))
