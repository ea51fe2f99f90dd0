"""Taking over a published list of holidays: all of it or nothing, and the deadlines that hang on it."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from tests.errand.kind import KIND
from workflows import clock as clocks
from workflows.actions import open_cases
from workflows.calendars import Clock
from workflows.models import CalendarDay, CalendarYear, ItemChange, WorkItem

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


def test_a_step_is_counted_by_the_calendar_in_force(hr):
    assert clocks.now().calendar.is_working(date(2026, 2, 14))
