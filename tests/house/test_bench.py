"""The benchmark runs from end to end, on a handful of cases; that both its sides do the same it checks by itself."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest

from people.models import Posting
from tests.bench import cases, same, yardstick
from tests.bench.bureau import sql

pytestmark = [pytest.mark.house, pytest.mark.slow]


def test_a_tiny_benchmark_takes_every_figure(tmp_path):
    rows = tmp_path / "rows.json"
    environment = os.environ | {
        "TRILINK_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--tiny", "--json", str(rows)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert rows.exists(), done.stderr
    told = json.loads(rows.read_text())
    names = " ".join(figure["name"] for figure in told)
    readings = [figure for figure in told if "amount" in figure]
    figures = [figure for figure in told if figure not in readings]
    assert {tuple(figure) for figure in figures} == {("name", "seconds", "yardstick_seconds", "limit", "ratio")}
    assert {(tuple(figure), figure["amount"] > 0) for figure in readings} == {
        (("name", "amount", "unit", "goal"), True)
    }
    for scene in (
        "open",
        "move",
        "one by one",
        "alone",
        "4 clients",
        "one worker process",
        "message in an inbox",
        "sweep",
        "first page",
        "page 400",
        "pack",
        "older",
        "library",
        "previews",
    ):
        assert scene in names
    assert all(figure["seconds"] > 0 < figure["yardstick_seconds"] for figure in figures)
    # Exit code 1 says that a figure of these few cases is over its limit; nothing else may have gone wrong.
    assert not done.stderr
    assert len(told) == len(done.stdout.splitlines()) - 1


@pytest.mark.django_db
def test_the_benchmark_notices_when_its_sides_write_different_rows(station, make_officer):
    officer = make_officer(station)
    Posting.objects.create(officer=officer, unit=station, post_type=officer.post_type, from_day=date(2020, 1, 1))
    desk = cases.Desk.staffed()
    cases.want(1)
    scene = cases.Scene(desk=desk)
    with pytest.raises(AssertionError, match="TransitionRecord: 2 rows differ"):
        same.alike([scene.ours, lambda: yardstick.open_cases(desk.act("begin"), desk.clock)], before=clear)


def clear():
    """Within the transaction of a test, the foreign keys have not been looked at yet."""
    sql("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    cases.clear()
