"""Log lines are data: ids, and never a name, a grade or what an error said of itself."""

import json
import logging

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from config.logs import JsonLines, NotEverySecond
from tests.errand.kind import KIND
from workflows import outbox, running
from workflows.models import CaseReason, Job
from workflows.request_id import working_for

pytestmark = pytest.mark.django_db
NAMES = ("于雨", "何帅欣", "连续 3 年优秀", "送达文书", "送文件", "优秀", "96.13")


@pytest.fixture
def lines():
    """What is logged during the test, as the product would write it."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            if NotEverySecond().filter(record):
                written.append(self.format(record))

    handler = Kept()
    handler.setFormatter(JsonLines())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_journey_of_steps_leaves_ids_and_no_names(lines, make_case, as_account, hr, officer):
    case = make_case()
    browser = as_account(hr)
    for address in ("/", f"/cases/{case.pk}/", "/cases/?q=于雨", "/search/?q=于雨", "/people/于雨/"):
        browser.get(address)
    for step in KIND.model.State.values:
        browser.post(f"/cases/{case.pk}/{step}/", {"note": "于雨表现优秀"})
    outbox.deliver_all()
    text = "\n".join(lines)
    assert "steps were taken" in text
    assert [name for name in NAMES if name in text or json.dumps(name)[1:-1] in text] == []
    assert all(json.loads(line)["at"] for line in lines)


def test_an_error_tells_its_type_and_place_and_not_its_words(lines):
    try:
        raise ValueError("于雨 优秀") from KeyError("何帅欣")
    except ValueError:
        logging.getLogger("workflows.test").exception("it failed", extra={"action": "x", "name_of": "于雨"})
    line = json.loads(lines[-1])
    assert line["error"] == ["ValueError", "KeyError"]
    assert line["through"][-1].startswith("tests/pages/test_logs.py:")
    assert [name for name in NAMES if name in lines[-1]] == []


def test_a_row_the_database_refuses_is_not_told(lines, make_case):
    make_case()
    try:
        with transaction.atomic():
            CaseReason.objects.update(title_zh="于雨")
    except DatabaseError:
        logging.getLogger("workflows.test").exception("it failed")
    assert "RaiseException" in lines[-1] or "RestrictViolation" in lines[-1]
    assert "于雨" not in "\n".join(lines)


def test_a_task_that_failed_is_told_without_its_words(lines):
    context = {"name": "workflows.tasks.x", "id": "1", "exc": "ValueError('于雨')", "description": "raised unexpected"}
    logging.getLogger("celery.app.trace").error("Task %(name)s[%(id)s] %(description)s: %(exc)s", context)
    assert json.loads(lines[-1])["words"] == "Task workflows.tasks.x[1] raised unexpected: "


def test_a_field_that_is_no_id_is_left_out(lines):
    extra = {"action": "x", "case": "于雨", "kind": "reward", "taken": 3, "grade": "优秀"}
    logging.getLogger("workflows.test").info("said", extra=extra)
    line = json.loads(lines[-1])
    assert (line["action"], line["kind"], line["taken"]) == ("x", "reward", 3)
    assert "case" not in line
    assert "grade" not in line


def test_a_tick_of_every_second_that_went_well_is_no_line(lines):
    for name in ("workflows.tasks.deliver_outbox", "workflows.tasks.sweep_deadlines"):
        logging.getLogger("celery.app.trace").info("Task %(name)s", {"name": name})
    assert [json.loads(line)["words"] for line in lines] == ["Task workflows.tasks.sweep_deadlines"]


def test_a_request_gives_its_id_to_its_lines_its_answer_and_the_job_it_asks_for(lines, hr):
    offered = "proxy-given-0001"
    answer = Client().get("/nowhere/", headers={"X-Request-ID": offered})
    assert answer.headers["X-Request-ID"] == offered
    assert {json.loads(line).get("request") for line in lines if "answered 404" in line} == {offered}
    with working_for(offered):
        logging.getLogger("workflows.test").info("in a job")
    assert json.loads(lines[-1])["request"] == offered


@pytest.mark.parametrize("offered", ["", "short", "with space and 于雨", "x" * 65, "<script>alert"])
def test_an_id_that_is_none_is_replaced(offered):
    made = Client().get("/healthz", headers={"X-Request-ID": offered.encode().decode("latin-1")})
    assert len(made.headers["X-Request-ID"]) == 32


def test_a_job_works_under_the_id_of_the_request_that_asked(lines, hr, monkeypatch):
    job = Job.objects.create(kind="nobody knows", args={}, actor=hr, request="asked-by-this-1")
    running.run(job.pk)
    ended = [json.loads(line) for line in lines if "a job ended" in line]
    assert [(line["request"], line["job"], line["state"]) for line in ended] == [("asked-by-this-1", job.pk, "failed")]
