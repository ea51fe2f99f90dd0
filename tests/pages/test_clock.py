"""Stopping and starting the clock of a case on its page; and that a deadline which hangs on 2027 says so."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from people.actions import set_absence
from tests.errand.models import Errand
from workflows import actions, deadlines
from workflows import clock as clocks
from workflows.calendars import Clock
from workflows.models import Case, ItemChange, Notice, OutboxMessage, WorkItem

pytestmark = [pytest.mark.django_db]


def item_of(case):
    return WorkItem.objects.get(case=case, closed_at=None)


def test_personnel_stops_the_clock_and_starts_it_again(as_account, hr, make_case):
    case = make_case()
    browser, due = as_account(hr), item_of(case).due_at
    expected = (timezone.localdate() + timedelta(days=30)).isoformat()
    address = f"/cases/{case.pk}/clock/pause/"
    assert "暂停期间不提醒" in browser.get(address).text
    page = browser.post(address, {"reason": "住院治疗", "expected": expected}, follow=True)
    assert "已暂停计时" in page.text
    assert "住院治疗" in page.text
    assert "起，暂停中" in page.text
    assert item_of(case).pause_until.isoformat() == expected
    page = browser.post(f"/cases/{case.pk}/clock/resume/", {"reason": "出院"}, follow=True)
    assert "剩余的期限没有减少" in page.text
    assert "出院" in page.text
    item = item_of(case)
    assert (item.paused_at, item.due_at) == (None, due)
    assert list(ItemChange.objects.values_list("why", "note")) == [("paused", "住院治疗"), ("resumed", "出院")]


def test_a_reason_is_asked_for_and_a_day_to_come(as_account, hr, make_case):
    browser, address = as_account(hr), f"/cases/{make_case().pk}/clock/pause/"
    assert "请写明理由" in browser.post(address, {"reason": ""}).text
    page = browser.post(address, {"reason": "x", "expected": "2020-01-01"})
    assert (page.status_code, "预计恢复的日期应在今天之后" in page.text) == (422, True)
    assert not ItemChange.objects.exists()


def test_what_stands_still_cannot_be_stopped_nor_what_runs_be_started(as_account, hr, make_case):
    browser, clock = as_account(hr), f"/cases/{make_case().pk}/clock/"
    assert "没有暂停的待办" in browser.post(f"{clock}resume/", {"reason": ""}).text
    browser.post(f"{clock}pause/", {"reason": "x"})
    assert "没有正在计时的待办" in browser.post(f"{clock}pause/", {"reason": "x"}).text


@pytest.mark.parametrize("who", ["stranger", "unit_head", "leader", "officer"])
def test_to_everybody_else_the_page_is_not_there(request, as_account, who, officer, make_case):
    case = make_case(officer=officer.officer)
    browser = as_account(request.getfixturevalue(who))
    for act in ("pause", "resume"):
        assert browser.get(f"/cases/{case.pk}/clock/{act}/").status_code == 404
        assert browser.post(f"/cases/{case.pk}/clock/{act}/", {"reason": "x"}).status_code == 404
        answer = browser.post(f"/api/cases/{case.pk}/{act}/", {"reason": "x"}, content_type="application/json")
        assert answer.status_code in (403, 404)
    assert not ItemChange.objects.exists()


def test_nobody_stops_the_clock_of_his_own_case(as_account, hr, make_officer, bureau, make_case):
    hr.officer = make_officer(bureau)
    hr.save()
    case = make_case(officer=hr.officer)
    assert as_account(hr).post(f"/cases/{case.pk}/clock/pause/", {"reason": "x"}).status_code == 404


def test_over_the_api(as_account, hr, make_case):
    case, browser = make_case(), as_account(hr)

    def call(act, **said):
        return browser.post(f"/api/cases/{case.pk}/{act}/", said, content_type="application/json")

    assert call("pause", reason="学习").status_code == 204
    assert call("pause", reason="学习").json()["code"] == "clash"
    whole = browser.get(f"/api/cases/{case.pk}/").json()
    assert (whole["pauses"][0]["reason"], whole["pauses"][0]["until"]) == ("学习", None)
    assert call("resume").status_code == 204
    assert call("pause").status_code == 400


def test_while_it_stands_still_nothing_is_said_and_nothing_expires(as_account, hr, make_case):
    case = make_case()
    as_account(hr).post(f"/cases/{case.pk}/clock/pause/", {"reason": "x"})
    WorkItem.objects.update(wake_at=timezone.now())  # even if something had set its alarm
    later = Clock(at=timezone.now() + timedelta(days=400), calendar=clocks.current())
    assert deadlines.sweep(later).nothing
    assert (Notice.objects.count(), Case.objects.get().state) == (0, "asked")


def test_who_is_away_is_shown_with_his_work(as_account, hr, officer, make_case):
    case = make_case(officer=officer.officer)
    actions.advance([case.pk], Errand.accept, actor=hr)
    actions.advance([case.pk], Errand.plan, actor=hr, inputs={"place": "省厅", "days": 3})
    today = timezone.localdate()
    set_absence(account=officer, from_day=today, to_day=today, reason="学习", actor=hr)
    assert "外出至" in as_account(hr).get(f"/cases/{case.pk}/").text


# A deadline that crosses into 2027 -------------------------------------------------------------------------------


@pytest.mark.usefixtures("published")
@time_machine.travel(datetime(2026, 12, 29, 2, tzinfo=UTC), tick=False)
def test_a_deadline_that_crosses_into_2027_says_that_it_is_provisional_until_the_list_is_loaded(
    as_account, hr, make_case, tmp_path, capsys
):
    case = make_case()
    browser = as_account(hr)
    page = browser.get(f"/cases/{case.pk}/")
    assert item_of(case).provisional
    assert "暂定：2027 年的节假日安排尚未公布，期限可能改变" in page.text
    assert 'data-due="provisional"' in page.text
    assert browser.get(f"/api/cases/{case.pk}/").json()["unpublished"] == [2027]
    file = tmp_path / "2027.csv"
    file.write_text("day,working,name,source\n2027-01-01,no,元旦,国办发明电〔2026〕1号\n", encoding="utf-8")
    call_command("load_calendar", str(file))
    assert "2027-01-05 改为 2027-01-06" in capsys.readouterr().out
    page = browser.get(f"/cases/{case.pk}/")
    assert "尚未公布" not in page.text
    assert date(2027, 1, 6) == timezone.localdate(item_of(case).due_at)
    assert OutboxMessage.objects.get(cause="notice").desk == "/B00/"
