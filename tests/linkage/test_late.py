"""Facts that come late: each makes its own difference, a person settles it, the case moves, and a letter is written."""

import json
from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from appraisal.models import Fact, Result
from linkage import evaluation, late, late_steps, opening
from linkage.models import Decision, LateChange, Settled, What
from people.models import Officer, Unit
from people.roles import Role
from rewards.models import RewardCase
from tests.linkage.test_pages import work
from workflows import effects, kinds
from workflows.models import Case, OutboxMessage

FIRST, THEN = date(2026, 1, 20), date(2026, 3, 31)


@pytest.fixture
def opened(cycle, loader):
    """The year, decided in January and opened."""
    run = evaluation.evaluate(cycle("2025"), as_of=FIRST, actor=loader)
    opening.open_run(run, actor=loader)
    return run


@pytest.fixture
def again(cycle, loader):
    """The year decided once more as known in March: run, and what is proposed by rule and badge."""

    def again(day=THEN):
        run = late.reevaluate(cycle("2025"), as_of=day, actor=loader)
        return {(one.decision.rule, one.code): one for one in late.proposals(run.cycle)}

    return again


@pytest.fixture
def order(hr_of_haizhou):
    return lambda **more: late_steps.Order(actor=hr_of_haizhou, note="已核对原始材料。", **more)


def settle(proposal, said):
    return late_steps.settle(proposal.run, [proposal.key], said, tell=lambda *_: None)


def correct(decision, *, grade, on=date(2026, 2, 10), reason="更正"):
    """A later row for the year's result of somebody."""
    old = Result.objects.filter(cycle=decision.cycle, officer=decision.officer).order_by("pk").last()
    return Result.objects.create(
        cycle=old.cycle,
        officer=old.officer,
        status="graded",
        grade=grade,
        score=old.score,
        indicators=old.indicators,
        recorded_on=on,
        reason=reason,
        recorded_by=old.recorded_by,
    )


def record(decision, kind, *, since, until=None, on=date(2026, 2, 10), **more):
    recorder = Result.objects.first().recorded_by
    return Fact.objects.create(
        officer=decision.officer,
        kind=kind,
        from_day=since,
        to_day=until,
        recorded_on=on,
        recorded_by=recorder,
        note="t",
        **more,
    )


def one_of(run, rule, **where):
    found = run.decisions.filter(rule=rule, officer__isnull=False, **where).select_related("officer", "case", "cycle")
    return found.order_by("pk").first()


def test_a_corrected_grade_withdraws_what_rested_on_it_and_tells_the_person(opened, again, order):
    decision = one_of(opened, "P01", status="open")
    correct(decision, grade="称职", reason="计分有误")
    proposal = again()["P01", decision.officer.badge]
    assert (proposal.what, proposal.step.__name__) == (What.WITHDRAW, "withdraw")
    assert any("更正为称职" in row["zh"] and row["recorded_on"] == "2026-02-10" for row in proposal.causes)

    answer = settle(proposal, order())

    assert [change.settled for change in answer.settled] == [Settled.DONE]
    assert RewardCase.objects.get(pk=proposal.case.pk).state == "withdrawn"
    told = OutboxMessage.objects.get(topic=late_steps.TOPIC)
    assert (told.officer, told.role) == (decision.officer, Role.OFFICER)
    assert "已撤回" in told.payload["title_zh"]
    kept = Decision.objects.get(pk=decision.pk)
    assert kept.words_zh == decision.words_zh  # the old decision stays readable
    assert ("P01", decision.officer.badge) not in again()
    assert ("P01", decision.officer.badge) not in again(THEN + timedelta(days=1))


def test_an_upheld_objection_opens_what_was_missed(opened, again, order):
    other = one_of(opened, "P04", status="open")  # 基本称职
    correct(other, grade="优秀", reason="异议成立，重新审定")
    found = again()
    assert found["P01", other.officer.badge].what == What.OPEN
    assert found["P04", other.officer.badge].what == What.WITHDRAW
    assert any("异议成立" in row["zh"] for row in found["P01", other.officer.badge].causes)
    settle(found["P01", other.officer.badge], order())
    assert Case.objects.filter(kind="reward", officer=other.officer, key__startswith="2025:P01").count() == 1
    assert ("P01", other.officer.badge) not in again()


