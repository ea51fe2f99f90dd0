"""Opening cases: with their work, once, by those who may."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.roles import Role
from tests.errand.kind import KIND
from tests.errand.models import Errand, State
from workflows.actions import open_cases
from workflows.models import Case, CaseReason, OutboxMessage, TransitionRecord, WorkItem
from workflows.refusals import Reason

pytestmark = pytest.mark.django_db


def test_it_opens_a_case_with_its_work_history_and_message(make, bureau, due):
    (errand,) = Errand.objects.filter(pk__in=make())
    assert (errand.state, errand.version, errand.purpose, errand.remarks) == (State.ASKED, 1, "送达文书", [])
    item = WorkItem.objects.get(case=errand)
    assert (item.role, item.desk, item.due_at, item.rule) == (Role.HR, bureau.path, due(2026, 11, 27), "5 working_days")
    assert item.wake_at == item.remind_at
    assert TransitionRecord.objects.get(case=errand).step == "open"
    assert OutboxMessage.objects.get(case=errand).topic == "errand"


def test_it_opens_the_same_key_once(opening, hr, clock):
    first = open_cases([opening("a"), opening("a")], KIND, actor=hr, clock=clock)
    again = open_cases([opening("a")], KIND, actor=hr, clock=clock)
    assert list(first.by_key) == ["a"]
    assert again.cases == []
    assert Errand.objects.count() == TransitionRecord.objects.count() == 1


def test_a_slot_holds_one_open_case(opening, hr, clock):
    open_cases(
        [opening("a", slot="one"), opening("b", slot="one"), opening("c", slot="two")], KIND, actor=hr, clock=clock
    )
    assert sorted(Case.objects.values_list("key", flat=True)) == ["a", "c"]
    assert open_cases([opening("d", slot="one")], KIND, actor=hr, clock=clock).cases == []


def test_only_openers_of_the_unit_open(opening, hr, clock, unit_head, make_account, other_branch):
    elsewhere = make_account("hr of F02", Role.HR, other_branch)
    for actor in (unit_head, elsewhere):
        refused = open_cases([opening("a")], KIND, actor=actor, clock=clock).refused
        assert refused["a"].reason == Reason.NOT_PERMITTED
    assert not Case.objects.exists()


def test_an_officer_opens_what_is_about_himself(opening, officer, clock):
    mine, his = opening("mine", officer_id=officer.officer_id), opening("his")
    opened = open_cases([mine, his], KIND, actor=officer, clock=clock)
    assert (list(opened.by_key), list(opened.refused)) == (["mine"], ["his"])


def test_reasons_come_with_the_case_and_once(opening, hr, clock):
    def reason():
        return CaseReason(
            source="P01:2025:2200001", code="P01", title_zh="由", title_en="w", words_zh="字", words_en="w"
        )

    open_cases([opening("a", reasons=[reason()])], KIND, actor=hr, clock=clock)
    open_cases([opening("b", reasons=[reason()])], KIND, actor=hr, clock=clock)
    assert CaseReason.objects.get().case.key == "a"


def test_statements_do_not_grow_with_the_set(opening, hr, clock):
    _ = hr.grants
    for n in (1, 300):
        openings = [opening(f"{n}:{i}") for i in range(n)]
        with CaptureQueriesContext(connection) as counted:
            open_cases(openings, KIND, actor=hr, clock=clock)
        assert len(counted) == 12, [query["sql"][:60] for query in counted.captured_queries]


@pytest.mark.parametrize("text", ["", "plain", 'a "quoted" one', "back\\slash", "{a,b}", "NULL", "两 行\n字", " x "])
def test_any_text_comes_back_as_it_was(opening, hr, clock, text):
    said = {"key": f"k{text}", "title": text, "slot": text, "fields": {"purpose": text or "x"}}
    open_cases([opening(**said)], KIND, actor=hr, clock=clock)
    errand = Errand.objects.get()
    assert (errand.key, errand.title, errand.slot, errand.purpose) == (f"k{text}", text, text, text or "x")
