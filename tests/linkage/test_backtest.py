"""A version put to all past cycles, as known then and as known now; reckoned by hand on the bureau of eight."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from appraisal.models import Cycle, CycleRecord
from linkage import backtest, evaluation, lifecycle
from linkage.models import PolicyReport, ReportRow
from tests.linkage.small import LIVE, small
from workflows import jobs, running
from workflows.calendars import ZONE
from workflows.models import Job, JobState

__all__ = ["small"]
TODAY = date(2026, 11, 1)


@pytest.fixture
def corrected(small):
    """In March the third one's grade of 2025 is put right to excellent, the first one's to competent."""
    small.result(2, 2025, "优秀", 90.5, recorded_on=date(2026, 3, 1))
    small.result(0, 2025, "称职", 89, recorded_on=date(2026, 3, 2))
    return small


def make(small, policy=None, **more):
    return backtest.make(policy or small.live, actor=small.loader, as_of=TODAY, **more)


def counted(report):
    """(cycle, rule) with how many enter, leave and stay."""
    found = {}
    for row in report.rows.all():
        counts = found.setdefault((row.cycle.code, row.rule), {})
        counts[row.move] = counts.get(row.move, 0) + 1
    return found


def test_every_cycle_is_read_as_it_was_known_and_as_it_is_known(corrected):
    # 2024: two and one excellent, one of them sanctioned since; nobody was sanctioned as known in January 2025.
    # 2025: 95, 92 and 96 were excellent in January, 93 barred; now 95 is not and 90.5 is.
    assert counted(make(corrected)) == {
        ("2024", "A"): {"stays": 2, "leaves": 1},
        ("2024", "B"): {"stays": 1},
        ("2025", "A"): {"stays": 2, "enters": 1, "leaves": 1, "other": 1},
        ("2025", "B"): {"stays": 1},
    }


def test_then_is_the_day_the_results_came_in_where_nothing_else_is_known(small):
    assert [(past.cycle.code, past.then, past.how) for past in backtest.past_cycles(_tree(small), TODAY)] == [
        ("2024", date(2025, 1, 10), "recorded"),
        ("2025", date(2026, 1, 10), "recorded"),
    ]


def test_then_is_the_day_a_committee_made_it_final(small, committee):
    CycleRecord.objects.create(
        cycle=small.cycles[2025],
        step="finalise",
        target="final",
        actor=committee,
        at=datetime(2026, 2, 3, 23, 59, tzinfo=ZONE),
    )
    assert [(past.then, past.how) for past in backtest.past_cycles(_tree(small), TODAY)][1] == (
        date(2026, 2, 3),
        "final",
    )


def test_then_is_the_day_of_the_first_run(small):
    reference = LIVE.replace("policy: trial", "policy: reference")
    lifecycle.enact(lifecycle.draft(reference, from_day=date(2020, 1, 1)), actor=small.loader)
    for day in (date(2026, 2, 20), date(2026, 2, 10)):
        evaluation.evaluate(small.cycles[2025], as_of=day, actor=small.loader)
    assert [(past.then, past.how) for past in backtest.past_cycles(_tree(small), TODAY)][1] == (
        date(2026, 2, 10),
        "run",
    )


def _tree(small):
    return backtest.previews.read(small.live)


@pytest.mark.parametrize("state", ["collecting", "on_notice", "objections"])
def test_a_cycle_that_is_not_settled_is_not_past(small, state):
    Cycle.objects.filter(code="2025").update(state=state)
    assert {code for code, _rule in counted(make(small))} == {"2024"}


def test_it_says_which_cycle_is_not_what_it_was(corrected):
    report = make(corrected)
    assert backtest.changed(report) == []
    corrected.result(3, 2024, "不称职", 40, recorded_on=date(2026, 5, 1))
    assert backtest.changed(report) == ["2024"]


def test_what_is_recorded_after_its_day_changes_nothing(corrected):
    report = make(corrected)
    corrected.result(3, 2024, "不称职", 40, recorded_on=date(2026, 11, 2))
    assert backtest.changed(report) == []


def test_stopped_between_two_cycles_it_goes_on_with_the_next(small, as_account, hr, monkeypatch):
    browser = as_account(hr)
    answer = browser.post(reverse("linkage:make_report"), {"kind": "backtest", "all-policy": small.draft.pk})
    job = Job.objects.get()
    assert answer.url == reverse("workflows:job", args=[job.pk])
    tell = running.Life.tell

    def stopping(life, done, total, words):
        if done == 1:
            jobs.cancel(job)
        tell(life, done, total, words)

    monkeypatch.setattr(running.Life, "tell", stopping)
    running.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert set(ReportRow.objects.values_list("cycle__code", flat=True)) == {"2024"}
    assert browser.get(reverse("linkage:reports")).context["total"] == 0  # what is not finished is shown to nobody
    monkeypatch.undo()
    before = set(ReportRow.objects.values_list("pk", flat=True))
    jobs.resume(job)
    running.run(job.pk)
    report = PolicyReport.objects.get()
    assert before < set(report.rows.values_list("pk", flat=True))
    assert set(report.rows.values_list("cycle__code", flat=True)) == {"2024", "2025"}
    page = browser.get(reverse("linkage:report", args=[report.pk]))
    assert page.status_code == 200
    assert "已回测 2 个周期" in browser.get(answer.url).text


def test_a_draft_changed_on_the_way_is_not_tested_with_two_texts(small, hr, monkeypatch):
    job = jobs.start("backtest_policy", actor=hr, args={"policy": small.draft.pk, "code": "trial", "version": "2"})
    monkeypatch.setattr(backtest, "_test", lambda report, past: jobs.cancel(job))
    running.run(job.pk)
    monkeypatch.undo()
    text = small.draft.text.replace("below: 80", "below: 81")
    lifecycle.edit(small.draft, text, revision=small.draft.revision, actor=hr)
    jobs.resume(job)
    running.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "不是同一份条文" in job.error


def test_its_page_has_a_chart_and_a_table_per_rule_and_each_number_opens_its_names(corrected, as_account, hr):
    report = make(corrected)
    browser = as_account(hr)
    page = browser.get(reverse("linkage:report", args=[report.pk]))
    pasts = {past.line.key: past for past in page.context["pasts"]}
    assert [(line.code, line.then, line.now) for line in pasts["A"].cycles] == [("2024", 3, 2), ("2025", 3, 3)]
    assert pasts["A"].apart == 3
    assert page.text.count('<svg class="chart"') == 2
    names = reverse("linkage:report_names", args=[report.pk])
    for asked, count in (("side=then", 3), ("side=now", 2), ("move=leaves", 1)):
        assert browser.get(f"{names}?{asked}&rule=A&cycle=2024").context["total"] == count


def test_a_stranger_finds_nothing_and_starts_nothing(small, as_account, stranger):
    report = make(small)
    client = as_account(stranger)
    assert client.get(reverse("linkage:report", args=[report.pk])).status_code == 404
    asked = {"kind": "backtest", "all-policy": small.live.pk}
    assert client.post(reverse("linkage:make_report"), asked).status_code == 404
    assert not Job.objects.exists()
