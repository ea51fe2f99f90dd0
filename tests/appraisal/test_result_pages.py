"""The list of results with its filter, pages and export; one result and its correction."""

from datetime import date

import pytest
from django.urls import reverse

from appraisal.models import Result
from people.models import AccessLog
from workflows import list_exports, running
from workflows.models import Job

pytestmark = pytest.mark.django_db
SAID = {"status": "graded", "grade": "基本称职", "score": "70.92", "reason": "复核后更正"}


@pytest.fixture
def cycle(make_cycle, make_result, officer, station):
    cycle = make_cycle()
    make_result(cycle, officer.officer, indicators={"群众满意度": 70.5})
    make_result(cycle, station, grade="良好")
    return cycle


def url(name, *args):
    return reverse(f"appraisal:{name}", args=args)


def test_the_list_shows_what_holds(cycle, officer, make_result, hr, as_account):
    make_result(cycle, officer.officer, grade="优秀", recorded_on=date(2026, 3, 28))
    client = as_account(hr)
    page = client.get(url("results", "2025"))
    assert [row.grade for row in page.context["page"].rows] == ["良好", "优秀"]
    earlier = client.get(url("results", "2025"), {"as_of": "2026-01-31"})
    assert [row.grade for row in earlier.context["page"].rows] == ["称职", "良好"]


# what is asked, whose results are shown
FILTERS = [
    ({"grade": "良好"}, ["F01P01"]),
    ({"grade": "没有"}, []),
    ({"status": "pending"}, []),
    ({"status": "rubbish"}, ["2200001", "F01P01"]),
    ({"unit": "F01"}, ["2200001", "F01P01"]),
    ({"unit": "F02"}, []),
    ({"q": "何"}, ["2200001"]),
    ({"q": "22000"}, ["2200001"]),
    ({"q": "\0"}, ["2200001", "F01P01"]),
    ({"as_of": "rubbish"}, ["2200001", "F01P01"]),
    ({"as_of": "2025-12-31"}, []),
    ({"after": "rubbish"}, ["2200001", "F01P01"]),
]


@pytest.mark.parametrize(("asked", "shown"), FILTERS)
def test_the_filter_and_its_export(cycle, other_branch, hr, as_account, asked, shown):
    client = as_account(hr)
    rows = client.get(url("results", "2025"), asked).context["page"].rows
    assert [getattr(row.subject, "badge", None) or row.subject.code for row in rows] == shown
    lines = client.get(url("results_export", "2025", "csv"), asked).content.decode("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == shown


def test_the_pages_turn(cycle, make_officer, station, make_result, hr, as_account):
    for _ in range(60):
        make_result(cycle, make_officer(station))
    client = as_account(hr)
    first = client.get(url("results", "2025"), {"grade": "称职"}).context["page"]
    second = client.get(url("results", "2025"), {"grade": "称职", "after": first.next}).context["page"]
    assert (len(first.rows), len(second.rows), second.next) == (50, 11, "")
    assert second.rows[0].pk > first.rows[-1].pk


def test_the_export_has_every_row_and_indicator(cycle, scheme, hr, as_account):
    answer = as_account(hr).get(url("results_export", "2025", "csv"))
    head, first, *_rest = answer.content.decode("utf-8-sig").splitlines()
    assert head == "警号或代码,姓名或单位,所在单位,状态,等次,得分,录入日,群众满意度,风险排查数"
    assert first == "2200001,何帅欣,单位F01P01,已定等次,称职,75,2026-01-12,70.5,"
    assert as_account(hr).get(url("results_export", "2025", "xlsx")).content.startswith(b"PK")
    assert as_account(hr).get(url("results_export", "2025", "pdf")).status_code == 404


def test_a_long_list_is_written_by_a_job_with_the_same_filter(cycle, officer, hr, as_account, monkeypatch):
    asked = {"q": "何", "status": "graded", "unit": "F01\0"}
    client = as_account(hr)
    at_once = client.get(url("results_export", "2025", "csv"), asked).content
    monkeypatch.setattr(list_exports, "MANY", 0)
    assert 'action="/exports/results/"' in client.get(url("results", "2025"), asked).text
    again = client.get(url("results_export", "2025", "csv"), asked, follow=True)
    assert "在后台导出" in again.text
    answer = client.post("/exports/results/", {**asked, "cycle": "2025", "format": "csv"})
    running.run(Job.objects.get().pk)
    assert client.get(f"{answer.url}file/").getvalue() == at_once
    assert len(at_once.splitlines()) == 2


def test_another_branch_gets_none_of_it_by_a_job(cycle, other_unit_head, stranger, as_account):
    client = as_account(other_unit_head)
    answer = client.post("/exports/results/", {"cycle": "2025", "format": "csv"})
    running.run(Job.objects.get().pk)
    assert len(client.get(f"{answer.url}file/").getvalue().splitlines()) == 1
    assert as_account(stranger).post("/exports/results/", {"cycle": "2025"}).status_code == 404


def test_a_job_for_a_cycle_that_is_not_there_says_so(cycle, hr, as_account):
    as_account(hr).post("/exports/results/", {"cycle": "1999"})
    running.run(Job.objects.get().pk)
    assert Job.objects.get().error == "没有这个考核周期"


def test_another_branch_sees_none_of_it(cycle, officer, other_unit_head, as_account):
    client = as_account(other_unit_head)
    assert client.get(url("results", "2025")).context["page"].rows == []
    assert client.get(url("result", "2025", officer.officer.badge)).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "officer", "committee", "trainer", "administrator"])
