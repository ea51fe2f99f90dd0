"""The first start of an empty product loads the sample bureau, all of it, whatever comes between."""

import json
import signal

import pytest

from config import demo
from tests.product import wait_until

pytestmark = [pytest.mark.house, pytest.mark.slow]


def test_an_interrupted_demo_is_finished_by_the_next_start(make_product):
    product = make_product("home", "--verbosity=1")
    product.start().wait_for(demo.RUNS[1][0])
    product.stop(signal.SIGKILL)
    wait_until(lambda: product.running() == [])
    assert demo.Mark(path=product.home / "demo").is_begun
    product.start().wait_until_up()
    assert demo.Mark(path=product.home / "demo").is_finished
    shown = "".join(product.said)
    for name in ("hr", "leader", "training", "equipment", "inspector", "auditor", "admin", "committee-1"):
        assert f" {name} " in shown
    for cycle, day in demo.RUNS:
        opened = json.loads(product.manage("open_cases", cycle, "--as-of", day, "--json").stdout)
        assert set(opened["opened"].values()) == {0}
    assert product.manage("check_invariants").returncode == 0
    product.stop()
    product.start().wait_until_up()
    assert demo.FOLDER.name not in "".join(product.said)


@pytest.mark.parametrize(
    ("embedded", "asked", "state", "wanted"),
    [
        (True, False, "empty", True),  # the first start
        (True, False, "begun", True),  # interrupted
        (True, False, "finished", False),
        (True, False, "in use", False),  # somebody's own data
        (False, False, "empty", False),  # never on a database of one's own by itself
        (False, True, "empty", True),
        (False, True, "in use", True),
    ],
)
def test_when_the_demo_is_wanted(tmp_path, monkeypatch, embedded, asked, state, wanted):
    mark = demo.Mark(path=tmp_path / "demo")
    if state == "begun":
        mark.begin()
    if state == "finished":
        mark.finish()
    monkeypatch.setattr(demo, "is_empty", lambda: state == "empty")
    assert demo.is_wanted(mark=mark, embedded=embedded, asked=asked) is wanted


@pytest.mark.django_db
def test_a_database_with_a_unit_is_not_empty(request):
    assert demo.is_empty()
    request.getfixturevalue("bureau")
    assert not demo.is_empty()
