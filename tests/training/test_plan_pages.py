"""My plan on a phone, and the plan as the manager and others read it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appraisal.models import Cycle, Result
from training.models import CheckIn, TrainingCase
from workflows.models import OutboxMessage

pytestmark = pytest.mark.django_db
MINE = "/training/my-plan/"


@pytest.fixture
def mine(as_account, officer):
    return as_account(officer)


# the state, the words of the next step
NEXT = [
    ("flagged", "单位将先核实原因"),
    ("under_review", "单位正在核实原因"),
    ("notified", "想一想你的目标"),
    ("proposed", "看提升计划，签字或退回商量"),
    ("planned", "等教育训练部门安排"),
    ("paused", "计划已暂停"),
    ("reassessed", "已复评"),
    ("monitoring", "观察到2027年11月20日"),
    ("held", "异议正在处理"),
]


@pytest.mark.parametrize(("state", "words"), NEXT, ids=[row[0] for row in NEXT])
def test_it_says_the_next_step_in_one_sentence(walk, mine, state, words):
    walk(state)
    assert words in mine.get(MINE).content.decode()


def test_it_shows_goals_reasons_and_rights(walk, mine, reason):
    walk("planned", reasons=[reason("P08:2026Q3:2200001")])
    page = mine.get(MINE).content.decode()
    for words in ("群众满意度", "从 51.4 到 74.0", "2026Q3 群众满意度 51.4，低于 60。", "提出异议不会让结果变得更差"):
        assert words in page


def test_who_has_no_plan_is_told_so(mine):
    assert "你没有提升计划" in mine.get(MINE).content.decode()


def test_who_is_no_officer_has_no_such_page(as_account, hr):
    assert as_account(hr).get(MINE).status_code == 404


def test_a_stranger_sees_neither_plan_nor_check_in(walk, as_account, stranger):
    case = walk("active")
    client = as_account(stranger)
    assert client.get(reverse("training:plan", args=[case.pk])).status_code == 404
    assert client.post(reverse("training:check_in", args=[case.pk]), {"words": "x"}).status_code == 404
    assert "你没有提升计划" in client.get(MINE).content.decode()


def test_a_case_of_another_kind_is_no_plan(as_account, hr, bureau):
    assert (
        as_account(hr).get(reverse("training:plan", args=["01932f4e-0000-7000-8000-000000000000"])).status_code == 404
    )


@pytest.mark.parametrize("who", ["unit_head", "hr", "trainer", "leader", "inspector", "auditor", "officer"])
def test_those_who_may_see_the_case_read_the_plan(request, walk, as_account, who):
    case = walk("active")
    page = as_account(request.getfixturevalue(who)).get(reverse("training:plan", args=[case.pk]))
    assert "何帅欣" in page.content.decode()


def test_the_officer_writes_a_check_in(walk, mine, officer):
    case = walk("active")
    goal = case.goals.get()
    said = {"words": "回访 12 户", "feeling": "smooth", "goal": goal.pk, "figure": "62.3"}
    answer = mine.post(reverse("training:check_in", args=[case.pk]), said, follow=True)
    assert answer.redirect_chain[0][0] == MINE
    assert "回访 12 户" in answer.content.decode()
    assert CheckIn.objects.get().by == officer


def test_the_manager_writes_too_and_others_only_read(walk, as_account, unit_head, hr, trainer):
    case = walk("active")
    address = reverse("training:check_in", args=[case.pk])
    assert as_account(unit_head).post(address, {"words": "陪同走访"}).status_code == 302
    for account in (hr, trainer):
        assert as_account(account).post(address, {"words": "看了"}).status_code == 404
    assert CheckIn.objects.count() == 1


def test_a_call_for_help_reaches_the_manager(walk, mine, unit_head):
    case = walk("active")
    mine.post(reverse("training:check_in", args=[case.pk]), {"words": "片区太大", "feeling": "needs_help"})
    message = OutboxMessage.objects.get(topic="training.help")
    assert (message.role, message.desk, message.cause) == ("unit_head", unit_head.paths("unit_head")[0], "notice")


# what is sent, the words of what is wrong
WRONG = [
    ({}, "该字段是必填项"),
    ({"words": "做了", "figure": "70"}, "请选是哪个目标"),
    ({"words": "做了", "goal": 999}, "选择"),
]


@pytest.mark.parametrize(("said", "words"), WRONG)
def test_a_check_in_that_says_too_little_is_refused(walk, mine, said, words):
    case = walk("active")
    answer = mine.post(reverse("training:check_in", args=[case.pk]), said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not CheckIn.objects.exists()


def test_nothing_is_noted_before_the_plan_begins(walk, mine):
    case = walk("planned")
    answer = mine.post(reverse("training:check_in", args=[case.pk]), {"words": "提前做了"})
    assert (answer.status_code, CheckIn.objects.count()) == (422, 0)


def test_the_first_check_in_is_due_two_weeks_after_the_start(walk, take, trainer, mine, hr):
    case = walk("planned", fields={"form": "plan"})
    take(case, "start", trainer, until="2027-02-26")
    page = mine.get(MINE).content.decode()
    assert "写第 1 次双周记录" in page
    mine.post(reverse("training:check_in", args=[case.pk]), {"words": "回访 12 户"})
    assert "写第 2 次双周记录" in mine.get(MINE).content.decode()


def test_a_new_result_moves_the_figure_of_the_goal(walk, mine, officer):
    walk("active", fields={"form": "plan"})
    ends = timezone.localdate() + timedelta(days=30)
    cycle = Cycle.objects.create(code="2026-12", kind="monthly", starts_on=ends - timedelta(days=29), ends_on=ends)
    Result.objects.create(
        cycle=cycle,
        officer=officer.officer,
        status="graded",
        score=70,
        grade="较好",
        indicators={"群众满意度": 66.8},
        recorded_on=date(2027, 1, 5),
        recorded_by=officer,
    )
    page = mine.get(MINE).content.decode()
    assert "实际 51.4、66.8" in page
    assert "高于计划" in page


def test_the_officer_signs_from_his_page(walk, mine, officer):
    case = walk("proposed")
    assert reverse("workflows:step", args=[case.pk, "agree"]) in mine.get(MINE).content.decode()
    answer = mine.post(reverse("workflows:step", args=[case.pk, "agree"]), {"note": ""}, follow=True)
    assert answer.status_code == 200
    assert TrainingCase.objects.get(pk=case.pk).officer_signed


def test_the_manager_agrees_goals_on_the_page_of_the_step(walk, as_account, unit_head):
    case = walk("notified")
    client = as_account(unit_head)
    plan = client.get(reverse("training:plan", args=[case.pk])).content.decode()
    address = reverse("workflows:step", args=[case.pk, "propose"])
    assert address in plan
    assert "群众满意度" in client.get(address).content.decode()
    due = (timezone.localdate() + timedelta(days=90)).isoformat()
    said = {"indicator_1": "群众满意度", "baseline_1": "51.4", "target_1": "74", "due_1": due, "how_1": "每周回访"}
    client.post(address, said | {"course": ""})
    case = TrainingCase.objects.get(pk=case.pk)
    assert (case.state, case.goals.get().target) == ("proposed", 74)


def test_a_goal_without_target_or_in_the_past_is_refused(walk, as_account, unit_head):
    case = walk("notified")
    said = {"indicator_1": "群众满意度", "due_1": "2020-01-01"}
    answer = as_account(unit_head).post(reverse("workflows:step", args=[case.pk, "propose"]), said)
    assert answer.status_code == 422
    for words in ("请写要达到多少", "请写今天以后的期限"):
        assert words in answer.content.decode()


def test_the_case_page_shows_the_facts_of_the_training(walk, as_account, hr):
    page = as_account(hr).get(reverse("workflows:case", args=[walk("active").pk])).content.decode()
    for words in ("培训与计划", "群众工作与沟通", "市局训练基地二教", "能力不足"):
        assert words in page


def test_a_unit_plan_is_read_and_noted_by_its_head(unit_case, take, as_account, hr, make_account, branch, unit_head):
    above = make_account("head of F01", "unit_head", branch)
    case = take(take(unit_case(), "review", hr), "name_cause", above, cause="skill", words="执法质量连降三月")
    case = take(case, "notify", above)
    case = take(case, "propose", above, goals=[{"indicator": "执法质量", "target": 75, "due": "2027-03-31"}])
    case = take(take(case, "agree", unit_head), "start", above, until="2027-03-31")
    client = as_account(unit_head)
    client.post(reverse("training:check_in", args=[case.pk]), {"words": "组织两次案件讲评"})
    assert "组织两次案件讲评" in client.get(reverse("training:plan", args=[case.pk])).content.decode()


def test_the_pages_cost_few_queries(walk, mine, django_assert_max_num_queries):
    case = walk("active")
    mine.post(reverse("training:check_in", args=[case.pk]), {"words": "回访 12 户"})
    for address in (MINE, reverse("training:plan", args=[case.pk])):
        mine.get(address)
        with django_assert_max_num_queries(24):
            mine.get(address)
