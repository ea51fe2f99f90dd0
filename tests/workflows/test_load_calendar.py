"""Taking over a published list of holidays: all of it or nothing, and the deadlines that hang on it."""

import re
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.errand.kind import KIND
from workflows import calendar_changes, ledger, outbox
from workflows import clock as clocks
from workflows.actions import open_cases
from workflows.calendars import Clock
from workflows.models import CalendarDay, CalendarVersion, CalendarYear, ItemChange, LocalDay, OutboxMessage, WorkItem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
HEAD = "day,working,name,source\n"


@pytest.fixture
def load(tmp_path):
    def load(text):
        file = tmp_path / "2027.csv"
        file.write_text(text, encoding="utf-8")
        call_command("load_calendar", str(file))

    return load


@pytest.fixture
def provisional(opening, hr):
    """A deadline that runs into 2027: five working days from Wednesday 30 December 2026."""
    clock = Clock(at=datetime(2026, 12, 30, 2, tzinfo=UTC), calendar=clocks.current())
    open_cases([opening("a")], KIND, actor=hr, clock=clock)
    return WorkItem.objects.get()


def test_a_new_list_moves_the_deadlines_that_waited_for_it(load, provisional, due, capsys):
    assert (provisional.due_at, provisional.provisional) == (due(2027, 1, 6), True)
    load(HEAD + "2027-01-01,no,元旦,国办发明电〔2026〕1号\n2027-01-02,yes,元旦调休上班,国办发明电〔2026〕1号\n")
    provisional.refresh_from_db()
    assert (provisional.due_at, provisional.provisional) == (due(2027, 1, 6), False)
    load(HEAD + "2027-01-01,no,元旦,国办发明电〔2026〕2号\n2027-01-04,no,元旦,国办发明电〔2026〕2号\n")
    provisional.refresh_from_db()
    assert provisional.due_at == due(2027, 1, 8)
    assert "2027-01-06 改为 2027-01-08" in capsys.readouterr().out
    change = ItemChange.objects.get()
    assert (change.why, change.note, change.actor.username) == ("calendar", "国办发明电〔2026〕2号", "console")
    assert CalendarYear.objects.get(year=2027).source == "国办发明电〔2026〕2号"
    assert clocks.current().published(2027)


def test_the_shipped_list_loads_as_it_is(capsys):
    days = set(CalendarDay.objects.values_list("day", "working", "name"))
    call_command("load_calendar", "workflows/data/calendar.csv")
    assert set(CalendarDay.objects.values_list("day", "working", "name")) == days
    assert "0 项期限改变" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("date,free\n2027-01-01,1\n", "第 1 行：列应为"),
        (HEAD, "文件里没有日期"),
        (HEAD + "2027-02-30,no,x,s\n", "第 2 行，day"),
        (HEAD + "2027-01-01,maybe,x,s\n", "第 2 行，working"),
        (HEAD + "2027-01-01,no,,s\n", "第 2 行，name"),
        (HEAD + "2027-01-01,no,x\n", "第 2 行，source"),
        (HEAD + "2027-01-01,no,x,s,more\n", "第 2 行"),
        (HEAD + "2027-01-01,no,x,s\n2027-01-01,no,x,s\n", "第 3 行：与第 2 行是同一天"),
        (HEAD + "2027-01-05,yes,x,s\n", "2027-01-05 不是周末"),
        (HEAD + "2027-01-01,no,x,s\n2027-01-02,no,x,t\n", "第 3 行，source"),
    ],
)
def test_a_bad_file_is_refused_whole_with_each_bad_line(load, text, told):
    before = list(CalendarDay.objects.all())
    with pytest.raises(CommandError, match=told) as refused:
        load(text)
    assert refused.value.returncode == 2
    assert list(CalendarDay.objects.all()) == before
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_is_none_is_refused(tmp_path, name):
    with pytest.raises(CommandError) as refused:
        call_command("load_calendar", str(tmp_path / name))
    assert refused.value.returncode == 2


def test_each_loading_is_a_version_and_items_say_by_which_they_were_reckoned(load, provisional):
    first = CalendarVersion.objects.get()
    assert provisional.calendar == first
    load(HEAD + "2027-01-01,no,元旦,国办发明电〔2026〕1号\n2027-01-04,no,元旦,国办发明电〔2026〕1号\n")
    provisional.refresh_from_db()
    second = CalendarVersion.objects.get(pk=provisional.calendar_id)
    assert (second.pk > first.pk, second.what, second.actor.username, second.moved) == (
        True,
        "国办发明电〔2026〕1号",
        "console",
        1,
    )


