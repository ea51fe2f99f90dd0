"""My desk: what I have to do, by when."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from people.models import RoleGrant
from people.roles import Role
from workflows import clock as clocks
from workflows import desk, ledger
from workflows.calendars import Clock
from workflows.models import WorkItem
from workflows.paging import Cursor

pytestmark = pytest.mark.django_db


def ago(days):
    return Clock(at=timezone.now() - timedelta(days=days), calendar=clocks.current())


def test_it_lists_what_is_due(as_account, hr, make_case):
    case = make_case()
    page = as_account(hr).get("/")
    assert page.status_code == 200
    assert f"/cases/{case.pk}/" in page.text
    assert "于雨" in page.text
    assert "受理" in page.text
    assert "连续 3 年优秀" in page.text


def test_a_stranger_sees_nothing_of_it(as_account, stranger, make_case):
    case = make_case()
    page = as_account(stranger).get("/")
    assert str(case.pk) not in page.text
    assert "没有需要你办的事" in page.text


def test_it_groups_by_when_it_is_due(as_account, hr, make_cases):
    make_cases(2, clock=ago(30))
    make_cases(1)
    page = as_account(hr).get("/")
    assert page.context["figures"].by_due["over"] == 2
    assert next(group["span"] for group in page.context["groups"]) == "over"
    assert "3 件需要你办，其中 2 件已逾期" in page.text


def test_a_tile_shows_only_its_group(as_account, hr, make_cases):
    make_cases(2, clock=ago(30))
    make_cases(1)
    page = as_account(hr).get("/?due=over")
    assert len(page.context["page"].rows) == 2
    assert page.context["total"] == "2"


def test_a_filter_that_means_nothing_filters_nothing(as_account, hr, make_cases):
    make_cases(1)
    page = as_account(hr).get("/?kind=x&due=y&unit=z&after=%00&before=nonsense")
    assert len(page.context["page"].rows) == 1


def test_it_can_be_narrowed_to_a_unit(as_account, hr, make_cases, make_officer, other_branch, branch):
    make_cases(1)
    make_cases(2, officer=make_officer(other_branch))
    page = as_account(hr).get("/?unit=F01")
    assert len(page.context["page"].rows) == 1
    assert "F02" in [unit.code for unit in page.context["units"]]


def test_pages_follow_each_other_and_lead_back(hr, make_cases):
    made = make_cases(25)
    clock = clocks.now()
    seen, cursor, pages = [], Cursor(), []
    while True:
        page = desk.page(hr, desk.Filter(), cursor, clock=clock, size=10)
        pages.append([item.pk for item in page.rows])
        seen += pages[-1]
        if not page.next:
            break
        cursor = Cursor(after=page.next)
    assert len(seen) == len(set(seen)) == len(made)
    back = desk.page(hr, desk.Filter(), Cursor(before=page.previous), clock=clock, size=10)
    assert [item.pk for item in back.rows] == pages[-2]
    assert back.previous


def test_work_of_several_desks_meets_in_one_order(hr, subject, station, make_cases, make_account):
    """Items that are one's own and items of one's desks are one list."""
    both = make_account("both", Role.HR, officer=subject)
    RoleGrant.objects.filter(account=both).update(path="/B00/")
    later, sooner = make_cases(1), make_cases(1, clock=ago(3))
    item = WorkItem.objects.get(case__in=later)
    WorkItem.objects.filter(pk=item.pk).update(officer=subject, role=Role.OFFICER)
    page = desk.page(both, desk.Filter(), Cursor(), clock=clocks.now(), size=10)
    assert [row.case_id for row in page.rows] == [*sooner, *later]


def test_paused_work_is_listed_apart(as_account, hr, make_cases):
    first, _second = make_cases(2)
    ledger.pause([first], actor=hr, clock=clocks.now(), note="调查")
    browser = as_account(hr)
    assert len(browser.get("/").context["page"].rows) == 1
    page = browser.get("/?due=paused")
    assert [item.case_id for item in page.context["page"].rows] == [first]
    assert "已暂停，剩 5 个工作日" in page.text


def test_the_export_is_the_filter_not_the_page(as_account, hr, make_cases):
    make_cases(60)
    answer = as_account(hr).get("/?export=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "姓名或单位"
    assert len(rows) == 61
    assert rows[1][0] == "于雨"


def test_the_spreadsheet_opens(as_account, hr, make_cases):
    make_cases(2)
    answer = as_account(hr).get("/?export=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert next(cell.value for cell in sheet[2]) == "于雨"


def test_a_name_that_looks_like_a_formula_stays_a_name(as_account, hr, make_cases, make_officer, station):
    make_cases(1, officer=make_officer(station, name="=1+1"))
    assert "'=1+1" in as_account(hr).get("/?export=csv").content.decode("utf-8-sig")


def test_it_names_who_shares_the_desk(as_account, hr, bureau, make_account):
    make_account("hr2", Role.HR, bureau, first_name="李志远")
    assert "李志远" in as_account(hr).get("/").text


def test_it_costs_as_many_queries_for_fifty_rows_as_for_one(as_account, hr, make_cases, django_assert_max_num_queries):
    browser = as_account(hr)
    make_cases(1)
    browser.get("/")
    make_cases(60)
    with django_assert_max_num_queries(22):
        browser.get("/")


def test_htmx_gets_the_list_alone(as_account, hr, make_cases):
    make_cases(1)
    headers = {"HX-Request": "true", "HX-Target": "work-items"}
    page = as_account(hr).get("/", headers=headers)
    assert page.text.lstrip().startswith('<section class="card" id="work-items"')
