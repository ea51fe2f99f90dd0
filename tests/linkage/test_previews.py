"""A look ahead at a proposed version, reckoned by hand on the bureau of eight."""

from datetime import date
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from appraisal.models import Fact
from linkage import lifecycle, previews
from linkage.models import Decision, Policy, PolicyReport, ReportRow, Run
from people.models import Officer, Posting
from people.roles import Role
from rewards.models import Award
from tests.linkage.small import DAY, DRAFT, LIVE, small
from workflows import actions, jobs, kinds, running
from workflows.models import Case, Job, JobState, WorkItem

__all__ = ["small"]
NAMES = "/exports/report_names/"


@pytest.fixture
def report(small):
    return previews.make(small.draft, small.cycles[2025], as_of=DAY, actor=small.loader)


def moved(report, small):
    """(rule, number of the person) by what becomes of them."""
    numbers = {officer.pk: number for number, officer in enumerate(small.people)}
    found = {}
    for row in report.rows.all():
        found.setdefault(row.move, set()).add((row.rule, numbers[row.officer_id]))
    return found


def test_who_enters_leaves_and_stays_is_what_a_hand_finds(report, small):
    # Six of the station have two seats: 95 and 92 take them, 85 is over; 93 is barred and takes none.
    # Two of the branch office share no seat: floor(2/3) is 0. Below 80 points are 70 and 50.
    assert moved(report, small) == {
        "stays": {("A", 0), ("A", 1)},
        "leaves": {("A", 6), ("B", 3)},
        "enters": {("C", 3), ("C", 5)},
        "other": {("A", 4), ("A", 2), ("A", 7)},
    }
    barred = report.rows.get(officer=small.people[4])
    assert (barred.then_status, barred.now_status) == ("blocked", "blocked")
    beyond = report.rows.get(officer=small.people[6])
    assert (beyond.then_status, beyond.now_status) == ("open", "over_quota")


def test_it_counts_the_seats_of_each_unit(report, small):
    seats = {row["name"]: row for row in report.content["seats"]}
    assert {name: (row["seats"], row["asking"], row["in"]) for name, row in seats.items()} == {
        small.station.name: (2, 3, 2),
        small.branch.name: (0, 2, 0),
    }
    assert all(row["live_in"] == 0 for row in seats.values())  # the version in force knows no seats


def test_it_adds_up_the_days_of_training(report):
    # 70 points without leave: 5 days; 50 points with two leaves: 5 + 2.
    assert report.content["doses"] == [{"rule": "C", "unit": "天", "people": 2, "sum": 12.0, "live_sum": 0.0}]


def test_it_adds_up_the_bonuses_where_the_catalogue_has_any(small):
    assert previews.make(small.draft, small.cycles[2025], as_of=DAY, actor=small.loader).content["budget"] == []
    Award.objects.filter(code="嘉奖").update(bonus=Decimal("1500.00"))
    report = previews.make(small.draft, small.cycles[2025], as_of=DAY, actor=small.loader)
    assert report.content["budget"] == [
        {
            "kind": "reward",
            "word": "嘉奖",
            "each": "1500.00",
            "count": 2,
            "live_count": 3,
            "sum": "3000.00",
            "live_sum": "4500.00",
        }
    ]


def test_it_foresees_the_work_of_each_desk(report, small):
    work = report.content["work"]
    kinds = {row["kind"]: row for row in work["kinds"]}
    # A commendation asks for six things on its way, two of them; a training case for seven of offices and one of
    # the person himself.
    assert (kinds["reward"]["cases"], kinds["reward"]["items"], kinds["reward"]["live_items"]) == (2, 12, 18)
    assert (kinds["training"]["cases"], kinds["training"]["items"], kinds["training"]["live_items"]) == (2, 16, 8)
    assert work["own"] == 2
    assert sum(desk["total"] for desk in work["desks"]) == 12 + 16 - 2
    assert sum(work["all"].values()) == 28
    heads = [desk for desk in work["desks"] if desk["role"] == Role.UNIT_HEAD]
    # Nobody heads the station yet: the bureau answers. Two nominations; review, plan and watch of two persons.
    assert {(desk["path"], desk["total"]) for desk in heads} == {("/B00/", 2 + 2 * 3)}