@pytest.mark.parametrize("name", ["results", "results_export", "result"])
def test_a_stranger_finds_nothing(cycle, who, name, request, as_account):
    args = {"results": (), "results_export": ("csv",), "result": ("2200001",)}[name]
    assert as_account(request.getfixturevalue(who)).get(url(name, "2025", *args)).status_code == 404


def test_the_page_of_a_result_keeps_the_look(cycle, officer, auditor, as_account):
    page = as_account(auditor).get(url("result", "2025", "2200001"))
    assert "群众满意度 70.5" in page.text
    look = AccessLog.objects.get()
    assert (look.account, look.officer, look.page) == (auditor, officer.officer, "appraisal:result")


def test_hr_corrects_on_the_page(cycle, officer, scheme, hr, as_account):
    client = as_account(hr)
    page = client.get(url("result", "2025", "2200001"))
    assert "周期已定案" in page.text
    assert page.context["form"].initial["indicator_0"] == 70.5
    answer = client.post(url("result", "2025", "2200001"), SAID | {"indicator_0": "66"}, follow=True)
    assert "再运行一次联动" in answer.text
    row = Result.objects.filter(officer=officer.officer).latest("pk")
    assert (row.grade, row.score, row.indicators, row.reason) == ("基本称职", 70.92, {"群众满意度": 66.0}, "复核后更正")


# what is said instead, where the error stands
BAD = [
    ({"grade": "优"}, "grade"),
    ({"grade": ""}, "grade"),
    ({"score": "many"}, "score"),
    ({"score": "-1"}, "score"),
    ({"score": "9" * 400}, "score"),
    ({"reason": ""}, "reason"),
    ({"status": "pending"}, "status"),
    ({"indicator_0": "x"}, "indicator_0"),
]


@pytest.mark.parametrize(("said", "field"), BAD)
def test_a_bad_correction_says_where(cycle, scheme, hr, as_account, said, field):
    answer = as_account(hr).post(url("result", "2025", "2200001"), SAID | said)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Result.objects.count() == 2


@pytest.mark.parametrize("who", ["unit_head", "leader", "inspector", "auditor"])
def test_who_only_reads_corrects_nothing(cycle, who, request, as_account):
    client = as_account(request.getfixturevalue(who))
    assert client.get(url("result", "2025", "2200001")).context["form"] is None
    assert client.post(url("result", "2025", "2200001"), SAID).status_code == 404
    assert Result.objects.count() == 2


def test_a_missing_result_is_entered(cycle, make_officer, station, hr, as_account):
    late = make_officer(station)
    assert as_account(hr).post(url("result", "2025", late.badge), SAID).status_code == 302
    assert late.results.get().grade == "基本称职"


def test_the_cost_of_the_list_does_not_grow(
    cycle, make_officer, station, make_result, hr, as_account, django_assert_max_num_queries
):
    client = as_account(hr)
    client.get(url("results", "2025"))
    for _ in range(40):
        make_result(cycle, make_officer(station))
    with django_assert_max_num_queries(14):
        client.get(url("results", "2025"))
