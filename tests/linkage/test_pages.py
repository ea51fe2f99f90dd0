"""The pages of the linkage: for those who may read it, nothing for anybody else."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from linkage import evaluation, opening
from linkage.models import Decision, DecisionRecord, DecisionStatus, Run
from people.models import Officer
from workflows import jobs, running
from workflows.models import Case, Job, JobState


@pytest.fixture
def run(cycle, loader):
    return evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader)


@pytest.fixture
def later(cycle, loader, run):
    opening.open_run(run, actor=loader)
    return evaluation.evaluate(cycle("2025"), as_of=date(2026, 3, 31), actor=loader)


@pytest.fixture
def browser(as_account, hr_of_haizhou):
    return as_account(hr_of_haizhou)


def work(answer):
    """Run the job to whose page the answer leads."""
    job = Job.objects.get(pk=int(answer.url.strip("/").split("/")[-1]))
    running.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, (job.error, job.place)
    return job


def pages(run):
    decision = run.decisions.filter(officer__isnull=False).first()
    return [
        reverse("linkage:runs"),
        reverse("linkage:run", args=["2025"]),
        reverse("linkage:decisions", args=["2025"]),
        reverse("linkage:export", args=["2025"]),
        reverse("linkage:why", args=["2025"]) + f"?badge={decision.officer.badge}&rule={decision.rule}",
        reverse("linkage:decision", args=[decision.pk]),
    ]


def test_hr_reads_every_page(run, browser):
    for page in pages(run):
        assert browser.get(page).status_code == HTTPStatus.OK, page


def test_a_stranger_finds_none_of_them(run, as_account, make_account):
    client = as_account(make_account("stranger"))
    for page in pages(run):
        assert client.get(page).status_code == HTTPStatus.NOT_FOUND, page
    for name in ("evaluate", "open"):
        assert client.post(reverse(f"linkage:{name}", args=["2025"])).status_code == HTTPStatus.NOT_FOUND


def test_hr_of_a_branch_reads_its_own_people_only_and_decides_nothing(run, as_account, hr_of_branch):
    client = as_account(hr_of_branch)
    rows = client.get(reverse("linkage:decisions", args=["2025"])).context["page"].rows
    assert rows
    assert all(d.subject_path.startswith("/B00/F01/") for d in rows)
    other = run.decisions.exclude(officer__unit__path__startswith="/B00/F01/").exclude(officer=None).first()
    assert client.get(reverse("linkage:decision", args=[other.pk])).status_code == HTTPStatus.NOT_FOUND
    assert client.post(reverse("linkage:open", args=["2025"]), {"everything": "on"}).status_code == HTTPStatus.NOT_FOUND
    assert not Case.objects.exists()


def test_the_run_counts_by_rule_and_status(run, browser):
    context = browser.get(reverse("linkage:run", args=["2025"])).context
    counts = {line.rule.id: dict(line.counts) for line in context["lines"]}
    assert counts["P01"] == {"open": 207, "held": 1, "blocked": 1}
    assert counts["P03"] == {"open": 31, "held": 1, "over_quota": 33}
    assert context["waiting_count"] == 930


def test_the_run_page_costs_a_fixed_number_of_queries(later, browser, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        browser.get(reverse("linkage:run", args=["2025"]))


def test_a_preview_shows_the_difference_and_saves_nothing(run, browser):
    runs = Run.objects.count()
    answer = browser.post(reverse("linkage:evaluate", args=["2025"]), {"as_of": "2026-03-31", "preview": "1"})
    assert (answer.context["total"], len(answer.context["plus"]), len(answer.context["minus"])) == (968, 3, 2)
    assert Run.objects.count() == runs


def test_deciding_a_day_keeps_the_run_and_opens_nothing(run, browser):
    answer = browser.post(reverse("linkage:evaluate", args=["2025"]), {"as_of": "2026-03-31"})
    assert Run.objects.count() == 1  # nothing is done while somebody waits for the page
    work(answer)
    assert Run.objects.filter(as_of=date(2026, 3, 31)).exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize("day", ["", "2026-02-30", "生日", (timezone.localdate() + timedelta(days=1)).isoformat()])
def test_a_day_that_is_none_is_refused_beside_the_field(run, browser, day):
    answer = browser.post(reverse("linkage:evaluate", args=["2025"]), {"as_of": day})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.context["day_form"].errors["as_of"]
    assert Run.objects.count() == 1


def test_only_the_ticked_ones_are_opened(run, browser):
    ticked = list(run.decisions.filter(rule="P06", status="open").values_list("pk", flat=True))
    answer = browser.post(reverse("linkage:open", args=["2025"]), {"decisions": ticked})
    assert not Case.objects.exists()
    job = work(answer)
    assert job.result == {"opened": 2, "joined": 0}
    assert "已开立 2 件" in browser.get(answer.url).text
    assert Case.objects.count() == len(ticked) == 2


def test_nothing_ticked_opens_nothing_and_says_so(run, browser):
    answer = browser.post(reverse("linkage:open", args=["2025"]), follow=True)
    assert not Case.objects.exists()
    assert "没有选中" in answer.content.decode()


def test_what_no_longer_holds_is_withdrawn_with_a_reason(later, browser):
    gone = Decision.objects.live().exclude(run=later).filter(rule="P15").first()
    page = reverse("linkage:withdraw", args=[gone.pk])
    assert browser.post(page, {"note": ""}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    browser.post(page, {"note": "等次已更正"})
    gone = Decision.objects.select_related("case").get(pk=gone.pk)
    assert gone.status == DecisionStatus.WITHDRAWN
    assert gone.case.closed_at is not None
    assert DecisionRecord.objects.get(decision=gone).note == "等次已更正"


def test_what_still_holds_is_not_withdrawn(later, browser):
    held = later.decisions.filter(rule="P15", status="open").first()
    browser.post(reverse("linkage:withdraw", args=[held.pk]), {"note": "不想要了"})
    held.refresh_from_db()
    assert held.status == DecisionStatus.OPEN


def test_the_list_filters_and_the_export_is_the_filter(run, browser, tmp_path):
    query = "?rule=P03&status=over_quota"
    assert browser.get(reverse("linkage:decisions", args=["2025"]) + query).context["total"] == 33
    file = tmp_path / "x.xlsx"
    file.write_bytes(browser.get(reverse("linkage:export", args=["2025"]) + query).content)
    assert load_workbook(file).active.max_row == 34
    text = browser.get(reverse("linkage:export", args=["2025"]) + query + "&format=csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 34


def test_a_long_list_is_exported_by_a_job(run, browser, tmp_path):
    form = {"rule": "P03", "status": "over_quota", "format": "csv"}
    job = work(browser.post(reverse("linkage:export", args=["2025"]), form))
    text = browser.get(f"/jobs/{job.pk}/file/").getvalue().decode("utf-8-sig")
    assert len(text.splitlines()) == 34


def test_all_that_waits_is_opened_by_a_job_that_can_be_stopped_between_its_kinds(run, browser, monkeypatch):
    answer = browser.post(reverse("linkage:open", args=["2025"]), {"everything": "on"})
    job = Job.objects.get()
    stop_after_first = iter([None, jobs.cancel])
    tell = running.Life.tell

    def stopping(life, done, total, words):
        act = next(stop_after_first, None)
        if act:
            act(job)
        tell(life, done, total, words)

    monkeypatch.setattr(running.Life, "tell", stopping)
    running.run(job.pk)
    job.refresh_from_db()
    opened = Case.objects.count()
    assert job.state == JobState.CANCELLED
    assert 0 < opened < 900
    monkeypatch.undo()
    jobs.resume(job)
    assert work(answer).result["opened"] == Case.objects.count() > opened
    assert "正在后台进行" not in browser.get(reverse("linkage:run", args=["2025"])).text


def test_a_run_page_names_the_job_at_work(run, browser):
    browser.post(reverse("linkage:open", args=["2025"]), {"everything": "on"})
    assert "正在后台进行" in browser.get(reverse("linkage:run", args=["2025"])).text


def test_why_not_is_answered_for_one_whom_the_rule_did_not_reach(run, browser):
    officer = Officer.objects.exclude(decisions__rule="P03").first()
    answer = browser.get(reverse("linkage:why", args=["2025"]), {"badge": officer.badge, "rule": "P03"})
    assert answer.context["explained"].found[0].missing("zh")


def test_policies_are_said_in_sentences_to_everybody_signed_in(run, as_account, make_account, client):
    page = reverse("linkage:policy", args=[run.policy.pk])
    answer = as_account(make_account("anybody")).get(page)
    assert len(answer.context["rules"]) == 16
    assert client.get(page).status_code == HTTPStatus.FOUND  # to the sign-in


def test_hr_of_a_branch_reads_of_the_difference_only_its_own_people(later, as_account, hr_of_branch, browser):
    page = reverse("linkage:run", args=["2025"])
    everything, mine = (client.get(page).context["changes"] for client in (browser, as_account(hr_of_branch)))
    assert any(not change.decision.subject_path.startswith("/B00/F01/") for change in everything)
    assert all(change.decision.subject_path.startswith("/B00/F01/") for change in mine)


@pytest.mark.parametrize("asked", ["decisions/?rule=%00", "decisions/?q=%00", "why/?badge=%00", "?run=%C2%B2"])
def test_what_no_text_can_hold_names_nothing(run, browser, asked):
    assert browser.get(reverse("linkage:run", args=["2025"]) + asked).status_code == HTTPStatus.NOT_FOUND


def test_a_long_file_is_left_to_the_job(run, browser, monkeypatch):
    monkeypatch.setattr("linkage.pages.MANY", 5)
    answer = browser.get(reverse("linkage:export", args=["2025"]) + "?status=open", follow=True)
    assert answer.context["many"]
    assert "在后台导出" in answer.text
