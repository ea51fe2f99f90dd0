"""`evaluate --preview --policy FILE`: a policy that is not in the database is tried, and nothing is kept of it."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from linkage.models import Decision, Policy, Run

SHIPPED = Path(__file__).parents[2] / "linkage" / "policies" / "reference.yaml"
SMALL = """
policy: trial
title: {zh: 试行, en: Trial}
version: "1"
grades: {annual: [优秀, 称职, 基本称职, 不称职]}
rules:
  T01:
    title: {zh: 优秀嘉奖, en: Commendation}
    for: officer
    cycle: annual
    when: {%s}
    outcome: reward:嘉奖
    basis: {doc: 公务员考核规定(2020), article: 19(1)}
"""


@pytest.fixture
def tried(haizhou, db, tmp_path):
    """What the command writes for a policy text."""

    def tried(text, *more):
        file, table = tmp_path / "trial.yaml", tmp_path / "trial.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        call_command(
            "evaluate", "2025", "--as-of", "2026-01-20", "--policy", str(file), "--csv", str(table), *more, verbosity=0
        )
        return table.read_bytes()

    yield tried
    assert [model.objects.count() for model in (Run, Decision, Policy)] == [0, 0, 0]


def test_the_shipped_file_says_what_the_shipped_policy_says(haizhou, tried):
    expected = (haizhou / "expected" / "decisions-2025-as-of-2026-01-20.csv").read_bytes()
    assert tried(SHIPPED.read_text("utf-8"), "--preview") == expected


def test_a_rule_nobody_has_saved_is_answered(tried):
    lines = tried(SMALL % "grade: 优秀", "--preview").decode().splitlines()
    assert lines[0] == "rule,subject,status,outcome,focus"
    assert len(lines) - 1 == 209  # the excellent ones of 2025, those barred by an honour gate among them
    assert {line.split(",")[0] for line in lines[1:]} == {"T01"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("policy: x\nwen: 1\n", r"trial.yaml:2:1: .*wen"),
        (SMALL % "indicator: {of: 不存在的指标, below: 60}", r"trial.yaml:\d+:\d+: .*不存在的指标"),
        (b"policy: \xff", r"trial.yaml: .*9"),
        ("", r"trial.yaml:1:1: "),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tried, text, said):
    with pytest.raises(CommandError, match=said) as refused:
        tried(text, "--preview")
    assert refused.value.returncode == 2


def test_a_missing_file_is_named(haizhou, db):
    with pytest.raises(CommandError, match="nowhere") as refused:
        call_command("evaluate", "2025", "--as-of", "2026-01-20", "--preview", "--policy", "nowhere.yaml")
    assert refused.value.returncode == 2


def test_a_file_decides_nothing(tried):
    with pytest.raises(CommandError, match="--preview") as refused:
        tried(SMALL % "grade: 优秀")
    assert refused.value.returncode == 2


def test_what_the_rules_about_rules_find_is_said_beside_it(tried, capsys):
    without = (SMALL % "grade: 不称职").replace("reward:嘉奖", "post_adjustment:降职")
    tried("\n".join(line for line in without.splitlines() if "basis" not in line), "--preview")
    assert "T01" in capsys.readouterr().err
