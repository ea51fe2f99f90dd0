"""Loading a folder: all of it or nothing, the same twice changes nothing."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from appraisal.loading.folder import BadFolder, load_folder
from appraisal.models import Cycle, CycleRecord, Fact, Result, SchemeWeight, Staffing, Workload
from people import events
from people.models import Officer, Posting, Unit

pytestmark = pytest.mark.django_db
TABLES = (Unit, Officer, Posting, Cycle, CycleRecord, SchemeWeight, Result, Fact, Workload, Staffing)


def counts():
    return [table.objects.count() for table in TABLES]


def added(merged):
    return {one.name: one.added for one in merged if one.added}


def changed(merged):
    return {one.name: one.changed for one in merged if one.changed}


def test_it_loads_a_folder(folder):
    load_folder(folder)
    assert counts() == [3, 2, 3, 3, 3, 4, 5, 2, 1, 1]
    officer = Officer.objects.get(badge="2200001")
    assert (officer.unit.path, officer.unit.parent.code) == ("/B00/F01/F01P01/", "F01")
    result = officer.results.get(cycle__code="2025")
    assert (result.grade, result.score, result.indicators) == ("优秀", 92.0, {"群众满意度": 91, "风险排查数": 93.5})
    assert (result.recorded_on, result.recorded_by.username) == (date(2026, 1, 12), "loader")
    assert officer.postings.filter(is_leader=True).count() == 1


def test_ended_cycles_come_in_as_final_and_running_ones_collect(folder, change, time_machine):
    time_machine.move_to("2026-06-01 10:00+08:00")
    change("cycles.csv", "2025Q4,", "2026,annual,2026-01-01,2026-12-31\n2025Q4,")
    load_folder(folder)
    states = dict(Cycle.objects.values_list("code", "state"))
    assert states == {"2024": "final", "2025": "final", "2025Q4": "final", "2026": "collecting"}
    record = CycleRecord.objects.get(cycle__code="2025")
    assert (record.step, record.source, record.target, record.actor.username) == ("load", "", "final", "loader")


def test_the_same_folder_twice_changes_nothing(folder):
    load_folder(folder)
    before = counts()
    merged = load_folder(folder)
    assert (added(merged), changed(merged), counts()) == ({}, {}, before)


def test_a_correction_is_one_more_row(folder, change):
    load_folder(folder)
    change("results-annual.csv", "2025,F01P01", "2025,2200001,graded,60,基本称职,2026-03-28,50,60,,\n2025,F01P01")
    assert added(load_folder(folder)) == {"results": 1}
    latest = Result.objects.filter(officer__badge="2200001", cycle__code="2025").order_by("recorded_on", "pk").last()
    assert latest.grade == "基本称职"


def test_of_two_lines_of_one_day_the_later_gets_the_higher_number(folder, change):
    again = "2025,2200001,graded,88,称职,2026-01-12,91,93.5,,\n"
    change("results-annual.csv", "2025,F01P01", again + "2025,F01P01")
    load_folder(folder)
    rows = Result.objects.filter(officer__badge="2200001", cycle__code="2025").order_by("pk")
    assert [row.grade for row in rows] == ["优秀", "称职"]


def test_a_line_said_again_at_the_end_is_the_last_word(folder, change):
    first = "2025,2200001,graded,92,优秀,2026-01-12,91,93.5,,\n"
    other = "2025,2200001,graded,88,称职,2026-01-12,91,93.5,,\n"
    change("results-annual.csv", first, first + other + first)
    load_folder(folder)
    rows = Result.objects.filter(officer__badge="2200001", cycle__code="2025").order_by("pk")
    assert [row.grade for row in rows] == ["称职", "优秀"]


def test_master_data_is_brought_up_to_date(folder, change):
    load_folder(folder)
    change("units.csv", "新华派出所", "新华路派出所")
    change("officers.csv", "一级警员", "二级警长")
    change("workload.csv", "165", "170")
    change("postings.csv", "2024-03-01,", "2024-03-01,2026-06-30")
    assert changed(load_folder(folder)) == {"units": 1, "officers": 1, "postings": 1, "workload": 1}
    assert Unit.objects.get(code="F01P01").name == "新华路派出所"


def test_who_is_elsewhere_after_a_load_is_told_of(folder, change, monkeypatch):
    heard = []
    load_folder(folder)
    monkeypatch.setattr(events, "_on_move", [heard.append])
    load_folder(folder)
    assert heard == []
    change("officers.csv", "F01P01,内勤", "F01,内勤")
    load_folder(folder)
    (moved,) = heard
    assert list(moved.officer_ids) == [Officer.objects.get(badge="2200002").pk]


def test_a_file_may_refer_to_what_was_loaded_before(folder, change):
    load_folder(folder)
    change("officers.csv", "2200002,陈晨丹,女,1974-07-23,2004-10-18,F01P01,内勤,二级警长,在编,\n", "")
    change("postings.csv", "2200002,F01P01,内勤,否,2015-01-01,\n", "")
    assert added(load_folder(folder)) == {}


def test_one_bad_line_and_nothing_is_saved(folder, change):
    change("staffing.csv", "20,19", "20,many")
    with pytest.raises(BadFolder):
        load_folder(folder)
    assert counts() == [0] * len(TABLES)


def test_the_command_names_each_bad_line_and_ends_with_2(folder, change, capsys):
    change("results-annual.csv", "优秀", "优")
    change("officers.csv", "男,1969", "男人,1969")
    with pytest.raises(CommandError) as failed:
        call_command("load_bureau", folder)
    assert failed.value.returncode == 2
    assert str(failed.value) == "共 2 处错误。没有导入任何一行。"
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if not line.startswith("[")] == [
        "officers.csv 第 2 行“sex”列：写的是“男人”。应为：男、女；是不是“男”？",
        "results-annual.csv 第 3 行“grade”列：写的是“优”。应为：优秀、称职、基本称职、不称职；是不是“优秀”？",
    ]


def test_the_command_prints_what_it_added(folder, capsys):
    call_command("load_bureau", folder)
    table = capsys.readouterr().out
    assert "results            5         5         0         0" in table
    call_command("load_bureau", folder, json=True)
    figures = json.loads(capsys.readouterr().out)
    assert figures["results"] == {"rows": 5, "added": 0, "changed": 0, "unchanged": 5}


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(CommandError):
        call_command("load_bureau", tmp_path / "nowhere")
