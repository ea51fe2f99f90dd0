"""`evaluate`: what the reference policies decide from the database is what the sample says they must."""

import re
from datetime import date
from functools import partial

import pytest
from django.core.management import CommandError, call_command

from appraisal.models import Cycle, CycleState, Result
from linkage import evaluation, parts, register, rules, wording
from linkage.models import Decision, Policy, Run
from linkage.refusals import CycleNotFinal, PolicyNotSound
from people.models import Officer

RUNS = [
    ("2024", "2025-01-20"),
    ("2025", "2026-01-20"),
    ("2025", "2026-03-31"),
    ("2025Q4", "2026-01-10"),
    ("2025-12", "2026-01-05"),
]


@pytest.mark.parametrize(("code", "day"), RUNS)
def test_a_run_decides_row_for_row_what_the_sample_expects(haizhou, db, tmp_path, code, day):
    expected = (haizhou / "expected" / f"decisions-{code}-as-of-{day}.csv").read_bytes()
    for number, more in enumerate((["--preview"], [])):
        file = tmp_path / f"{number}.csv"
        call_command("evaluate", code, "--as-of", day, "--csv", str(file), *more, verbosity=0)
        assert file.read_bytes() == expected


def test_a_preview_saves_nothing(haizhou, db):
    call_command("evaluate", "2025", "--as-of", "2026-01-20", "--preview", verbosity=0)
    assert not Run.objects.exists()
    assert not Decision.objects.exists()
    assert not Policy.objects.exists()


def test_running_twice_decides_once(cycle, loader):
    first = evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader)
    again = evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader)
    assert first == again
    assert Decision.objects.count() == 967


def test_what_a_policy_asks_in_vain_is_said_with_its_place(cycle, loader):
    text = (register.SHIPPED / "reference.yaml").read_text(encoding="utf-8").replace("of: 群众满意度", "of: 群众满意")
    Policy.objects.create(code="reference", version="9", text=text, state="in_force", from_day=date(2020, 1, 1))
    for decide in (evaluation.preview, partial(evaluation.evaluate, actor=loader)):
        with pytest.raises(PolicyNotSound, match="群众满意度"):
            decide(cycle("2025Q4"), as_of=date(2026, 1, 10))
    assert not Run.objects.exists()


def test_a_later_day_is_a_full_run_of_its_own_and_the_one_that_lives(cycle, loader):
    evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader)
    later = evaluation.evaluate(cycle("2025"), as_of=date(2026, 3, 31), actor=loader)
    assert Decision.objects.count() == 967 + 968
    assert set(Decision.objects.live().values_list("run", flat=True)) == {later.pk}


def test_an_earlier_day_decided_later_does_not_take_its_place(cycle, loader):
    later = evaluation.evaluate(cycle("2025"), as_of=date(2026, 3, 31), actor=loader)
    evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader)
    assert set(Decision.objects.live().values_list("run", flat=True)) == {later.pk}


def test_a_day_that_now_says_something_else_is_kept_as_a_further_run(cycle, loader):
    first = evaluation.evaluate(cycle("2025"), as_of=date(2026, 3, 31), actor=loader)
    fired = first.decisions.filter(rule="P04").first()
    Result.objects.create(
        cycle=first.cycle,
        officer=fired.officer,
        status="graded",
        grade="称职",
        score=80,
        recorded_on=date(2026, 3, 31),
        recorded_by=loader,
        reason="更正",
    )
    second = evaluation.evaluate(cycle("2025"), as_of=date(2026, 3, 31), actor=loader)
    assert (second.number, second.decisions.filter(rule="P04", officer=fired.officer).exists()) == (2, False)


def test_what_became_known_later_is_not_seen(cycle, loader):
    table = evaluation.preview(cycle("2025"), as_of=date(2025, 12, 31))
    assert table.height == 0  # the year's results were recorded in January


def test_every_decision_says_why_in_both_languages(cycle, loader):
    run = evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader)
    for decision in run.decisions.all():
        assert re.search("[\u4e00-\u9fff]", decision.words_zh)
        assert decision.words_en
        assert decision.evidence
        assert all(row["what"]["zh"] and row["content"]["zh"] for row in decision.evidence)


@pytest.mark.parametrize("state", [s for s in CycleState if s not in ("final", "linked")])
def test_a_cycle_that_is_not_final_is_only_previewed(cycle, loader, state):
    Cycle.objects.filter(code="2025").update(state=state)
    assert evaluation.preview(cycle("2025"), as_of=date(2026, 1, 20)).height == 967
    with pytest.raises(CycleNotFinal, match="2025"):
        evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader)
    with pytest.raises(CommandError) as refused:
        call_command("evaluate", "2025", "--as-of", "2026-01-20")
    assert refused.value.returncode == 2
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["2031", "--as-of", "2026-01-20"], "2031"),
        (["2025", "--as-of", "2026-02-30"], "2026-02-30"),
        (["2025", "--as-of", "明天"], "明天"),
        (["2025", "--as-of", "2026-01-20", "--preview", "--csv", "/nowhere/x.csv"], "/nowhere/x.csv"),
    ],
)
@pytest.mark.parametrize("command", ["evaluate", "open_cases"])
def test_bad_input_is_answered_with_what_is_wrong(haizhou, db, command, args, said):
    if command == "open_cases" and "--csv" in args:
        args = ["2025Q9", "--as-of", "2026-01-20"]
        said = "2025Q9"
    with pytest.raises(CommandError, match=re.escape(said)) as refused:
        call_command(command, *args)
    assert refused.value.returncode == 2
    assert not Run.objects.exists()


def test_what_was_missing_leaves_out_what_need_not_be(haizhou, db, loader, cycle):
    evaluation.evaluate(cycle("2025"), as_of=date(2026, 3, 31), actor=loader)
    officer = Officer.objects.get(badge="2201199")  # 基本称职, two years before 称职
    found = parts.explained(officer, cycle("2025")).not_fired
    missing = {one.rule.id: [answer.words for answer in one.missing("zh")] for one in found}
    assert missing["P01"] == ["等次为优秀"]  # and not the sanction that is not there
    assert missing["P05"] == ["等次为不称职"]  # and nothing of P06, which is not met as it should be
    assert "P04" not in missing


def test_a_basis_is_cited_as_papers_cite_it():
    basis = [rules.Basis("公务员法", "88(1), 89"), rules.Basis("地方规定", text="逐级公示")]
    assert wording.cited(basis) == "《公务员法》第88(1)、89条；《地方规定》：逐级公示"