def test_it_lays_the_work_beside_what_is_open(small, make_account, station):
    make_account("head", Role.UNIT_HEAD, station)
    where = {"unit_path": station.path, "line_path": station.path, "officer_id": small.people[5].pk}
    reserve = actions.Opening(key="2024:P03", title="提名", fields={"window": "2024"}, **where)
    plan = actions.Opening(key="2024:P04", slot=f"officer:{small.people[5].pk}", title="能力提升计划", **where)
    actions.open_cases([reserve], kinds.get("reserve"), actor=small.loader)
    actions.open_cases([plan], kinds.get("training"), actor=small.loader)
    work = previews.make(small.draft, small.cycles[2025], as_of=DAY, actor=small.loader).content["work"]
    desk = next(desk for desk in work["desks"] if desk["role"] == Role.UNIT_HEAD and desk["path"] == station.path)
    assert desk["open"] == 1  # whether to nominate
    training = next(row for row in work["kinds"] if row["kind"] == "training")
    assert (training["cases"], training["items"]) == (1, 8)  # the other has a case open already, and joins it


def test_looking_ahead_decides_and_opens_nothing(report):
    assert [model.objects.count() for model in (Case, WorkItem, Decision, Run)] == [0, 0, 0, 0]


def test_an_award_that_is_due_by_itself_goes_its_short_way(small):
    text = DRAFT.replace("reward:嘉奖", "reward:晋档").replace('version: "2"', 'version: "3"')
    draft = lifecycle.draft(text, from_day=date(2026, 1, 1))
    report = previews.make(draft, small.cycles[2025], as_of=DAY, actor=small.loader)
    kinds = {row["kind"]: row for row in report.content["work"]["kinds"]}
    assert kinds["reward"]["items"] == 2 * 2  # confirmed, and paid


def test_what_opens_no_case_makes_no_work(small):
    text = DRAFT.replace("reward:嘉奖", "restriction:不得评优").replace("training:class", "training:没有的形式")
    draft = lifecycle.draft(text.replace('"2"', '"5"'), from_day=date(2026, 1, 1))
    report = previews.make(draft, small.cycles[2025], as_of=DAY, actor=small.loader)
    assert [row["cases"] for row in report.content["work"]["kinds"]] == [0, 0]
    assert report.rows.filter(move="enters", rule="C").count() == 2


def test_the_live_version_beside_itself_moves_nobody(small):
    report = previews.make(small.live, small.cycles[2025], as_of=DAY, actor=small.loader)
    assert set(report.rows.values_list("move", flat=True)) == {"stays", "other"}


def test_a_version_with_nothing_in_force_beside_it_only_lets_enter(small):
    draft = lifecycle.draft(DRAFT.replace("policy: trial", "policy: other"), from_day=date(2026, 1, 1))
    report = previews.make(draft, small.cycles[2025], as_of=DAY, actor=small.loader)
    assert report.live is None
    assert set(report.rows.values_list("move", flat=True)) == {"enters", "other"}


def publish(small, text):
    """Another version comes into force."""
    lifecycle.enact(lifecycle.draft(text, from_day=date(2021, 1, 1)), actor=small.loader)