def test_each_desk_is_told_once_how_many_of_its_deadlines_moved(load, provisional, opening, hr, bureau):
    clock = Clock(at=provisional.opened_at, calendar=clocks.current())
    open_cases([opening("b"), opening("c")], KIND, actor=hr, clock=clock)
    load(HEAD + "2027-01-01,no,元旦,国办发明电〔2026〕1号\n2027-01-04,no,元旦,国办发明电〔2026〕1号\n")
    message = OutboxMessage.objects.get(cause="notice")
    assert (message.role, message.desk, message.case, message.payload["count"]) == ("hr", bureau.path, None, 3)
    assert message.payload["title_zh"] == "3 件待办的期限已改变：国办发明电〔2026〕1号"


def test_the_message_leads_to_the_case_and_of_several_to_the_desk(load, provisional, opening, hr, as_account):
    def told():
        outbox.deliver_all()
        page = as_account(hr).get("/messages/").text
        return re.findall(r'<a href="([^"]+)">\d 件待办的期限已改变', page)

    load(HEAD + "2027-01-01,no,元旦,国办发明电〔2026〕1号\n2027-01-04,no,元旦,国办发明电〔2026〕1号\n")
    assert told() == [f"/cases/{provisional.case_id}/"]
    clock = Clock(at=provisional.opened_at, calendar=clocks.current())
    open_cases([opening("b")], KIND, actor=hr, clock=clock)
    load(HEAD + "2027-01-01,no,元旦,国办发明电〔2026〕2号\n")
    assert told() == [reverse("workflows:desk"), f"/cases/{provisional.case_id}/"]


def test_a_unit_has_days_of_its_own(load, provisional, opening, hr, bureau, branch, due):
    """The duty lies on the bureau's desk: the bureau's festival moves it, the branch's does not."""
    local = HEAD.replace("source", "source,unit")
    load(local + "2027-01-04,no,建局日,海局通〔2026〕3号,F01\n")
    provisional.refresh_from_db()
    assert provisional.due_at == due(2027, 1, 6)
    load(local + "2027-01-04,no,建局日,海局通〔2026〕3号,B00\n")
    provisional.refresh_from_db()
    assert (provisional.due_at, provisional.provisional) == (due(2027, 1, 7), True)
    clock = Clock(at=provisional.opened_at, calendar=clocks.current())
    (case,) = open_cases([opening("b")], KIND, actor=hr, clock=clock).cases
    assert WorkItem.objects.get(case=case).due_at == due(2027, 1, 7)
    load(local + "2027-01-05,yes,建局日,海局通〔2026〕4号,B00\n")  # the whole list of the unit's year
    assert LocalDay.objects.filter(unit=bureau).count() == 1
    provisional.refresh_from_db()
    assert provisional.due_at == due(2027, 1, 6)


def test_an_unknown_unit_is_refused(load):
    with pytest.raises(CommandError, match="没有代码为 X9 的单位"):
        load(HEAD.replace("source", "source,unit") + "2027-01-04,no,节,文,X9\n")
    assert CalendarVersion.objects.count() == 1


def test_what_was_reckoned_by_a_calendar_still_kept_is_counted_again(load, provisional, opening, hr, due):
    old = clocks.current()
    load(HEAD + "2027-01-01,no,元旦,国办发明电〔2026〕1号\n2027-01-04,no,元旦,国办发明电〔2026〕1号\n")
    (case,) = open_cases([opening("b")], KIND, actor=hr, clock=Clock(at=provisional.opened_at, calendar=old)).cases
    assert WorkItem.objects.get(case=case).due_at == due(2027, 1, 6)
    assert len(calendar_changes.count_stale(actor=hr)) == 1
    assert WorkItem.objects.get(case=case).due_at == due(2027, 1, 8)
    assert calendar_changes.count_stale(actor=hr) == []


def test_a_recount_minds_the_pauses_before_it_and_the_one_that_lasts(load, provisional, hr, due):
    def at(day):
        return Clock(at=datetime(2027, 1, day, 2, tzinfo=UTC), calendar=clocks.current())

    case = [provisional.case_id]
    ledger.pause(case, actor=hr, clock=at(1), note="学习")  # two of five working days are over
    ledger.resume(case, actor=hr, clock=at(4), note="回来")
    ledger.pause(case, actor=hr, clock=at(5), note="住院")  # one more is over
    provisional.refresh_from_db()
    assert (provisional.due_at, provisional.wake_at) == (due(2027, 1, 7), None)
    load(HEAD + "2027-01-01,no,元旦,国办发明电〔2026〕1号\n")  # a day that was thought worked was none
    provisional.refresh_from_db()
    assert (provisional.due_at, provisional.wake_at, provisional.provisional) == (due(2027, 1, 8), None, False)
    ledger.resume(case, actor=hr, clock=at(18), note="出院")
    provisional.refresh_from_db()
    assert provisional.due_at == due(2027, 1, 21)  # three working days after the 18th


def test_a_step_is_counted_by_the_calendar_in_force(hr):
    assert clocks.now().calendar.is_working(date(2026, 2, 14))
