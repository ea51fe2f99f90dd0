"""Long jobs: claimed once, told how far they are, cancelled between chunks, taken up again after a kill."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now

from people.accounts import machine
from people.refusals import NotPermitted, Unfit
from people.roles import Role
from workflows import jobs, running
from workflows.models import Job, JobFile, JobState

pytestmark = pytest.mark.django_db


def may(account, args):
    return account.holds(Role.HR, Role.SYSTEM)


@pytest.fixture
def kind(monkeypatch):
    """A job of three chunks that writes down what it did; `asked` may change what happens at a chunk."""

    class Counting:
        def __init__(self):
            self.done, self.at_chunk = [], {}

        def run(self, order):
            for chunk in range(3):
                order.tell(chunk, 3, f"chunk {chunk}")
                self.at_chunk.get(chunk, lambda order: None)(order)
                self.done.append(chunk)
            return {"count": len(self.done)}

    counting = Counting()
    known = jobs.JobKind(name="count", title=lambda args: "数数", may=may, run=counting.run)
    monkeypatch.setitem(jobs._kinds, "count", known)
    return counting


@pytest.fixture
def job(kind, hr, bureau):
    return jobs.start("count", actor=hr, args={"to": 3}, path=bureau.path)


@pytest.fixture
def branch_hr(make_account, branch):
    return make_account("branch_hr", Role.HR, branch)


def again(job):
    job.refresh_from_db()
    return job


def test_it_runs_and_says_what_came_of_it(job, kind):
    running.run(job.pk)
    assert (again(job).state, job.done, job.total, job.result) == (JobState.DONE, 3, 3, {"count": 3})
    assert job.ended_at is not None


def test_a_stranger_cannot_ask_for_it(kind, stranger):
    with pytest.raises(NotPermitted):
        jobs.start("count", actor=stranger, args={})
    assert not Job.objects.exists()


def test_asked_for_twice_it_is_one(job, hr):
    assert jobs.start("count", actor=hr, args={"to": 3}) == job
    running.run(job.pk)
    assert jobs.start("count", actor=hr, args={"to": 3}) != job


def test_called_twice_it_runs_once(job, kind):
    running.run(job.pk)
    running.run(job.pk)
    assert kind.done == [0, 1, 2]


def test_while_one_worker_is_at_it_another_leaves_it_alone(job, kind):
    kind.at_chunk[1] = lambda order: running.run(job.pk)
    running.run(job.pk)
    assert kind.done == [0, 1, 2]


def test_it_says_how_far_it_is_while_it_runs(job, kind):
    seen = []
    kind.at_chunk[2] = lambda order: seen.append(Job.objects.values_list("done", "total", "words").get(pk=job.pk))
    running.run(job.pk)
    assert seen == [(2, 3, "chunk 2")]


def test_a_right_that_was_taken_back_stops_it(job, kind, hr):
    hr.role_grants.all().delete()
    running.run(job.pk)
    assert again(job).state == JobState.FAILED
    assert kind.done == []


def test_cancelled_while_it_waits_it_never_starts(job, kind):
    assert jobs.cancel(job)
    running.run(job.pk)
    assert (again(job).state, kind.done) == (JobState.CANCELLED, [])
    assert not jobs.cancel(job)


def test_cancelled_while_it_runs_it_stops_at_the_next_chunk_and_goes_on_when_resumed(job, kind):
    kind.at_chunk[0] = lambda order: jobs.cancel(job)
    running.run(job.pk)
    assert (again(job).state, kind.done) == (JobState.CANCELLED, [0])
    kind.at_chunk.clear()
    assert jobs.resume(job)
    assert jobs.to_send() == [job.pk]
    running.run(job.pk)
    assert again(job).state == JobState.DONE
    assert not jobs.resume(job)


def test_an_error_is_told_by_its_name_and_place_and_never_by_its_text(job, kind):
    def fail(order):
        raise ValueError("何帅欣 优秀")

    kind.at_chunk[1] = fail
    running.run(job.pk)
    assert (again(job).state, job.error) == (JobState.FAILED, "ValueError")
    assert job.place.startswith("tests/workflows/test_jobs.py:")
    assert job.place.endswith(" fail")


def test_a_refusal_is_told_in_its_words(job, kind):
    def refuse(order):
        raise Unfit("考核周期尚未定案")

    kind.at_chunk[0] = refuse
    running.run(job.pk)
    assert again(job).error == "考核周期尚未定案"


def test_a_new_job_is_sent_once_and_again_when_the_queue_lost_it(job):
    assert jobs.to_send() == [job.pk]
    assert jobs.to_send() == []
    Job.objects.update(sent_at=Now() - jobs.SENT_AGAIN_AFTER)
    assert jobs.to_send() == [job.pk]


def test_one_job_runs_at_a_time_the_others_wait_their_turn(job, hr):
    second = jobs.start("count", actor=hr, args={"to": 4})
    assert jobs.to_send() == [job.pk]
    assert jobs.to_send() == []
    running.run(job.pk)
    assert jobs.to_send() == [second.pk]


def killed(job, **values):
    """Its worker is gone since the lease."""
    silent = Now() - jobs.LEASE - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, heartbeat_at=silent, sent_at=Now(), **values)


def test_a_job_whose_worker_was_killed_is_taken_up_again(job, kind):
    killed(job, tries=1)
    assert jobs.to_send() == [job.pk]
    running.run(job.pk)
    assert (again(job).state, job.tries) == (JobState.DONE, 2)


def test_a_job_that_kills_every_worker_is_given_up(job):
    killed(job, tries=jobs.TRIES)
    assert jobs.to_send() == []
    assert (again(job).state, job.error) == (JobState.FAILED, "Abandoned")


def test_a_killed_job_that_was_to_be_cancelled_is_cancelled(job):
    killed(job, cancel_asked=True)
    assert jobs.to_send() == []
    assert again(job).state == JobState.CANCELLED


def test_a_worker_that_was_silent_for_too_long_writes_nothing_more(job, kind):
    def overtaken(order):
        killed(job)
        kind.at_chunk.clear()
        running.run(job.pk)

    kind.at_chunk[1] = overtaken
    running.run(job.pk)
    assert (again(job).state, job.tries) == (JobState.DONE, 2)
    assert kind.done == [0, 0, 1, 2, 1]  # its own chunk ends, the next one it may not begin


def test_one_sees_ones_own_jobs_and_those_of_ones_units(
    job, hr, make_account, branch, stranger, administrator, auditor
):
    branch_hr = make_account("branch_hr", Role.HR, branch)
    own = jobs.start("count", actor=branch_hr, args={}, path=branch.path)
    assert set(jobs.visible(hr)) == {job, own}
    assert set(jobs.visible(branch_hr)) == {own}
    assert set(jobs.visible(administrator)) == {job, own}
    assert not jobs.visible(stranger).exists()
    assert not jobs.visible(auditor).exists()


def test_files_go_after_some_days_and_the_job_stays(job):
    running.run(job.pk)
    JobFile.objects.create(job=job, name="x.csv", content_type="text/csv", content=b"x")
    assert jobs.forget_files() == 0
    Job.objects.update(ended_at=Now() - jobs.FILES_KEPT - timedelta(hours=1))
    assert jobs.forget_files() == 1
    assert Job.objects.exists()


def test_the_command_lists_cancels_and_resumes(job, capsys):
    call_command("jobs")
    assert "数数" in capsys.readouterr().out
    call_command("jobs", "cancel", str(job.pk))
    assert again(job).state == JobState.CANCELLED
    call_command("jobs", "resume", str(job.pk))
    assert again(job).state == JobState.QUEUED
    for wrong in (["resume", str(job.pk)], ["cancel", "999"], ["cancel"]):
        with pytest.raises(CommandError):
            call_command("jobs", *wrong)


def test_the_command_waits_for_the_end_and_tells_how_far_it_is(job, kind, capsys, monkeypatch):
    looks = iter([lambda: None, lambda: running.run(job.pk)])
    monkeypatch.setattr("workflows.management.commands.jobs.sleep", lambda seconds: next(looks)())
    call_command("jobs", "wait", str(job.pk))
    said = capsys.readouterr()
    assert said.err.count("排队中") == 1  # what has not changed is not told again
    assert "done" in said.out


def test_waiting_for_one_that_is_cancelled_fails_and_says_how_to_go_on(job, kind, capsys):
    kind.at_chunk[1] = lambda order: jobs.cancel(job)
    running.run(job.pk)
    with pytest.raises(CommandError, match="jobs resume") as refused:
        call_command("jobs", "wait", str(job.pk))
    assert refused.value.returncode == 1


def test_the_command_resumes_and_waits(job, kind, monkeypatch):
    jobs.cancel(job)
    monkeypatch.setattr("workflows.management.commands.jobs.sleep", lambda seconds: running.run(job.pk))
    call_command("jobs", "resume", str(job.pk), "--wait")
    assert again(job).state == JobState.DONE


def test_ctrl_c_ends_the_waiting_and_not_the_job(job, monkeypatch):
    def interrupted(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr("workflows.management.commands.jobs.sleep", interrupted)
    with pytest.raises(CommandError, match="任务照常进行") as stopped:
        call_command("jobs", "wait", str(job.pk))
    assert stopped.value.returncode == 130
    assert again(job).state == JobState.QUEUED


def test_the_machine_that_loads_may_ask(kind):
    assert jobs.start("count", actor=machine("loader"), args={})
