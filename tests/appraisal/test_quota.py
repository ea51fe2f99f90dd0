"""The quota check: its arithmetic, whom it counts, and what else the report finds."""

from datetime import date

import pytest

from appraisal.findings import report
from appraisal.quota import UnitQuota, quota

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 31)


# officers with a row, per cent, seats, arithmetic
SEATS = [
    (4, 20, 0, "4 × 20% = 0.8 → 0"),
    (5, 20, 1, "5 × 20% = 1 → 1"),
    (9, 20, 1, "9 × 20% = 1.8 → 1"),
    (10, 20, 2, "10 × 20% = 2 → 2"),
    (31, 20, 6, "31 × 20% = 6.2 → 6"),
    (31, 25, 7, "31 × 25% = 7.75 → 7"),
    (100, 20, 20, "100 × 20% = 20 → 20"),
]


@pytest.mark.parametrize(("rows", "percent", "seats", "arithmetic"), SEATS)
def test_the_arithmetic(rows, percent, seats, arithmetic):
    unit = UnitQuota(code="F", name="所", path="/F/", rows=rows, excellent=seats + 1, percent=percent)
    assert (unit.seats, unit.over, unit.arithmetic) == (seats, 1, arithmetic)


@pytest.fixture
def staffed(station, make_officer, make_cycle, make_result, post):
    """Five officers of the station with a row; `excellent` of them 优秀."""

    def staffed(excellent, *, kind="annual", **others):
        cycle = make_cycle(kind=kind)
        officers = [make_officer(station) for _ in range(5)]
        for number, officer in enumerate(officers):
            post(officer)
            make_result(cycle, officer, grade="优秀" if number < excellent else "称职", score=90 - number, **others)
        return cycle, officers

    return staffed


def test_a_unit_within_its_seats(staffed):
    cycle, _officers = staffed(1)
    (unit,) = quota(cycle, TODAY)
    assert (unit.rows, unit.excellent, unit.seats, unit.over) == (5, 1, 1, 0)


def test_a_unit_above_its_seats(staffed):
    cycle, _officers = staffed(2)
    assert [unit.over for unit in quota(cycle, TODAY)] == [1]


def test_an_excellent_unit_has_a_quarter(staffed, station, make_result, make_officer, post):
    cycle, _officers = staffed(2)
    for _ in range(3):
        post(officer := make_officer(station))
        make_result(cycle, officer, status="pending", grade="", score=None)
    make_result(cycle, station, grade="优秀")
    (unit,) = quota(cycle, TODAY)
    assert (unit.rows, unit.percent, unit.seats, unit.over) == (8, 25, 2, 0)


def test_a_row_of_any_status_counts(staffed, station, make_officer, make_result, post):
    cycle, _officers = staffed(1)
    post(officer := make_officer(station))
    make_result(cycle, officer, status="ungraded", grade="", score=None)
    assert quota(cycle, TODAY)[0].rows == 6


def test_the_unit_is_that_of_the_last_day(staffed, other_branch, station, post):
    cycle, officers = staffed(1)
    officers[0].postings.update(to_day=date(2025, 12, 30))
    post(officers[0], unit=other_branch, from_day=date(2025, 12, 31))
    assert {unit.code: (unit.rows, unit.excellent) for unit in quota(cycle, TODAY)} == {"F02": (1, 1), "F01P01": (4, 0)}


def test_who_has_no_posting_has_no_seat(staffed):
    cycle, officers = staffed(1)
    officers[4].postings.all().delete()
    assert quota(cycle, TODAY)[0].rows == 4


def test_only_what_was_known_counts(staffed, make_result):
    cycle, officers = staffed(1)
    make_result(cycle, officers[1], grade="优秀", recorded_on=date(2026, 4, 20))
    assert quota(cycle, TODAY)[0].excellent == 1
    assert quota(cycle, date(2026, 4, 20))[0].excellent == 2


def test_gaps_are_officers_in_service_without_a_row(staffed, station, make_officer, post):
    cycle, _officers = staffed(1)
    missing, left, came = (make_officer(station) for _ in range(3))
    post(missing)
    post(left, to_day=date(2025, 12, 30))
    post(came, from_day=date(2026, 1, 1))
    assert [gap.badge for gap in report(cycle, TODAY).gaps] == [missing.badge]


def test_a_grade_that_does_not_go_with_its_score(staffed, make_officer, station, make_result, post):
    cycle, _officers = staffed(1)
    post(odd := make_officer(station))
    make_result(cycle, odd, grade="基本称职", score=95)
    (anomaly,) = [a for a in report(cycle, TODAY).anomalies if a.subject == odd.badge]
    assert (anomaly.oddity, anomaly.beside, anomaly.median) == ("mismatch", "称职", 87.5)


def test_a_missing_score_and_a_late_row(staffed, make_officer, station, make_result, post):
    cycle, officers = staffed(1)
    post(unscored := make_officer(station))
    make_result(cycle, unscored, score=None)
    make_result(cycle, officers[4], score=86, recorded_on=date(2026, 3, 28))
    found = {(a.subject, str(a.oddity)) for a in report(cycle, TODAY).anomalies}
    assert {(unscored.badge, "unscored"), (officers[4].badge, "late")} <= found


def test_a_sound_cycle_has_nothing_to_report(staffed):
    cycle, _officers = staffed(1)
    assert report(cycle, TODAY).figures() == {"results": 5, "breaches": 0, "gaps": 0, "anomalies": 0}
