"""Deadlines are columns; Celery never holds one."""

import ast

from django.conf import settings

import workflows.tasks  # noqa: F401 - what beat calls must be known
from config import settings as product_settings
from config.celery import app
from config.programs import all_programs
from tests.architecture.tree import ROOT, code

LONGEST_COUNTDOWN = 60


def calls():
    for path in code():
        if path.parts[0] == "tests":
            continue
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                yield path, node, getattr(node.func, "attr", getattr(node.func, "id", ""))


def test_no_task_is_told_a_time():
    told = [
        f"{path}:{node.lineno}"
        for path, node, name in calls()
        if name in {"apply_async", "retry", "send_task", "s", "si", "signature"}
        for keyword in node.keywords
        if keyword.arg == "eta"
    ]
    assert told == []


def test_a_retry_waits_a_minute_at_most():
    too_long = [
        f"{path}:{node.lineno}"
        for path, node, _name in calls()
        for keyword in node.keywords
        if keyword.arg in {"countdown", "retry_backoff_max", "default_retry_delay"}
        and not (isinstance(keyword.value, ast.Constant) and keyword.value.value <= LONGEST_COUNTDOWN)
    ]
    assert too_long == []


PUBLISH = {"delay", "apply_async", "send_task", "retry"}


def test_only_a_tick_puts_anything_into_the_queue():
    """A page or an action that spoke to Redis would hang or fail with it."""
    speaking = {str(path) for path, _node, name in calls() if name in PUBLISH}
    assert speaking <= {"workflows/tasks.py"}


def test_a_killed_worker_loses_no_task_and_holds_none_back():
    conf = app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (True, True, 1)
    assert (conf.task_serializer, conf.accept_content) == ("json", ["json"])
    assert 0 < conf.task_soft_time_limit < conf.task_time_limit
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["unacked_restore_interval"] == 2


def test_nothing_is_given_to_a_second_worker_while_the_first_may_be_at_it():
    longest = [limits["time_limit"] for limits in settings.CELERY_TASK_ANNOTATIONS.values()]
    given_again = product_settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert max([settings.CELERY_TASK_TIME_LIMIT, *longest]) < given_again


def test_every_call_of_beat_is_a_task_with_a_queue_that_is_served_and_expires(tmp_path):
    argv = [word for program in all_programs(address="x:1", home=tmp_path) for word in program.argv]
    served = {queue for at, word in enumerate(argv) if word == "--queues" for queue in argv[at + 1].split(",")}
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks
        assert 0 < entry["options"]["expires"] <= max(10, entry["schedule"])
        assert settings.CELERY_TASK_ROUTES.get(entry["task"], {"queue": app.conf.task_default_queue})["queue"] in served
    assert {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {"dispatch"} == served