CHANGES = {
    "policy": lambda small: Policy.objects.filter(pk=small.draft.pk).update(
        text=DRAFT.replace("below: 80", "below: 60")
    ),
    "live": lambda small: publish(small, LIVE.replace('version: "1"', 'version: "1b"')),
    "results": lambda small: small.result(2, 2025, "优秀", 90.5),
    "facts": lambda small: Fact.objects.create(
        officer=small.people[0],
        kind="sanction",
        from_day=date(2025, 1, 1),
        recorded_on=date(2025, 1, 1),
        recorded_by=small.loader,
    ),
    "postings": lambda small: Posting.objects.filter(officer=small.people[7]).update(to_day=date(2026, 1, 1)),
    "directory": lambda small: Officer.objects.filter(pk=small.people[7].pk).update(badge="2299999"),
    "cycles": lambda small: type(small.cycles[2024]).objects.filter(code="2024").update(starts_on=date(2024, 1, 2)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_report_says_which_of_its_inputs_is_not_what_it_was(report, small, what):
    assert previews.changed(report) == []
    CHANGES[what](small)
    assert previews.changed(PolicyReport.objects.get(pk=report.pk)) == [what]


def test_what_became_known_after_its_day_changes_nothing(report, small):
    small.result(2, 2025, "优秀", 90.5, recorded_on=date(2026, 2, 1))
    assert previews.changed(report) == []


# Its pages -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def browser(as_account, hr):
    return as_account(hr)


@pytest.fixture
def published_report(small):
    """On the version in force: whoever reads the linkage may know of it."""
    return previews.make(small.live, small.cycles[2025], as_of=DAY, actor=small.loader)


@pytest.fixture
def hr_elsewhere(as_account, make_account, other_branch):
    return as_account(make_account("hr_f02", Role.HR, other_branch))


def ask(browser, small, **more):
    form = {"policy": small.draft.pk, "cycle": "2025", "as_of": "2026-01-31"}
    return browser.post(reverse("linkage:make_report"), form | more)


def test_a_job_makes_it_and_leads_to_it(small, browser):
    answer = ask(browser, small)
    job = Job.objects.get()
    assert answer.url == reverse("workflows:job", args=[job.pk])
    assert not PolicyReport.objects.exists()
    running.run(job.pk)
    report = PolicyReport.objects.get()
    assert reverse("linkage:report", args=[report.pk]) in browser.get(answer.url).text
    assert (report.policy, report.live, report.cycle.code) == (small.draft, small.live, "2025")


def test_a_job_that_is_stopped_keeps_nothing_and_makes_one_report_when_resumed(small, browser, monkeypatch):
    ask(browser, small)
    job = Job.objects.get()
    tell = running.Life.tell

    def stopping(life, done, total, words):
        if done == 3:
            jobs.cancel(job)
        tell(life, done, total, words)

    monkeypatch.setattr(running.Life, "tell", stopping)
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, PolicyReport.objects.count(), ReportRow.objects.count()) == (JobState.CANCELLED, 0, 0)
    monkeypatch.undo()
    jobs.resume(job)
    running.run(job.pk)
    Job.objects.update(state=JobState.QUEUED)  # a worker that was killed after its last chunk
    running.run(job.pk)
    assert PolicyReport.objects.count() == 1


def test_what_this_bureau_does_not_know_is_refused_with_its_place(small, browser):
    text = DRAFT.replace("{score: {below: 80}}", "{indicator: {of: 没有的指标, below: 80}}").replace('"2"', '"4"')
    draft = lifecycle.draft(text, from_day=date(2026, 1, 1))
    ask(browser, small, policy=draft.pk)
    job = Job.objects.get()
    running.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "没有的指标" in job.error
    assert "第 " in job.error
    assert not PolicyReport.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"policy": "999"}, {"cycle": "2031"}, {"as_of": "2026-02-30"}, {"as_of": "2999-01-01"}]
)
def test_a_wrong_order_is_refused_beside_its_field(small, browser, wrong):
    answer = ask(browser, small, **wrong)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert set(answer.context["form"].errors) == set(wrong)
    assert not Job.objects.exists()


def pages(report):
    names = reverse("linkage:report_names", args=[report.pk])
    return [reverse("linkage:reports"), reverse("linkage:report", args=[report.pk]), names, f"{names}?export=csv"]


def test_hr_reads_every_page(report, browser):
    for page in [*pages(report), reverse("linkage:make_report")]:
        assert browser.get(page).status_code == HTTPStatus.OK, page


def test_a_stranger_finds_none_of_them(report, as_account, stranger, small):
    client = as_account(stranger)
    for page in [*pages(report), reverse("linkage:make_report")]:
        assert client.get(page).status_code == HTTPStatus.NOT_FOUND, page
    assert ask(client, small).status_code == HTTPStatus.NOT_FOUND
    assert client.post(NAMES, {"report": report.pk, "format": "csv"}).status_code == HTTPStatus.NOT_FOUND
    assert not Job.objects.exists()