def test_an_inquiry_suspends_a_running_case_and_its_end_lets_it_go_on(opened, again, order):
    decision = one_of(opened, "P01", status="open")
    record(decision, "investigation", since=date(2026, 2, 1))
    hold = again()["P01", decision.officer.badge]
    assert (hold.what, hold.step.__name__) == (What.HOLD, "suspend")
    settle(hold, order())
    assert RewardCase.objects.get(pk=hold.case.pk).state == "suspended"
    assert ("P01", decision.officer.badge) not in again()
    record(decision, "investigation", since=date(2026, 2, 1), until=date(2026, 4, 2), on=date(2026, 4, 3))
    resume = again(date(2026, 4, 5))["P01", decision.officer.badge]
    assert (resume.what, resume.step.__name__) == (What.RESUME, "resume")
    settle(resume, order())
    assert RewardCase.objects.get(pk=hold.case.pk).state == "detected"


def test_the_end_of_an_inquiry_releases_what_was_held(opened, again, order):
    held = one_of(opened, "P01", status="held")
    begun = Fact.objects.filter(officer=held.officer, kind="investigation").first()
    record(held, "investigation", since=begun.from_day, until=date(2026, 3, 1), on=date(2026, 3, 2), level=begun.level)
    release = again()["P01", held.officer.badge]
    assert release.what == What.RELEASE
    settle(release, order())
    assert Decision.objects.get(pk=release.after.pk).case is not None
    assert LateChange.objects.get().before == held


def test_an_award_given_in_good_faith_is_not_taken_back_without_a_ground(opened, again, order, hr_of_haizhou):
    decision = one_of(opened, "P01", status="open")
    _grant(decision.case_id, order().moment)
    correct(decision, grade="称职")
    revoke = again()["P01", decision.officer.badge]
    assert (revoke.what, revoke.starts_ticked) == (What.REVOKE, False)
    assert "fraud" in revoke.grounds
    refused = settle(revoke, order())
    assert not refused.settled
    assert "须有自己的撤销依据" in refused.refused[0][1]
    done = settle(revoke, order(grounds={revoke.key: "fraud"}))
    assert [change.settled for change in done.settled] == [Settled.HANDED]  # HR is not the organ that gave it
    told = OutboxMessage.objects.get(topic=late_steps.TOPIC)
    assert (told.role, told.desk) == (Role.COMMITTEE, "/B00/")
    assert RewardCase.objects.get(pk=decision.case_id).state == "granted"
    assert ("P01", decision.officer.badge) not in again()


def _grant(pk, moment):
    """The way of a small award to its end, step by step."""
    RewardCase.objects.filter(pk=pk).update(entitlement=True)
    for step in (RewardCase.confirm_entitlement, RewardCase.grant):
        assert effects.take([pk], step, moment).taken


def test_a_seat_that_becomes_free_goes_to_the_next(opened, again, order):
    over = list(opened.decisions.filter(rule="P03", status="over_quota").select_related("officer__unit"))
    branch = over[0].officer.unit.path[:9]
    seated = one_of(opened, "P03", status="open", officer__unit__path__startswith=branch)
    correct(seated, grade="称职")
    found = again()
    assert found["P03", seated.officer.badge].what == What.WITHDRAW
    refills = [one for (rule, _), one in found.items() if rule == "P03" and one.what == What.REFILL]
    assert [one.subject.unit.path[:9] for one in refills] == [branch]
    assert "本人的结果和事实没有变化" in refills[0].causes[0]["zh"]
    settle(refills[0], order())
    assert Decision.objects.get(pk=refills[0].after.pk).case is not None


def test_a_revoked_award_changes_what_counted_from_it(opened, again):
    """晋档 resets the count of P15: without it the years before count again."""
    competent = Result.objects.filter(cycle__code__in=["2024", "2025"], grade__in=["优秀", "称职"])
    awards = Fact.objects.filter(kind="award", level="晋档", from_day__gte=date(2024, 12, 31), withdrawn=False)
    fact = next(
        one
        for one in awards.select_related("officer")
        if competent.filter(officer=one.officer).values("cycle").distinct().count() == 2
        and not opened.decisions.filter(rule="P15", officer=one.officer).exists()
    )
    copied = {name: getattr(fact, name) for name in ("officer", "kind", "level", "from_day", "recorded_by")}
    Fact.objects.create(**copied, recorded_on=date(2026, 2, 10), withdrawn=True, note="撤销")
    found = again()["P15", fact.officer.badge]
    assert found.what == What.OPEN
    assert any("已撤销" in row["zh"] for row in found.causes)


def test_what_is_left_as_it_was_is_not_asked_again(opened, again, order):
    decision = one_of(opened, "P01", status="open")
    correct(decision, grade="称职")
    proposal = again()["P01", decision.officer.badge]
    late_steps.leave(proposal.run, [proposal.key], order())
    assert ("P01", decision.officer.badge) not in again()
    assert Case.objects.get(pk=decision.case_id).closed_at is None
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        LateChange.objects.update(note="x")


