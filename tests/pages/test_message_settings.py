"""Message settings: how a person and a department get their messages, who may choose it, and how the last one went."""

from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.utils import timezone

from people.roles import Role
from workflows import parcels
from workflows.channels import webhook
from workflows.models import AllowedAddress, DeskChoice, Parcel, PersonalChoice

pytestmark = pytest.mark.django_db
DESK = "/message-settings/desks/training_unit/B00/"


@pytest.fixture
def allow(administrator):
    def allow(kind, value):
        said = {"reason": "x", "added_by": administrator, "added_at": timezone.now()}
        return AllowedAddress.objects.create(kind=kind, value=value, **said)

    return allow


@pytest.fixture
def with_webhook(allow, as_account, hr, trainer):
    """The training unit's choice, made by HR, with a secret; and HR's browser."""
    allow("web", "https://training.police.example:443")
    browser = as_account(hr)
    browser.post(DESK, {"webhook": "https://training.police.example/in", "format": "xlsx"})
    browser.post(DESK + "secret/")
    return browser


# Persons ---------------------------------------------------------------------------------------------------------
def test_a_person_chooses_his_letters_and_his_calendar(as_account, hr):
    browser = as_account(hr)
    assert "随到随发" in browser.get("/message-settings/").text
    answer = browser.post("/message-settings/", {"mail": "digest", "calendar": "on"}, follow=True)
    assert "消息设置已保存。" in answer.text
    choice = PersonalChoice.objects.get(account=hr)
    assert (choice.mail, choice.calendar) == ("digest", True)


def test_a_choice_that_is_none_is_not_kept(as_account, hr):
    answer = as_account(hr).post("/message-settings/", {"mail": "pigeon"})
    assert "没有保存" in answer.text
    assert not PersonalChoice.objects.exists()


def test_a_test_letter_goes_the_way_of_any_other(as_account, hr):
    hr.email = "hr@example.org"
    hr.save()
    browser = as_account(hr)
    assert "测试消息已交付发送" in browser.post("/message-settings/test/", follow=True).text
    assert "待发送" in browser.get("/message-settings/").text
    parcels.deliver_all()
    assert [letter.subject for letter in mailbox.outbox] == ["三挂钩：测试消息"]
    assert "已发送" in browser.get("/message-settings/").text


def test_without_an_address_no_test_is_sent(as_account, hr):
    answer = as_account(hr).post("/message-settings/test/", follow=True)
    assert "你的账户还没有邮箱" in answer.text
    assert not Parcel.objects.exists()


def test_the_last_failure_is_shown(as_account, hr):
    now = timezone.now()
    Parcel.objects.create(
        channel="mail",
        fold="x",
        account=hr,
        written_at=now,
        available_at=now,
        dead_at=now,
        error="SMTPServerDisconnected",
    )
    page = as_account(hr).get("/message-settings/").text
    assert "SMTPServerDisconnected" in page
    assert "发送失败" in page


# Departments -----------------------------------------------------------------------------------------------------
def test_hr_chooses_for_a_department(as_account, hr, trainer, bureau):
    browser = as_account(hr)
    assert DESK in browser.get("/message-settings/desks/").text
    said = {"mailbox": "training@police.example", "format": "csv"}
    assert "部门消息设置已保存。" in browser.post(DESK, said, follow=True).text
    choice = DeskChoice.objects.get()
    assert (choice.role, choice.path, choice.mailbox, choice.to_members, choice.format, choice.changed_by) == (
        "training_unit",
        bureau.path,
        "training@police.example",
        False,
        "csv",
        hr,
    )
    assert "hr" in browser.get(DESK).text


@pytest.mark.parametrize("who", ["unit_head", "stranger", "trainer", "auditor", "other_unit_head", "leader"])
@pytest.mark.parametrize("page", ["", "test/", "secret/", "feed/"])
def test_nobody_else_does(as_account, request, who, page, bureau):
    account = request.getfixturevalue(who)
    browser = as_account(account)
    if not page:
        assert browser.get(DESK).status_code == 404
    assert browser.post(DESK + page, {"mailbox": "x@evil.example", "format": "csv"}).status_code == 404
    assert not DeskChoice.objects.exists()


@pytest.mark.parametrize("address", ["training_unit/NONE/", "officer/B00/", "king/B00/", "system/~/"])
def test_what_is_no_desk_has_no_page(as_account, administrator, bureau, address):
    assert as_account(administrator).get(f"/message-settings/desks/{address}").status_code == 404


