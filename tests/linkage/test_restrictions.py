"""What a rule forbids stands in the register: it opens no case, and nothing else waits for it."""

from datetime import date

from linkage import evaluation, opening
from linkage.models import Decision
from linkage.models.decisions import outcome_title


def test_a_restriction_opens_no_case_and_stays_decided(cycle, loader):
    run = evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader)
    run.decisions.filter(rule="P15").update(outcome="restriction:不得晋升")
    open_ones = run.decisions.filter(status="open").count()
    restricted = run.decisions.filter(outcome="restriction:不得晋升", status="open").count()
    opened = opening.open_run(run, actor=loader)

    assert restricted
    assert sum(opened.cases.values()) + opened.joined == open_ones - restricted
    left = Decision.objects.filter(run=run, rule="P15", status="open")
    assert not left.filter(case__isnull=False).exists()
    assert {decision.fired for decision in left[:1]} == {"harm"}


def test_a_word_that_a_kind_does_not_know_is_said_as_it_is():
    assert outcome_title("training:nonsense") == "nonsense"
    assert outcome_title("restriction:不得晋升") == "不得晋升"