def test_the_command_lists_the_difference_and_touches_no_case(opened, capsys):
    decision = one_of(opened, "P01", status="open")
    correct(decision, grade="称职")
    states = dict(Case.objects.values_list("pk", "version"))
    said = []
    for _ in range(2):
        call_command("reevaluate", "2025", "--as-of", THEN.isoformat(), "--json")
        said.append(json.loads(capsys.readouterr().out))
    assert said[0] == said[1]  # asked twice, proposed once
    row = next(r for r in said[0]["proposals"] if (r["rule"], r["subject"]) == ("P01", decision.officer.badge))
    assert (row["what"], row["step"], row["before"]["status"], row["after"]) == ("withdraw", "withdraw", "open", None)
    assert dict(Case.objects.values_list("pk", "version")) == states


def test_hr_settles_on_the_page_and_the_person_reads_the_letter(
    opened, again, as_account, make_account, hr_of_haizhou, hr_of_branch
):
    decision = one_of(opened, "P01", status="open")
    correct(decision, grade="称职")
    proposal, browser = again()["P01", decision.officer.badge], as_account(hr_of_haizhou)
    page = reverse("linkage:late", args=["2025"])
    assert proposal.key in browser.get(page).text
    empty = browser.post(reverse("linkage:settle", args=["2025"]), {"keys": [proposal.key], "note": ""})
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    work(browser.post(reverse("linkage:settle", args=["2025"]), {"keys": [proposal.key], "note": "核对无误"}))
    change = LateChange.objects.get()
    letter = reverse("linkage:letter", args=[change.pk])
    own = make_account("own_late")
    own.officer = decision.officer
    own.save()
    text = as_account(own).get(letter).text
    assert "认定不再成立" in text
    assert "核对无误" in text
    assert "申请复核" in text
    assert as_account(make_account("nobody_late")).get(letter).status_code == HTTPStatus.NOT_FOUND
    for client in (as_account(make_account("stranger_late")), as_account(hr_of_branch), as_account(own)):
        assert client.get(page).status_code == HTTPStatus.NOT_FOUND
        for name in ("reevaluate", "settle"):
            assert client.post(reverse(f"linkage:{name}", args=["2025"])).status_code == HTTPStatus.NOT_FOUND


def test_a_person_s_decisions_show_what_became_of_them(opened, again, order, as_account, make_account, hr_of_haizhou):
    decision = one_of(opened, "P01", status="open")
    correct(decision, grade="称职")
    settle(again()["P01", decision.officer.badge], order())
    page = reverse("linkage:person", args=[decision.officer.badge])
    context = as_account(hr_of_haizhou).get(page).context
    mine = next(one for one in context["found"] if one.decision.rule == "P01")
    assert mine.ended_in.as_of == THEN
    assert [change.what for change in mine.changes] == [What.WITHDRAW]
    other = make_account("other_officer")
    other.officer = Officer.objects.exclude(pk=decision.officer_id).first()
    other.save()
    assert as_account(other).get(page).status_code == HTTPStatus.NOT_FOUND
    own = make_account("own_person")
    own.officer = decision.officer
    own.save()
    assert as_account(own).get("/my/decisions/", follow=True).status_code == HTTPStatus.OK
    text = as_account(own).get(reverse("linkage:person_export", args=[decision.officer.badge]) + "?format=csv")
    assert "撤回" in text.content.decode("utf-8-sig")


def test_at_whatever_state_a_case_is_there_is_a_step_or_words_what_to_do():
    for kind in kinds.registered():
        for state in kind.duties:
            case = Case(kind=kind.name, state=state)
            for what, steps in (
                (What.HOLD, (kind.suspend, kind.hold)),
                (What.WITHDRAW, (kind.withdraw, kind.revoke)),
            ):
                barred = late._barred(what, case)
                assert any(kinds.possible(step, state) for step in steps) or "事项页" in barred, (kind.name, state)


def test_an_adjustment_in_effect_names_the_way_back():
    case = Case(kind="post_adjustment", state="effective")
    assert "按程序办到可以恢复的一步" in late._barred(What.WITHDRAW, case)


def test_of_two_who_confirm_the_same_the_second_is_told_and_one_letter_is_written(opened, again, order):
    other = one_of(opened, "P04", status="open")
    correct(other, grade="优秀")
    wrong = one_of(opened, "P01", status="open")
    correct(wrong, grade="称职")
    found = again()
    for proposal in (found["P01", other.officer.badge], found["P01", wrong.officer.badge]):
        late_steps._settle(proposal, order())
        with pytest.raises(late_steps.LinkageRefused):
            late_steps._settle(proposal, order())
    assert OutboxMessage.objects.filter(topic=late_steps.TOPIC).count() == LateChange.objects.count() == 2


