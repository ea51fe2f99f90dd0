"""Every clause of the shipped file is expressed by a rule or kept by a procedure, or is on the list of those not."""

import json
import re
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from linkage import library, outcomes, rules
from workflows import kinds
from workflows.calendars import Deadline

OUTCOME = r"\b(reward|reserve|training|post_adjustment|resource|restriction):(\w+)"
PROCEDURES = [(clause, entry) for clause, entries in library.kept_data("procedures").items() for entry in entries]
DUTIES = [entry for _, entry in PROCEDURES if "duty" in entry]
CONSTANTS = [entry for _, entry in PROCEDURES if "deadline" in entry]
STEPS = [entry["step"] for _, entry in PROCEDURES if "step" in entry]
AWARDS = [entry for _, entry in PROCEDURES if "award" in entry]
FIELDS = [entry["field"] for _, entry in PROCEDURES if "field" in entry]
CHECKS = [entry for _, entry in PROCEDURES if "finding" in entry]
BOOK = Path(__file__).parents[2] / "docs" / "rules"
SAID_IN_THE_BOOK = sorted({f"{k}:{w}" for p in BOOK.glob("*.md") for k, w in re.findall(OUTCOME, p.read_text("utf-8"))})
OUTCOMES = sorted({o for policy in library.shipped().values() for rule in policy.rules.values() for o in rule.outcomes})


def clauses_of(path: Any, *options: str) -> str:
    out = StringIO()
    call_command("clauses", str(path), *options, stdout=out)
    return out.getvalue()


def test_the_clauses_not_expressed_are_those_listed_with_a_reason():
    answers = [library.answer(clause) for clause in library.read_clauses(library.CLAUSES)]
    unsaid = {answer.clause.id for answer in answers if not answer.by}

    assert unsaid == set(library.kept_data("unsaid"))
    assert all(answer.why_zh and answer.why_en for answer in answers if not answer.by)
    assert len(answers) == 106


def test_nothing_names_a_clause_that_is_not_in_the_file():
    known = {clause.id for clause in library.read_clauses(library.CLAUSES)}

    assert set(library.expressions()) <= known


def test_every_procedure_is_checked_in_some_way():
    checked = len(DUTIES) + len(CONSTANTS) + len(STEPS) + len(AWARDS) + len(FIELDS) + len(CHECKS)

    assert checked == len(PROCEDURES)
    assert all(entry["zh"] and entry["en"] for _, entry in PROCEDURES)


@pytest.mark.parametrize("entry", DUTIES, ids=lambda entry: entry["duty"])
def test_a_duty_is_there_with_that_deadline(entry):
    kind, state = entry["duty"].split(".")

    assert kinds.get(kind).duties[state].due == Deadline.parse(entry["due"])


@pytest.mark.parametrize("entry", CONSTANTS, ids=lambda entry: entry["deadline"])
def test_a_deadline_of_the_code_is_that_long(entry):
    module, name = entry["deadline"].rsplit(".", 1)
    due = entry["due"] if isinstance(entry["due"], int) else Deadline.parse(entry["due"])  # a number is of working days

    assert getattr(import_module(module), name) == due


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_there(step):
    kind, name = step.split(".")

    assert name in kinds.steps(kinds.get(kind))


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_there(field):
    app, model, name = field.split(".")

    assert apps.get_model(app, model)._meta.get_field(name)


@pytest.mark.parametrize("entry", AWARDS, ids=lambda entry: entry["award"])
def test_an_award_is_in_the_catalogue_under_those_terms(db, entry):
    award = apps.get_model("rewards", "Award").objects.get(code=entry["award"])

    assert (award.notice_days, award.organ) == (entry["notice_days"], entry["organ"])


@pytest.mark.parametrize("entry", CHECKS, ids=lambda entry: entry["finding"])
def test_a_policy_against_the_clause_is_found_out(entry):
    found = rules.check(rules.parse(entry["policy"]))

    assert any(finding.level == "error" and entry["finding"] in finding.text_zh for finding in found)


@pytest.mark.parametrize("outcome", sorted({*OUTCOMES, *SAID_IN_THE_BOOK}))
def test_every_outcome_of_the_library_and_the_handbook_can_be_carried(outcome):
    assert outcomes.refused(outcome) == ""


@pytest.mark.parametrize("outcome", ["dismissal:review", "training:nonsense", "post_adjustment:流放", "x"])
def test_an_outcome_that_no_kind_knows_is_told(outcome):
    assert outcomes.refused(outcome)


def test_the_command_lists_the_rules_of_each_clause():
    text = clauses_of(library.CLAUSES)

    assert "CN-020 公务员考核规定(2020) 19(1)\n    规则 reference.yaml P01 年度优秀予以嘉奖\n" in text
    assert "    规则 library/appraisal-regulation.yaml CN-020 年度优秀予以嘉奖\n" in text
    assert "    程序 procedures.yaml CN-041/1 拟入库人选公示五个工作日\n" in text
    assert text.splitlines()[-1].startswith("共 106 条：已表达 ")


def test_the_command_speaks_json(tmp_path):
    file = tmp_path / "own.json"
    file.write_text('[{"id": "CN-021", "document": "d"}, {"id": "OWN-1", "original_text": "t"}]', "utf-8")
    known, unknown = json.loads(clauses_of(file, "--json"))

    assert {by["id"] for by in known["by"]} == {"P02", "CN-021"}
    assert (unknown["expressed"], unknown["by"], unknown["why"]) == (False, [], None)


BAD = [
    (b"", "第 1 行第 1 列"),
    (b'[{"id": "a"},\n {"id": }]', "第 2 行第 9 列"),
    (b"\xff[]", "第 1 字节"),
    (b'{"id": "a"}', "列表"),
    (b'["a"]', "第 1 条"),
    (b'[{"id": "a"}, {}]', "第 2 条：缺少“id”"),
    (b'[{"id": "a"}, {"id": "a"}]', "第 2 条：“a”出现两次"),
    (b'[{"id": "a", "article": 3}]', "第 1 条：“article”应为文字"),
    (b"[" * 100_000, "嵌套过深"),
]


@pytest.mark.parametrize(("content", "said"), BAD)
def test_a_bad_file_is_refused_with_place_and_reason(tmp_path, content, said):
    file = tmp_path / "bad.json"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=said.replace("[", r"\[")) as refused:
        clauses_of(file)

    assert refused.value.returncode == 2


def test_a_file_that_is_not_there_or_too_long_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "MOST_BYTES", 10)
    long = tmp_path / "long.json"
    long.write_text('[{"id": "abcdef"}]')
    for path, said in ((tmp_path / "none.json", "none.json"), (long, "不得超过 10 字节")):
        with pytest.raises(CommandError, match=said):
            clauses_of(path)
