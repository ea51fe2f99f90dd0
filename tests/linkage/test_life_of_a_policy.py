"""A policy version from draft to retired: who may take which step, and what the database itself refuses."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from linkage import lifecycle, register
from linkage.models import Policy, PolicyRecord
from linkage.refusals import NoPolicy, NotPermitted, PolicyNotSound, StaleDraft, StepNotPossible
from linkage.rules import PolicyError
from people.accounts import machine
from people.roles import Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)

TEXT = """
policy: reference
title: {zh: 参考政策, en: Reference policy}
version: %(version)s
grades:
  annual: [优秀, 称职, 基本称职, 不称职]
rules:
  P01:
    title: {zh: 年度优秀予以嘉奖, en: Commendation}
    for: officer
    cycle: annual
    when: {grade: 优秀}
    outcome: reward:嘉奖
    basis: {doc: 公务员考核规定(2020), article: 19(1)}
"""
HARM_WITHOUT_BASIS = """
  P99:
    title: {zh: 降职, en: Demotion}
    for: officer
    cycle: annual
    when: {grade: 不称职}
    outcome: post_adjustment:降职
"""


def text(version="2", more=""):
    return TEXT % {"version": version} + more


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def second(make_account, bureau):
    return make_account("hr2", Role.HR, bureau)


@pytest.fixture
def chief(make_account, bureau):
    return make_account("chief", Role.LEADER, bureau)


@pytest.fixture
def draft(hr, today):
    return lifecycle.draft(text(), from_day=today + 30 * DAY, actor=hr)


@pytest.fixture
def approved(draft, hr, second):
    lifecycle.check(draft, actor=hr)
    return lifecycle.approve(draft, actor=second)


@pytest.fixture
def shipped(bureau):
    return register.install_shipped(actor=machine("loader"))


def test_a_version_is_drafted_checked_approved_and_published_by_two_people(draft, hr, second, today):
    lifecycle.check(draft, actor=hr)
    lifecycle.approve(draft, actor=second, note="同意")
    done = lifecycle.publish(draft, from_day=today + DAY, actor=hr)
    assert (done.state, done.from_day) == ("in_force", today + DAY)
    steps = list(done.records.order_by("pk").values_list("step", "source", "target", "actor__username"))
    assert steps == [
        ("draft", "", "draft", "hr"),
        ("check", "draft", "checked", "hr"),
        ("approve", "checked", "approved", "hr2"),
        ("publish", "approved", "in_force", "hr"),
    ]
    assert set(done.records.values_list("digest", flat=True)) == {done.digest}


def test_the_leader_in_charge_may_be_the_second_person(draft, hr, chief):
    lifecycle.check(draft, actor=hr)
    assert lifecycle.approve(draft, actor=chief).state == "approved"


def test_nobody_approves_what_he_wrote(draft, hr, second):
    lifecycle.check(draft, actor=second)
    with pytest.raises(NotPermitted, match="须由另一人批准"):
        lifecycle.approve(draft, actor=hr)


def test_nobody_approves_what_he_changed(draft, hr, second, chief):
    lifecycle.edit(draft, text(more="\n"), revision=1, actor=second)
    lifecycle.check(draft, actor=hr)
    with pytest.raises(NotPermitted, match="须由另一人批准"):
        lifecycle.approve(draft, actor=second)
    lifecycle.approve(draft, actor=chief)


def test_nobody_approves_what_was_copied_from_his_draft(draft, second, chief, today):
    copied = lifecycle.draft(text(version="3"), from_day=today + 30 * DAY, actor=second, based_on=draft)
    copied = lifecycle.check(copied, actor=second)
    with pytest.raises(NotPermitted):
        lifecycle.approve(copied, actor=draft.records.get().actor)
    assert lifecycle.approve(copied, actor=chief).state == "approved"


def test_nobody_approves_what_he_checked(draft, second):
    lifecycle.check(draft, actor=second)
    with pytest.raises(NotPermitted, match="须由另一人批准"):
        lifecycle.approve(draft, actor=second)


@pytest.mark.parametrize("who", ["leader", "unit_head", "inspector", "auditor", "administrator", "stranger", "trainer"])
def test_no_other_role_takes_a_step(draft, hr, who, request):
    actor = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        lifecycle.check(draft, actor=actor)
    lifecycle.check(draft, actor=hr)
    with pytest.raises(NotPermitted):
        lifecycle.approve(draft, actor=actor)
    with pytest.raises(NotPermitted):
        lifecycle.edit(draft, text(), revision=1, actor=actor)


def test_hr_of_a_branch_writes_no_policy(draft, make_account, branch):
    with pytest.raises(NotPermitted):
        lifecycle.check(draft, actor=make_account("hr_f01", Role.HR, branch))


def test_a_person_does_not_bring_a_draft_into_force_past_the_second_person(draft, hr):
    with pytest.raises(NotPermitted):
        lifecycle.enact(draft, actor=hr)


def test_steps_are_taken_in_their_order(draft, hr, second, today):
    with pytest.raises(StepNotPossible):
        lifecycle.approve(draft, actor=second)
    with pytest.raises(StepNotPossible):
        lifecycle.publish(draft, from_day=today, actor=hr)


def test_a_text_with_errors_is_not_checked(hr, today):
    draft = lifecycle.draft(text(more=HARM_WITHOUT_BASIS), from_day=today, actor=hr)
    with pytest.raises(PolicyNotSound, match="P99：没有法律依据"):
        lifecycle.check(draft, actor=hr)
    assert Policy.objects.get(pk=draft.pk).state == "draft"


def test_a_draft_may_be_saved_while_it_cannot_be_read_and_names_the_line_when_checked(draft, hr):
    held = lifecycle.edit(draft, text().replace("when:", "whn:"), revision=1, actor=hr)
    assert (held.code, held.version, held.revision) == ("reference", "2", 2)
    with pytest.raises(PolicyNotSound, match="第 12 行"):
        lifecycle.check(draft, actor=hr)


def test_a_new_draft_has_to_be_readable(hr, today):
    with pytest.raises(PolicyError):
        lifecycle.draft("policy: [", from_day=today, actor=hr)
    assert not Policy.objects.exists()


def test_a_version_is_used_once_until_it_is_discarded(draft, hr, today):
    with pytest.raises(PolicyNotSound, match="已有版本 2"):
        lifecycle.draft(text(), from_day=today, actor=hr)
    lifecycle.discard(draft, actor=hr, note="重来")
    assert lifecycle.draft(text(), from_day=today, actor=hr).state == "draft"


def test_of_two_who_write_at_once_the_second_is_told_and_nothing_is_overwritten(draft, hr, second):
    lifecycle.edit(draft, text(more="# 甲\n"), revision=1, actor=second)
    with pytest.raises(StaleDraft, match="hr2 已于"):
        lifecycle.edit(draft, text(more="# 乙\n"), revision=1, actor=hr)
    assert Policy.objects.get(pk=draft.pk).text.endswith("# 甲\n")


def test_nobody_answers_for_a_text_he_has_not_seen(draft, hr, second):
    lifecycle.edit(draft, text(more="# 甲\n"), revision=1, actor=second)
    with pytest.raises(StaleDraft):
        lifecycle.check(draft, actor=hr, revision=1)


def test_it_goes_back_with_a_reason_and_is_checked_and_approved_anew(approved, hr, second):
    with pytest.raises(PolicyNotSound, match="请写明理由"):
        lifecycle.send_back(approved, actor=second, note=" ")
    back = lifecycle.send_back(approved, actor=second, note="第三条有误")
    assert back.state == "draft"
    assert PolicyRecord.objects.filter(step="send_back", note="第三条有误").exists()
    lifecycle.edit(back, text(more="# 改\n"), revision=1, actor=hr)
    with pytest.raises(StepNotPossible):
        lifecycle.approve(back, actor=second)


def test_the_day_does_not_lie_in_the_past(approved, hr, today):
    with pytest.raises(PolicyNotSound, match="不能早于今天"):
        lifecycle.publish(approved, from_day=today - DAY, actor=hr)
    assert lifecycle.publish(approved, from_day=today, actor=hr).state == "in_force"


def test_publishing_ends_the_version_before_it_the_day_before(shipped, approved, hr, today):
    lifecycle.publish(approved, from_day=today + 10 * DAY, actor=hr)
    shipped = Policy.objects.get(pk=shipped.pk)
    assert (shipped.state, shipped.to_day) == ("retired", today + 9 * DAY)
    assert shipped.records.get(step="retire").note == "由版本 2 接替"
    assert register.in_force(today + 9 * DAY) == shipped
    assert register.in_force(today + 10 * DAY) == approved


def test_what_is_published_for_an_earlier_day_ends_where_the_later_one_begins(shipped, approved, hr, second, today):
    lifecycle.publish(approved, from_day=today + 20 * DAY, actor=hr)
    third = lifecycle.draft(text("3"), from_day=today, actor=hr)
    lifecycle.check(third, actor=hr)
    lifecycle.approve(third, actor=second)
    third = lifecycle.publish(third, from_day=today + 10 * DAY, actor=hr)
    days = (today, today + 9 * DAY, today + 10 * DAY, today + 19 * DAY, today + 20 * DAY)
    assert [register.in_force(day) for day in days] == [shipped, shipped, third, third, approved]


def test_of_two_versions_of_one_day_the_one_published_later_decides(shipped, approved, hr, second, today):
    third = lifecycle.draft(text("3"), from_day=today, actor=hr)
    lifecycle.check(third, actor=hr)
    lifecycle.approve(third, actor=second)
    lifecycle.publish(third, from_day=today + DAY, actor=hr)
    lifecycle.publish(approved, from_day=today + DAY, actor=hr)
    assert register.in_force(today + DAY) == approved


def test_what_is_not_published_decides_nothing(approved, draft, today):
    with pytest.raises(NoPolicy):
        register.in_force(today + 40 * DAY)


def test_a_retired_version_decides_to_its_last_day(shipped, hr, today):
    with pytest.raises(PolicyNotSound, match="不能早于今天"):
        lifecycle.retire(shipped, to_day=today - DAY, actor=hr, note="停用")
    lifecycle.retire(shipped, to_day=today, actor=hr, note="停用")
    assert register.in_force(today) == shipped
    with pytest.raises(NoPolicy):
        register.in_force(today + DAY)


def test_the_shipped_policy_is_installed_by_the_machine_whoever_asks(hr, today):
    policy = register.in_force_or_shipped(today, actor=hr)
    assert policy.records.get(step="enact").actor.is_machine


def test_a_draft_alone_does_not_stand_for_the_shipped_policy(draft, hr, today):
    assert register.in_force_or_shipped(today, actor=hr).version == "2026.1"


# What the database refuses, whoever asks --------------------------------------------------------------------------
def refused(statement, *values):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("column", ["text", "code", "version", "title_zh", "title_en"])
def test_published_text_never_changes(shipped, column):
    with pytest.raises(DatabaseError, match="only the text of a draft changes"), transaction.atomic():
        Policy.objects.filter(pk=shipped.pk).update(**{column: "x"})


def test_checked_text_does_not_change_either(draft, hr):
    lifecycle.check(draft, actor=hr)
    refused("UPDATE linkage_policy SET text = 'x' WHERE id = %s", draft.pk)


def test_a_published_version_is_not_made_a_draft_again(shipped):
    refused("UPDATE linkage_policy SET state = 'draft' WHERE id = %s", shipped.pk)


def test_the_first_day_of_a_published_version_stays(shipped):
    refused("UPDATE linkage_policy SET from_day = '2001-01-01' WHERE id = %s", shipped.pk)


def test_a_retired_version_does_not_come_back(shipped, hr, today):
    lifecycle.retire(shipped, to_day=today, actor=hr, note="停用")
    refused("UPDATE linkage_policy SET state = 'in_force' WHERE id = %s", shipped.pk)


def test_versions_and_their_history_are_not_deleted(shipped):
    refused("DELETE FROM linkage_policyrecord")
    refused("UPDATE linkage_policyrecord SET note = 'x'")
    refused("DELETE FROM linkage_policy")


def test_versions_published_before_are_ended_by_the_migration_where_that_changes_nothing(hr):
    def old(version, from_day, to_day=None, state="in_force"):
        titles = {"title_zh": "旧", "title_en": "old"}
        days = {"from_day": from_day, "to_day": to_day}
        return Policy.objects.create(code="reference", version=version, text="", state=state, **titles, **days)

    first, second = old("a", date(2020, 1, 1)), old("b", date(2022, 1, 1))
    gap = old("c", date(2024, 1, 1), date(2024, 12, 31), "retired")
    third = old("d", date(2026, 1, 1))
    days = [date(year, month, 1) for year in range(2020, 2028) for month in (1, 7)]
    before = [register.in_force(day) for day in days]
    migration = import_module("linkage.migrations.0002_life_of_a_policy")
    with connection.cursor() as cursor:
        cursor.execute(migration.END_BEFORE_THE_NEXT)
    assert [register.in_force(day) for day in days] == before
    ends = [policy.to_day for policy in Policy.objects.order_by("from_day")]
    assert ends == [date(2021, 12, 31), date(2025, 12, 31), date(2024, 12, 31), None]
    assert {first, second, gap, third} == set(Policy.objects.all())
