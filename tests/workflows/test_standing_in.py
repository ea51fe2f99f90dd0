"""Acting in another's place: his role for his unit, both names in the history, never on a case about either."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.actions import set_stand_in
from people.models import Account, RoleGrant
from people.roles import Role
from people.stand_ins import places
from tests.errand.models import Errand
from workflows import access, desk, history
from workflows import clock as clocks
from workflows.actions import advance
from workflows.models import Case, TransitionRecord, WorkItem
from workflows.paging import Cursor
from workflows.refusals import Reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def deputy(make_account, make_officer, other_branch):
    """Somebody of another branch, who has no right here of his own."""
    return make_account("deputy", officer=make_officer(other_branch, name="李某"))


@pytest.fixture
def principal(hr, make_officer, bureau):
    hr.officer = make_officer(bureau, name="张某")
    hr.save()
    return hr


@pytest.fixture
def lent(principal, deputy):
    today = timezone.localdate()
    return set_stand_in(
        grant=RoleGrant.objects.get(account=principal, role=Role.HR),
        substitute=deputy,
        from_day=today,
        to_day=today + timedelta(days=9),
        reason="休假",
        actor=principal,
    )


def place_of(deputy):
    (place,) = places(Account.objects.get(pk=deputy.pk))
    return place


def on_desk(account):
    page = desk.page(Account.objects.get(pk=account.pk), desk.Filter(), Cursor(), clock=clocks.now())
    return [item.case_id for item in page.rows]


def test_he_acts_by_the_right_lent_and_both_names_stand_in_the_chain(make, lent, principal, deputy):
    (case,) = make()
    assert advance([case], Errand.accept, actor=place_of(deputy)).taken == [case]
    record = TransitionRecord.objects.get(case=case, step="accept")
    assert (record.actor_id, record.on_behalf_of_id) == (deputy.pk, principal.pk)
    assert WorkItem.objects.filter(case=case).exclude(closed_at=None).get().closed_by == deputy
    chain = list(TransitionRecord.objects.filter(case=case).order_by("number"))
    head = bytes(Case.objects.get().head)
    assert history.holds(case, chain, head)
    chain[1].on_behalf_of_id = None
    assert not history.holds(case, chain, head)
    chain[1].on_behalf_of_id, chain[0].on_behalf_of_id = principal.pk, principal.pk
    assert not history.holds(case, chain, head)


def test_in_his_own_name_he_may_nothing(make, lent, deputy):
    (case,) = make()
    assert advance([case], Errand.accept, actor=deputy).refused[case].reason == Reason.NOT_PERMITTED


def test_never_on_a_case_about_himself(make, lent, deputy):
    (case,) = make(officer_id=deputy.officer_id)
    assert advance([case], Errand.accept, actor=place_of(deputy)).refused[case].reason == Reason.NOT_PERMITTED
    assert on_desk(deputy) == []


def test_what_the_one_stood_in_for_may_not_he_may_not(make, lent, principal, deputy):
    (case,) = make(officer_id=principal.officer_id)
    assert advance([case], Errand.accept, actor=place_of(deputy)).refused[case].reason == Reason.NOT_PERMITTED
    assert on_desk(deputy) == []


def test_he_sees_the_desk_and_its_cases_as_long_as_it_lasts(make, lent, principal, deputy, stranger):
    (case,) = make()
    assert on_desk(deputy) == [case]
    assert access.get_case(Account.objects.get(pk=deputy.pk), case).pk == case
    assert on_desk(stranger) == []
    lent.ended_at, lent.ended_by = timezone.now(), principal
    lent.save()
    assert on_desk(deputy) == []
    with pytest.raises(access.CaseNotFound):
        access.get_case(Account.objects.get(pk=deputy.pk), case)


def test_work_laid_on_the_absent_by_name_comes_to_the_stand_in_in_the_role_lent(make, lent, principal, deputy):
    first, second = make(2)
    WorkItem.objects.filter(case=first).update(officer=principal.officer, desk="/B00/")
    WorkItem.objects.filter(case=second).update(officer=principal.officer, role=Role.OFFICER)  # his own matter
    assert on_desk(deputy) == [first]


def test_a_desk_that_is_his_own_too_is_listed_once(make, lent, deputy, bureau, make_account, principal):
    RoleGrant.objects.create(
        account=deputy, role=Role.HR, unit=bureau, path=bureau.path, from_day="2020-01-01", granted_by=principal
    )
    (case,) = make()
    assert on_desk(deputy) == [case]


# On the pages ----------------------------------------------------------------------------------------------------


def test_the_page_offers_the_step_and_the_history_says_for_whom(as_account, make, lent, principal, deputy, hr):
    (case,) = make()
    browser = as_account(deputy)
    assert "代张某" in browser.get("/").text
    page = browser.get(f"/cases/{case}/")
    assert "代张某办理" in page.text
    browser.post(f"/cases/{case}/accept/", {"seen-" + str(case): 1})
    record = TransitionRecord.objects.get(case=case, step="accept")
    assert (record.actor_id, record.on_behalf_of_id) == (deputy.pk, principal.pk)
    assert "李某（代张某）" in as_account(hr).get(f"/cases/{case}/").text


def test_over_the_api_and_in_bulk_each_is_judged_alone(as_account, make, lent, deputy, principal):
    (own,) = make(officer_id=principal.officer_id)
    (other,) = make()
    call = {"cases": [str(own), str(other)], "note": "代办"}
    answer = as_account(deputy).post("/api/steps/errand/accept/", call, content_type="application/json").json()
    assert answer["taken"] == [str(other)]
    assert [(row["case"], row["code"]) for row in answer["refused"]] == [(str(own), "not_permitted")]
    whole = as_account(principal).get(f"/api/cases/{other}/").json()
    assert [row["on_behalf_of"] for row in whole["history"]] == ["张某", ""]
