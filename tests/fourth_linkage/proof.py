"""What a new linkage gets for its one folder. Run by `tests/architecture/test_fourth_linkage.py` with own settings."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.fourth_linkage.kind import KIND
from tests.fourth_linkage.models import RestCase
from workflows import actions, kinds
from workflows.models import TransitionRecord, WorkItem
from workflows.refusals import Reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(officer, hr):
    """The officer's rest leave, waiting for HR."""
    subject = officer.officer
    opening = actions.Opening(
        key=f"2026:{subject.pk}",
        title="疗休养",
        unit_path=subject.unit.path,
        line_path=subject.unit.path,
        officer_id=subject.pk,
    )
    [case] = actions.open_cases([opening], KIND, actor=hr).cases
    return RestCase.objects.get(pk=case)


def test_it_is_known_by_name():
    assert kinds.get("rest") is KIND


def test_it_is_walked_from_beginning_to_end(case, hr, unit_head):
    assert actions.advance([case.pk], RestCase.approve, actor=hr, inputs={"days": 10}).taken == [case.pk]
    assert actions.advance([case.pk], RestCase.take, actor=unit_head).taken == [case.pk]
    case = RestCase.objects.get(pk=case.pk)
    assert (case.state, case.days, case.outcome) == ("taken", 10, "taken")
    assert TransitionRecord.objects.filter(case=case).count() == case.version == 3
    assert not WorkItem.objects.filter(case=case, closed_at=None).exists()


def test_a_stranger_is_refused(case, stranger):
    outcome = actions.advance([case.pk], RestCase.approve, actor=stranger)
    assert outcome.refused[case.pk].reason == Reason.NOT_PERMITTED


def test_the_generic_pages_show_it(case, hr, as_account):
    browser = as_account(hr)
    for address in (reverse("workflows:desk"), reverse("workflows:case", args=[case.pk])):
        page = browser.get(address)
        assert page.status_code == 200
        assert "疗休养" in page.content.decode()


def test_a_step_is_taken_on_the_page(case, hr, as_account):
    page = as_account(hr).post(reverse("workflows:step", args=[case.pk, "approve"]), {"version": case.version})
    assert page.status_code in {200, 302}
    assert RestCase.objects.get(pk=case.pk).state == "approved"


def test_its_data_are_checked_like_any_other(case):
    call_command("check_invariants")
    call_command("verify_history")


def test_no_other_app_needs_a_migration():
    call_command("makemigrations", check=True, dry_run=True)
