"""The pages of long jobs: progress, cancel, resume, the file; nothing for a stranger."""

import pytest

from people.roles import Role
from workflows import jobs, running
from workflows.models import Job, JobFile, JobState

pytestmark = pytest.mark.django_db


def write(order):
    values = {"name": "名册.csv", "content_type": "text/csv", "content": "于雨".encode()}
    JobFile.objects.create(job=order.job, **values)
    return {}


@pytest.fixture
def job(monkeypatch, hr, bureau):
    kind = jobs.JobKind(
        name="write",
        title=lambda args: "写名册",
        may=lambda account, args: account.holds(Role.HR),
        run=write,
        said=lambda job: "已写好",
    )
    monkeypatch.setitem(jobs._kinds, "write", kind)
    return jobs.start("write", actor=hr, args={}, path=bureau.path)


def test_it_shows_a_waiting_a_running_and_an_ended_job(job, as_account, hr):
    browser = as_account(hr)
    assert "排队" in browser.get(f"/jobs/{job.pk}/").text
    Job.objects.update(state=JobState.RUNNING, done=3, total=4, words="正在开立")
    page = browser.get(f"/jobs/{job.pk}/").text
    assert 'value="3"' in page
    assert "正在开立" in page
    assert "写名册" in browser.get("/jobs/").text
    Job.objects.update(state=JobState.QUEUED)
    running.run(job.pk)
    page = browser.get(f"/jobs/{job.pk}/").text
    assert "已写好" in page
    assert "hx-trigger" not in page  # what has ended is not read again


def test_htmx_reads_the_progress_alone(job, as_account, hr):
    page = as_account(hr).get(f"/jobs/{job.pk}/", headers={"HX-Request": "true", "HX-Target": "job-progress"})
    assert page.text.lstrip().startswith('<section class="card" id="job-progress"')


@pytest.mark.parametrize("who", ["stranger", "auditor", "unit_head"])
def test_it_is_not_there_for_others(job, as_account, request, who):
    browser = as_account(request.getfixturevalue(who))
    running.run(job.pk)
    assert browser.get(f"/jobs/{job.pk}/").status_code == 404
    assert browser.get(f"/jobs/{job.pk}/file/").status_code == 404
    for act in ("cancel", "resume"):
        assert browser.post(f"/jobs/{job.pk}/{act}/").status_code == 404
    assert "写名册" not in browser.get("/jobs/").text


def test_it_is_cancelled_and_resumed_by_buttons(job, as_account, hr):
    browser = as_account(hr)
    browser.post(f"/jobs/{job.pk}/cancel/")
    assert Job.objects.get().state == JobState.CANCELLED
    assert "已经结束" in browser.post(f"/jobs/{job.pk}/cancel/", follow=True).text
    browser.post(f"/jobs/{job.pk}/resume/")
    assert Job.objects.get().state == JobState.QUEUED
    assert browser.get(f"/jobs/{job.pk}/cancel/").status_code == 405


def test_the_file_is_for_the_one_who_asked(job, as_account, hr, administrator, make_account, bureau):
    running.run(job.pk)
    assert as_account(hr).get(f"/jobs/{job.pk}/file/").getvalue().decode() == "于雨"
    colleague = make_account("colleague", Role.HR, bureau)
    for other in (administrator, colleague):
        assert as_account(other).get(f"/jobs/{job.pk}/").status_code == 200
        assert as_account(other).get(f"/jobs/{job.pk}/file/").status_code == 404
