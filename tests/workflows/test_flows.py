"""The pages of the state machines, the cases that fell out of them, and what is checked of a kind at start."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.errand.kind import KIND
from tests.errand.models import Errand, State
from workflows import flows, kinds
from workflows.calendars import Deadline
from workflows.checks import check_kinds, faults
from workflows.kinds import Duty

FOLDER = Path(settings.BASE_DIR) / "docs" / "flows"
SHIPPED = [kind for kind in kinds.registered() if kind.model.__module__.split(".")[0] != "tests"]


@pytest.mark.parametrize("kind", SHIPPED, ids=lambda kind: kind.name)
def test_the_pages_are_fresh(kind):
    assert (FOLDER / f"{kind.name}.md").read_text(encoding="utf-8") == flows.page(kind), "run manage.py draw_flows"


def test_a_page_shows_states_steps_duties_and_guards():
    page = flows.page(KIND)
    assert "asked --> accepted: 受理" in page
    assert "held --> planned: 恢复" in page  # one arrow for each state it may go back to
    assert "accepted --> accepted: 备注" in page
    assert "done --> [*]" in page
    assert "政治处: 受理 | 5 个工作日; 3 个工作日后提醒; 到期：失效" in page
    assert "`finish` → 已完成 (政治处): 地点已确定" in page


def test_the_command_writes_a_page_for_each_kind(tmp_path):
    call_command("draw_flows", "--folder", str(tmp_path))
    assert {file.stem for file in tmp_path.iterdir()} >= {"errand"}


@pytest.mark.django_db
def test_cases_in_a_state_that_is_gone_stop_a_deployment(make, capsys):
    (case,) = make()
    call_command("check_flows")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL workflows.door = 'open'")
        cursor.execute("UPDATE workflows_case SET state = 'asked_long_ago'")
    with pytest.raises(SystemExit) as stopped:
        call_command("check_flows")
    assert stopped.value.code == 1
    assert f"事项 {case}（errand）：状态 asked_long_ago 已不存在" in capsys.readouterr().out


def test_every_registered_kind_passes_the_checks():
    assert check_kinds() == []


def hr_duty(**more):
    return Duty(role="hr", title="x", due=Deadline(number=1), **more)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"path": ("asked", "nowhere")}, "nowhere is no state"),
        ({"duties": {}}, "in asked nobody has anything to do"),
        ({"initial": State.DONE}, "no step leads to asked"),
        ({"duties": {**KIND.duties, State.HELD: replace(hr_duty(), role="king")}}, "king is no role"),
        ({"duties": {**KIND.duties, State.HELD: hr_duty(expiry=flows.page)}}, "page is no step"),
    ],
)
def test_a_kind_that_contradicts_itself_is_found(change, told):
    assert any(told in words for _, words in faults(replace(KIND, **change)))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("permission", None, "open to everybody"),
        ("on_error", State.DONE, "on_error"),
        ("custom", {}, "has no label"),
        ("conditions", [lambda case: True], "has no words"),
    ],
)
def test_a_step_that_lacks_something_is_found(monkeypatch, name, value, told):
    monkeypatch.setattr(Errand.accept._django_fsm.get_transition(State.ASKED), name, value)
    assert any(told in words for _, words in faults(KIND))


def test_a_field_the_engine_would_read_otherwise_is_found(monkeypatch):
    field = Errand._meta.get_field("place")
    monkeypatch.setattr(field, "from_db_value", lambda *_: "x", raising=False)
    assert any("converted when it is read" in words for _, words in faults(KIND))


def test_a_step_belongs_to_one_kind():
    with pytest.raises(ValueError, match="belongs to two kinds"):
        kinds.register(replace(KIND, name="other"))
    kinds._kinds.pop("other", None)
