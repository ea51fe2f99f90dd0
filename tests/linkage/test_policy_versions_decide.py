"""A decision is bound to the version that made it: a new version changes nothing that was decided or opened."""

from datetime import date

import pytest
from django.urls import reverse

from linkage import evaluation, lifecycle, opening, register
from linkage.models import Decision
from people.accounts import machine
from workflows.models import Case, CaseReason

LOADER = "loader"


@pytest.fixture
def newer(haizhou, db):
    """A version of the machine's, in force for cycles that end in 2026 or later: no 嘉奖 for an excellent year."""

    def newer(from_day=date(2026, 1, 1)):
        held = register.in_force(date(2025, 12, 31))
        text = held.text.replace("version: 2026.1", "version: 2026.9").replace("reward:嘉奖", "reward:通报表扬")
        policy = lifecycle.draft(text, from_day=from_day, actor=machine(LOADER))
        return lifecycle.enact(policy, actor=machine(LOADER))

    return newer


@pytest.fixture
def opened(cycle, loader):
    run = evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader)
    only = list(run.decisions.filter(rule="P01", status="open").values_list("pk", flat=True)[:3])
    opening.open_run(run, actor=loader, only=only)
    return run, list(Decision.objects.filter(pk__in=only).select_related("case"))


def test_a_new_version_judges_only_cycles_that_end_on_its_day_or_later(opened, newer, cycle, loader):
    newer()
    again = evaluation.evaluate(cycle("2025"), as_of=date(2026, 3, 31), actor=loader)
    assert again.policy.version == "2026.1"
    assert register.in_force(date(2026, 12, 31)).version == "2026.9"


def test_a_case_opened_under_an_old_version_ends_under_it(opened, newer, cycle, loader, hr_of_haizhou, as_account):
    """Even where a later run is made by another version, the case keeps its reason, its title and its way."""
    run, decisions = opened
    cases = {decision.case_id for decision in decisions}
    reasons = list(CaseReason.objects.filter(case__in=cases).order_by("pk").values())
    titles = list(Case.objects.filter(pk__in=cases).order_by("pk").values_list("title", "state", "version"))
    newer(date(2025, 6, 1))
    later = evaluation.evaluate(cycle("2025"), as_of=date(2026, 3, 31), actor=loader)
    assert later.policy.version == "2026.9"
    assert list(CaseReason.objects.filter(case__in=cases).order_by("pk").values()) == reasons
    assert list(Case.objects.filter(pk__in=cases).order_by("pk").values_list("title", "state", "version")) == titles
    kept = Decision.objects.get(pk=decisions[0].pk)
    assert (kept.run, kept.run.policy.version, kept.outcome) == (run, "2026.1", "reward:嘉奖")
    page = as_account(hr_of_haizhou).get(reverse("linkage:decision", args=[kept.pk])).text
    assert "2026.1" in page
    assert "认定为：奖励—嘉奖" in page
