"""Long lists as files: written by a job, the same lines as at once, with the rights of the one who asked for them."""

import csv
import io

import pytest
from openpyxl import load_workbook

from people.models import RoleGrant
from workflows import jobs, list_exports, running
from workflows.models import Job, JobFile, JobPiece, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Ten lines are many, and a job tells how far it is every four."""
    monkeypatch.setattr(list_exports, "MANY", 10)
    monkeypatch.setattr(list_exports, "CHUNK", 4)


@pytest.fixture
def ordered(as_account, hr):
    """Order a list by its button; the job."""

    def ordered(name, **said):
        answer = as_account(hr).post(f"/exports/{name}/", said)
        return Job.objects.get(pk=answer.url.strip("/").split("/")[-1])

    return ordered


def rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def file_of(browser, job):
    return browser.get(f"/jobs/{job.pk}/file/").getvalue()


@pytest.mark.parametrize(("name", "address"), [("cases", "/cases/"), ("desk", "/")])
def test_a_job_writes_what_is_written_at_once(name, address, ordered, as_account, hr, make_cases):
    make_cases(9)
    browser = as_account(hr)
    at_once = rows(browser.get(f"{address}?export=csv").content)
    job = ordered(name, format="csv")
    running.run(job.pk)
    assert rows(file_of(browser, job)) == at_once
    assert len(at_once) == 10
    assert Job.objects.get().result["rows"] == 9


@pytest.mark.parametrize(("name", "address"), [("cases", "/cases/"), ("desk", "/")])
def test_a_long_list_offers_a_job_and_a_short_one_its_file(name, address, as_account, hr, make_cases):
    browser = as_account(hr)
    make_cases(10)
    assert f"/exports/{name}/" not in browser.get(address).text
    make_cases(1)
    assert f'action="/exports/{name}/"' in browser.get(address).text
    answer = browser.get(f"{address}?kind=errand&export=csv", follow=True)
    assert answer.redirect_chain == [(f"{address}?kind=errand", 302)]
    assert "超过 10 行" in answer.text


def test_the_spreadsheet_of_a_job_opens(ordered, as_account, hr, make_cases):
    make_cases(12)
    job = ordered("cases", format="xlsx")
    running.run(job.pk)
    sheet = load_workbook(io.BytesIO(file_of(as_account(hr), job))).active
    assert sheet.max_row == 13


def test_a_large_file_lies_in_pieces_and_comes_whole(ordered, as_account, hr, make_cases, monkeypatch):
    monkeypatch.setattr("workflows.job_files.PIECE", 100)
    make_cases(12)
    job = ordered("cases", format="csv")
    running.run(job.pk)
    assert JobPiece.objects.filter(job=job).count() > 5
    assert len(rows(file_of(as_account(hr), job))) == 13


def test_the_filter_goes_along_and_what_was_typed_leaves_no_trace(
    ordered, as_account, hr, make_cases, make_officer, station
):
    make_cases(3)
    make_cases(2, officer=make_officer(station, name="白露"))
    job = ordered("cases", format="csv", kind="errand", q="白露", standing="all", after="x")
    assert job.args["asked"] == {"kind": "errand", "standing": "all"}
    assert "白露" not in str(job.args)
    assert ordered("cases", format="csv", kind="errand", q="白露", standing="all") == job
    assert ordered("cases", format="csv", kind="errand", q="于雨", standing="all") != job
    running.run(job.pk)
    assert [row[0] for row in rows(file_of(as_account(hr), job))[1:]] == ["白露", "白露"]
    assert not JobPiece.objects.filter(job=job).exclude(file="").exists()


def test_it_reads_with_the_rights_of_the_day_it_runs(ordered, hr, make_cases, branch, make_unit, make_officer):
    elsewhere = make_unit("F02", kind="分局")
    make_cases(2)
    make_cases(3, officer=make_officer(elsewhere, name="白露"))
    job = ordered("cases", format="csv")
    hr.role_grants.update(path=branch.path)
    running.run(job.pk)
    content = b"".join(bytes(piece) for piece in job.pieces.values_list("content", flat=True))
    assert [row[0] for row in rows(content)[1:]] == ["于雨", "于雨"]


def test_a_right_that_was_taken_back_writes_no_file(ordered, hr, make_cases):
    make_cases(2)
    job = ordered("cases", format="csv")
    RoleGrant.objects.filter(account=hr).delete()
    running.run(job.pk)
    assert Job.objects.get().state == JobState.FAILED
    assert not JobFile.objects.exists()


def test_cancelled_in_the_middle_there_is_no_file_and_resumed_it_is_whole(
    ordered, as_account, hr, make_cases, monkeypatch
):
    make_cases(12)
    job = ordered("cases", format="csv")
    monkeypatch.setattr(running.Life, "tell", cancelling(job, running.Life.tell, at=8))
    running.run(job.pk)
    monkeypatch.undo()
    assert Job.objects.get().state == JobState.CANCELLED
    assert (Job.objects.get().done, Job.objects.get().total) == (8, 12)
    assert not JobFile.objects.exists()
    assert not JobPiece.objects.exists()
    browser = as_account(hr)
    assert "没有生成文件" in browser.get(f"/jobs/{job.pk}/").text
    browser.post(f"/jobs/{job.pk}/resume/")
    running.run(job.pk)
    assert len(rows(file_of(browser, job))) == 13


def cancelling(job, tell, *, at):
    def told(life, done, total, words):
        if done == at:
            jobs.cancel(job)
        tell(life, done, total, words)

    return told


def test_a_list_longer_than_a_sheet_says_so_in_its_last_line(ordered, as_account, hr, make_cases, monkeypatch):
    monkeypatch.setattr(list_exports, "LONGEST", 3)
    make_cases(5)
    job = ordered("cases", format="csv")
    running.run(job.pk)
    found = rows(file_of(as_account(hr), job))
    assert len(found) == 5
    assert "只导出了前 3 件" in found[-1][0]


@pytest.mark.parametrize("name", ["cases", "desk", "nothing"])
def test_a_stranger_gets_nothing(name, as_account, stranger, make_cases):
    make_cases(1)
    assert as_account(stranger).post(f"/exports/{name}/", {"format": "csv"}).status_code == 404
    assert as_account(stranger).get(f"/exports/{name}/").status_code == 405
    assert not Job.objects.exists()


def test_the_file_is_for_the_one_who_ordered_it(ordered, as_account, make_cases, administrator, make_account, bureau):
    make_cases(1)
    job = ordered("desk", format="csv")
    running.run(job.pk)
    colleague = make_account("colleague", "hr", bureau)
    for other in (administrator, colleague):
        assert as_account(other).get(f"/jobs/{job.pk}/file/").status_code == 404
