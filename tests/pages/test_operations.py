"""How the machinery stands, for administrators."""

from datetime import timedelta

import pytest
from django.utils import timezone

from workflows import canary, outbox, slots
from workflows.models import Cause, Job, JobState, OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead_letter(make_case):
    """A message that could not be delivered."""
    make_case()
    now = timezone.now()
    OutboxMessage.objects.update(dead_at=now, attempts=8, error="ConnectionRefusedError")
    return OutboxMessage.objects.get()


def test_it_shows_what_waits_and_what_died(as_account, administrator, dead_letter):
    page = as_account(administrator).get("/operations/")
    assert page.status_code == 200
    assert "ConnectionRefusedError" in page.text
    assert page.context["figures"].dead == "1"
    assert "后台进程" in page.text


def test_it_shows_no_content_and_no_names(as_account, administrator, dead_letter):
    page = as_account(administrator).get("/operations/")
    assert "于雨" not in page.text
    assert "送文件" not in page.text


def test_it_shows_late_work_by_department_and_no_names(as_account, administrator, make_case):
    case = make_case()
    case.work_items.update(due_at=timezone.now() - timedelta(days=2))
    page = as_account(administrator).get("/operations/")
    [row] = page.context["late"]
    assert (row.count, row.unit in page.text, row.role in page.text) == (1, True, True)
    assert "于雨" not in page.text


def test_it_shows_the_last_turns_the_canary_and_the_jobs(as_account, administrator, hr):
    slots.in_turn("sweep_deadlines", lambda: {"reminded": 3}, length=slots.DAY)
    slots.win("deliver_parcels:mail", length=slots.DAY)
    canary.send()
    outbox.deliver_all()
    Job.objects.create(kind="unknown", args={}, actor=hr, state=JobState.FAILED, error="ValueError")
    page = as_account(administrator).get("/operations/")
    for words in ("扫描期限", "提醒 3", "对外发送", "邮件", "未完", "最近一次全程试投", "失败"):
        assert words in page.text


@pytest.mark.parametrize("who", ["hr", "stranger", "auditor"])
def test_it_is_not_there_for_others(as_account, request, dead_letter, who):
    browser = as_account(request.getfixturevalue(who))
    assert browser.get("/operations/").status_code == 404
    assert browser.post("/operations/replay/", {"message": dead_letter.pk, "reason": "x"}).status_code == 404
    assert OutboxMessage.objects.count() == 1


def test_a_dead_letter_is_sent_again_with_a_reason(as_account, administrator, dead_letter):
    browser = as_account(administrator)
    answer = browser.post("/operations/replay/", {"message": dead_letter.pk, "reason": "对方已恢复"}, follow=True)
    assert "已重发 1 条。" in answer.text
    again = OutboxMessage.objects.get(cause=Cause.REPLAY)
    assert (again.replay_of_id, again.replay_reason, again.replayed_by) == (dead_letter.pk, "对方已恢复", administrator)
    assert "已重发" in browser.get("/operations/").text


@pytest.mark.parametrize("sent", [{"reason": ""}, {"reason": "x", "message": "x"}])
def test_without_a_reason_or_a_choice_nothing_is_sent(as_account, administrator, dead_letter, sent):
    as_account(administrator).post("/operations/replay/", {"message": dead_letter.pk, **sent})
    assert OutboxMessage.objects.count() == 1


def test_what_is_on_its_way_is_not_sent_again(as_account, administrator, make_case):
    make_case()
    message = OutboxMessage.objects.get()
    as_account(administrator).post("/operations/replay/", {"message": message.pk, "reason": "x"})
    assert OutboxMessage.objects.count() == 1


def test_htmx_reads_the_figures_alone(as_account, administrator):
    headers = {"HX-Request": "true", "HX-Target": "ops-figures"}
    page = as_account(administrator).get("/operations/", headers=headers)
    assert page.text.lstrip().startswith('<div class="stats" id="ops-figures"')
