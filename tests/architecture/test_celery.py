"""Deadlines are columns; Celery never holds one."""

import ast

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