def test_who_answers_for_no_department_has_no_list(as_account, stranger, trainer):
    for account in (stranger, trainer):
        assert as_account(account).get("/message-settings/desks/").status_code == 404


def test_a_head_chooses_for_his_own_unit_alone(as_account, unit_head, station, other_unit_head):
    page = as_account(unit_head).get("/message-settings/desks/").text
    assert f"/desks/unit_head/{station.code}/" in page
    assert "/desks/unit_head/F02/" not in page


def test_an_address_that_is_not_allowed_is_refused_when_it_is_saved(as_account, hr, trainer):
    answer = as_account(hr).post(DESK, {"webhook": "https://evil.example/", "format": "xlsx"})
    assert "系统管理员还没有允许访问这个地址" in answer.text
    assert not DeskChoice.objects.exists()


def test_a_mailbox_must_be_allowed_where_letters_leave(as_account, hr, trainer, settings, allow):
    settings.EMAIL_HOST = "mail.police.example"
    browser = as_account(hr)
    said = {"mailbox": "x@police.example", "format": "xlsx"}
    assert "还没有允许向这个域名发邮件" in browser.post(DESK, said).text
    allow("mail", "police.example")
    assert browser.post(DESK, said).status_code == 302


def test_a_folder_is_chosen_from_those_allowed(as_account, hr, trainer, allow, tmp_path):
    folder, mail = allow("folder", str(tmp_path)), allow("mail", "police.example")
    browser = as_account(hr)
    assert str(tmp_path) in browser.get(DESK).text
    assert "没有保存" in browser.post(DESK, {"folder": mail.pk, "format": "xlsx"}).text
    browser.post(DESK, {"folder": folder.pk, "format": "xlsx"})
    assert DeskChoice.objects.get().folder == folder


# Secrets ---------------------------------------------------------------------------------------------------------
def test_a_secret_is_shown_once(with_webhook):
    answer = with_webhook.post(DESK + "secret/")
    choice = DeskChoice.objects.get()
    secret = webhook.secret_of(choice, 2)
    assert secret in answer.text
    assert answer["Cache-Control"] == "no-store"
    page = with_webhook.get(DESK).text
    assert "whsec_" not in page
    assert "新旧并用" in page


def test_the_older_secret_can_be_retired_at_once(with_webhook):
    with_webhook.post(DESK + "secret/")
    with_webhook.post(DESK + "secret/", {"retire": "1"})
    choice = DeskChoice.objects.get()
    assert webhook.secrets_of(choice, timezone.now()) == [webhook.secret_of(choice, 2)]


def test_another_host_gets_another_secret(with_webhook, allow):
    known = webhook.secret_of(DeskChoice.objects.get(), 1)
    allow("web", "https://other.police.example:443")
    with_webhook.post(DESK, {"webhook": "https://other.police.example/", "format": "xlsx"})
    choice = DeskChoice.objects.get()
    assert choice.secret_number == 0
    assert webhook.secret_of(choice, 1) != known


def test_without_an_address_there_is_no_secret(as_account, hr, trainer):
    assert "还没有填写接口地址" in as_account(hr).post(DESK + "secret/", follow=True).text


def test_only_a_channel_that_is_set_can_be_tested(with_webhook):
    assert "这一渠道还没有设置好" in with_webhook.post(DESK + "test/", {"channel": "drop"}, follow=True).text
    assert "测试消息已交付发送" in with_webhook.post(DESK + "test/", {"channel": "webhook"}, follow=True).text
    parcel = Parcel.objects.get()
    assert (parcel.channel, parcel.topic, parcel.role) == ("webhook", "test", Role.TRAINING_UNIT)


def test_a_secret_is_older_only_for_some_days(with_webhook):
    with_webhook.post(DESK + "secret/")
    choice = DeskChoice.objects.get()
    assert timedelta(days=6) < choice.older_until - timezone.now() < timedelta(days=8)


def test_a_department_that_never_chose_finds_empty_fields(as_account, hr):
    page = as_account(hr).get(DESK)
    assert [page.context["form"][name].value() for name in ("mailbox", "webhook", "format")] == ["", "", "xlsx"]
    assert "接口密钥" not in page.text  # there is none to be made before there is an address
