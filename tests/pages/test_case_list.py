"""The list of cases one may see."""

import csv
import io
from datetime import UTC, datetime

import pytest

from tests.errand.models import Errand
from workflows import actions, case_list, clock
from workflows.models import Case

pytestmark = pytest.mark.django_db


def test_it_lists_the_open_cases(as_account, hr, make_cases):
    make_cases(3)
    page = as_account(hr).get("/cases/")
    assert len(page.context["rows"]) == 3
    assert "3 件在办" in page.text


def test_a_stranger_finds_none(as_account, stranger, make_cases):
    make_cases(3)
    assert as_account(stranger).get("/cases/").context["rows"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=errand", 2),
        ("kind=errand&state=asked", 1),
        ("kind=errand&state=accepted", 1),
        ("kind=errand&state=nonsense", 2),
        ("kind=reward", 0),
        ("unit=F01P01", 2),
        ("unit=F02", 0),
        ("unit=nonsense", 0),
        ("standing=closed", 0),
        ("standing=all", 2),
        ("q=于", 2),
        ("q=路人", 0),
        ("q=%00", 2),
    ],
)
def test_it_filters(as_account, hr, make_cases, other_branch, query, found):
    first, _second = make_cases(2)
    actions.advance([first], Errand.accept, actor=hr)
    assert len(as_account(hr).get(f"/cases/?{query}").context["rows"]) == found


def test_pages_keep_the_filter(as_account, hr, make_cases):
    make_cases(60)
    browser = as_account(hr)
    first = browser.get("/cases/?kind=errand")
    assert "&amp;kind=errand" in first.text
    second = browser.get(f"/cases/?kind=errand&after={first.context['page'].next}")
    assert len(second.context["rows"]) == 10
    back = browser.get(f"/cases/?kind=errand&before={second.context['page'].previous}")
    assert [row["case"].pk for row in back.context["rows"]] == [row["case"].pk for row in first.context["rows"]]


def test_the_export_is_the_filter_not_the_page(as_account, hr, make_cases):
    make_cases(60)
    answer = as_account(hr).get("/cases/?kind=errand&export=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 61
    assert answer["Content-Disposition"].startswith("attachment")


def test_it_costs_as_many_queries_for_fifty_rows_as_for_one(as_account, hr, make_cases, django_assert_max_num_queries):
    browser = as_account(hr)
    make_cases(1)
    browser.get("/cases/")
    make_cases(60)
    with django_assert_max_num_queries(14):
        browser.get("/cases/")


def test_the_export_names_the_day_of_the_bureau(make_cases):
    case = Case.objects.get(pk=make_cases(1)[0])
    case.opened_at = case.closed_at = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)  # 2 March in the bureau
    line = case_list.line(case, None, clock.now())
    assert line.count("2026-03-02") == 2
    assert "2026-03-01" not in line
