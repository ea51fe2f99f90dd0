"""Moving an officer: the posting before ends, rights follow, and the layers above hear of it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from people.actions import Post, move_officer
from people.events import GrantsChanged, Moved
from people.models import Change, Posting
from people.refusals import Clash, NotPermitted, Unfit
from people.roles import Role

TODAY = timezone.localdate()


@pytest.fixture
def him(make_officer, station, post):
    officer = make_officer(station, name="何帅欣")
    post(officer, station)
    return officer


def move(officer, unit, *, actor, day=TODAY, **fields):
    to = Post(unit=unit, post_type=fields.pop("post_type", "案件民警"), **fields)
    return move_officer(officer=officer, to=to, day=day, actor=actor, note="工作需要")


def test_the_new_posting_closes_the_old_one(him, other_branch, personnel, heard):
    posting = move(him, other_branch, actor=personnel)
    before, after = Posting.objects.filter(officer=him).order_by("from_day")
    assert before.to_day == TODAY - timedelta(days=1)
    assert (after, after.from_day, after.to_day) == (posting, TODAY, None)
    him.refresh_from_db()
    assert (him.unit, him.post_type) == (other_branch, "案件民警")
    assert heard == [Moved(officer_ids=[him.pk], day=TODAY, actor=personnel)]


def test_the_move_is_written_down(him, station, other_branch, personnel):
    move(him, other_branch, actor=personnel)
    change = Change.objects.get()
    assert (change.what, change.actor, change.officer, change.note) == ("officer_moved", personnel, him, "工作需要")
    assert (change.detail["from_unit"], change.detail["to_unit"]) == (station.code, other_branch.code)


def test_who_had_no_posting_gets_his_first(make_officer, station, other_branch, personnel):
    newcomer = make_officer(station)
    move(newcomer, other_branch, actor=personnel)
    assert newcomer.postings.count() == 1


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (TODAY + timedelta(days=1), Unfit),  # not yet
        (date(2024, 1, 1), Clash),  # the very day his present posting began
        (date(2023, 6, 1), Clash),  # before it
    ],
)
def test_a_day_that_does_not_do_is_refused(him, other_branch, personnel, day, refusal):
    with pytest.raises(refusal):
        move(him, other_branch, actor=personnel, day=day)
    assert him.postings.get().to_day is None


def test_a_move_that_changes_nothing_is_refused(him, station, personnel):
    with pytest.raises(Clash):
        move(him, station, actor=personnel, post_type=him.post_type)


@pytest.mark.parametrize("who", ["stranger", "unit_head", "leader", "auditor"])
def test_only_personnel_and_administrators_move(request, him, other_branch, who):
    with pytest.raises(NotPermitted):
        move(him, other_branch, actor=request.getfixturevalue(who))


def test_the_mover_answers_for_both_ends(him, other_branch, branch, make_account):
    of_one_end = make_account("one_end", Role.HR, branch)
    with pytest.raises(NotPermitted):
        move(him, other_branch, actor=of_one_end)


def test_nobody_moves_himself(personnel, station):
    with pytest.raises(NotPermitted):
        move(personnel.officer, station, actor=personnel)


def test_a_head_who_leaves_is_head_no_longer(unit_head, station, other_branch, personnel, heard):
    move(unit_head.officer, other_branch, actor=personnel)
    assert unit_head.grants == ()
    assert heard[0] == GrantsChanged(role=Role.UNIT_HEAD, path=station.path, day=TODAY, actor=personnel)


def test_who_comes_to_lead_a_unit_is_its_head(officer, other_branch, personnel):
    move(officer.officer, other_branch, actor=personnel, is_leader=True)
    assert officer.grants == ((Role.UNIT_HEAD, other_branch.path),)


def test_two_postings_may_not_overlap(him, station, post):
    with pytest.raises(IntegrityError), transaction.atomic():
        post(him, station, since=date(2025, 1, 1))


def test_a_posting_may_not_end_before_it_begins(make_officer, station, post):
    with pytest.raises(IntegrityError), transaction.atomic():
        post(make_officer(station), station, since=date(2025, 1, 1), until=date(2024, 12, 31))