def test_what_a_later_run_has_decided_since_is_not_settled_by_the_old_list(opened, again, order):
    decision = one_of(opened, "P01", status="open")
    correct(decision, grade="称职")
    proposal = again()["P01", decision.officer.badge]
    correct(decision, grade="优秀", on=date(2026, 4, 1))
    again(date(2026, 4, 2))
    with pytest.raises(late_steps.NotSettled, match="更晚的运行"):
        late_steps._settle(proposal, order())
    assert not LateChange.objects.exists()


def test_a_case_that_rests_on_another_decision_too_goes_on_and_its_letter_says_so(
    opened, again, order, as_account, hr_of_haizhou
):
    decision = one_of(opened, "P04", status="open")
    shared = decision.case_id
    correct(decision, grade="称职")
    proposal = again()["P04", decision.officer.badge]
    told = {"cycle": decision.cycle, "officer": decision.officer, "case": decision.case, "live": True}
    Decision.objects.create(run=proposal.run, rule="P99", status="open", outcome=decision.outcome, **told)
    (change,) = settle(proposal, order()).settled
    assert Case.objects.get(pk=shared).closed_at is None
    told = OutboxMessage.objects.get(topic=late_steps.TOPIC).payload
    assert "继续" in told["title_zh"]
    assert "goes on" in told["title_en"]
    text = as_account(hr_of_haizhou).get(reverse("linkage:letter", args=[change.pk])).text
    assert "继续办理" in text
    assert "事项现已撤回" not in text


def test_what_somebody_suspended_by_hand_is_not_let_go_on_unasked(opened, again, order):
    decision = one_of(opened, "P01", status="open")
    assert effects.take([decision.case_id], RewardCase.suspend, order().moment).taken
    assert ("P01", decision.officer.badge) not in again()


def test_a_list_of_proposals_reads_no_causes_until_they_are_shown(opened, again, django_assert_max_num_queries):
    decided = list(opened.decisions.filter(rule="P01", status="open").select_related("officer", "cycle")[:30])
    for decision in decided:
        correct(decision, grade="称职")
    again()
    with django_assert_max_num_queries(60):
        assert len(late.proposals(decided[0].cycle)) > len(decided)


def test_a_letter_reaches_the_head_of_the_unit_and_what_was_handed_on_the_committee(
    opened, again, order, as_account, make_account
):
    ofunit = opened.decisions.filter(unit__isnull=False, status="open").select_related("unit").first()
    told = {"run": opened, "cycle": opened.cycle, "rule": ofunit.rule, "note": "t", "at": order().clock.at}
    told |= {"actor": order().actor, "what": What.WITHDRAW, "before": ofunit, "case": ofunit.case}
    mine = LateChange.objects.create(unit=ofunit.unit, settled=Settled.DONE, **told)
    handed = LateChange.objects.create(unit=ofunit.unit, settled=Settled.HANDED, **told)
    left = LateChange.objects.create(unit=ofunit.unit, settled=Settled.LEFT, **told)
    head = as_account(make_account("head_late", Role.UNIT_HEAD, ofunit.unit))
    organ = as_account(make_account("organ_late", Role.COMMITTEE, Unit.objects.get(code="B00")))
    elsewhere = Unit.objects.exclude(path__startswith=ofunit.unit.path).filter(path__startswith="/B00/F02/").first()
    other = as_account(make_account("head_other", Role.UNIT_HEAD, elsewhere))
    letters = [reverse("linkage:letter", args=[change.pk]) for change in (mine, handed, left)]
    seen = [[client.get(page).status_code for page in letters] for client in (head, organ, other)]
    assert seen == [[200, 200, 404], [404, 200, 404], [404, 404, 404]]
    assert letters[0] in head.get(reverse("linkage:why_of_case", args=[ofunit.case_id])).text


def test_the_page_of_the_job_names_nobody_whose_change_was_refused(opened, again, as_account, hr_of_haizhou):
    decision = one_of(opened, "P01", status="open")
    _grant(decision.case_id, late_steps.Order(actor=hr_of_haizhou, note="t").moment)
    correct(decision, grade="称职")
    revoke, browser = again()["P01", decision.officer.badge], as_account(hr_of_haizhou)
    page = reverse("linkage:settle", args=["2025"])
    job = work(browser.post(page, {"keys": [revoke.key], "note": "核对无误"}))
    text = browser.get(reverse("workflows:job", args=[job.pk])).text
    assert "须有自己的撤销依据" in text
    assert decision.officer.name not in text