def test_hr_of_a_branch_sees_its_own_people_and_no_figure_of_the_bureau(published_report, small, hr_elsewhere):
    page = hr_elsewhere.get(reverse("linkage:report", args=[published_report.pk]))
    assert sum(page.context["sums"].values()) == 0
    assert "要办的事" not in page.text
    assert hr_elsewhere.get(reverse("linkage:report_names", args=[published_report.pk])).context["total"] == 0
    assert ask(hr_elsewhere, small).status_code == HTTPStatus.NOT_FOUND


def test_what_is_not_published_is_not_there_for_a_branch(report, hr_elsewhere):
    assert hr_elsewhere.get(reverse("linkage:reports")).context["total"] == 0
    assert hr_elsewhere.get(reverse("linkage:report", args=[report.pk])).status_code == HTTPStatus.NOT_FOUND


def test_the_page_counts_by_rule_and_by_unit(report, small, browser):
    context = browser.get(reverse("linkage:report", args=[report.pk])).context
    assert {line.key: dict(line.counts) for line in context["lines"]} == {
        "A": {"stays": 2, "leaves": 1, "other": 3},
        "B": {"leaves": 1},
        "C": {"enters": 2},
    }
    assert {line.key: line.note for line in context["lines"]} == {"A": "", "B": "已删去", "C": "新增"}
    assert {line.key: line.moving for line in context["units"]} == {small.station.code: 3, small.branch.code: 1}
    assert context["apart"] == []


def test_every_number_opens_its_names_and_the_export_is_the_filter(report, browser, tmp_path):
    address = reverse("linkage:report_names", args=[report.pk]) + "?rule=A&move=other"
    assert browser.get(address).context["total"] == 3
    file = tmp_path / "x.xlsx"
    file.write_bytes(browser.get(f"{address}&export=xlsx").content)
    assert load_workbook(file).active.max_row == 4
    browser.post(NAMES, {"report": report.pk, "rule": "A", "move": "other", "format": "csv"})
    job = Job.objects.get()
    running.run(job.pk)
    assert len(browser.get(f"/jobs/{job.pk}/file/").getvalue().decode("utf-8-sig").splitlines()) == 4


def test_a_seat_and_a_bonus_open_their_names_too(small, browser):
    Award.objects.filter(code="嘉奖").update(bonus=Decimal("1500.00"))
    report = previews.make(small.draft, small.cycles[2025], as_of=DAY, actor=small.loader)
    names = reverse("linkage:report_names", args=[report.pk])
    page = browser.get(reverse("linkage:report", args=[report.pk])).text
    for asked in (f"side=now&amp;rule=A&amp;unit={small.station.code}", "side=now&amp;outcome=reward:"):
        assert f"{names}?{asked}" in page
    assert browser.get(f"{names}?side=now&rule=A&unit={small.station.code}").context["total"] == 2
    assert browser.get(f"{names}?side=now&outcome=reward:嘉奖").context["total"] == 2


def test_where_much_was_read_its_inputs_are_checked_when_asked(report, small, browser):
    report.content["read"] = 100_001
    report.save()
    small.result(2, 2025, "优秀", 90.5)
    address = reverse("linkage:report", args=[report.pk])
    assert browser.get(address).context["checked"] is False
    assert browser.get(f"{address}?check=1").context["apart"] == ["考核结果"]


def test_the_file_of_another_unit_holds_none_of_its_names(published_report, hr_elsewhere):
    hr_elsewhere.post(NAMES, {"report": published_report.pk, "format": "csv"})
    job = Job.objects.get()
    running.run(job.pk)
    assert len(hr_elsewhere.get(f"/jobs/{job.pk}/file/").getvalue().decode("utf-8-sig").splitlines()) == 1


def test_a_page_says_that_it_no_longer_matches(report, small, browser):
    small.result(2, 2025, "优秀", 90.5)
    page = browser.get(reverse("linkage:report", args=[report.pk]))
    assert "这份报告已与现在的依据不符" in page.text
    assert "考核结果" in page.text
