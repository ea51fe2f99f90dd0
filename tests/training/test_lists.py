"""Enrollment lists: versions and what changed, checksum, message with its file, and the receipt."""

import hashlib
import json
from io import BytesIO

import openpyxl
import pytest
from django.core import mail
from django.utils import timezone

from training import sheets
from training.actions import confirm_list, issue_list
from training.models import EnrollmentList
from workflows import packing, parcels
from workflows.models import InboxEntry, OutboxMessage
from workflows.outbox import deliver_all
from workflows.refusals import Unmet

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed(walk):
    return walk("active")


@pytest.fixture
def listed(placed, session, trainer, clock):
    return issue_list(session, actor=trainer, clock=clock)


def test_the_first_version_names_everybody(listed, officer):
    assert (listed.version, listed.count, listed.removed) == (1, 1, [])
    assert listed.rows == [
        {
            "badge": officer.officer.badge,
            "name": "何帅欣",
            "unit": "单位F01P01",
            "post_type": "社区民警",
            "focus": "群众满意度",
            "codes": [],
            "form": "能力提升班",
        }
    ]


def test_the_codes_of_the_rules_are_on_the_list(walk, session, trainer, clock, reason):
    walk("active", reasons=[reason("P08:2026Q3:2200001")])
    assert issue_list(session, actor=trainer, clock=clock).rows[0]["codes"] == ["P08"]


def test_anybody_can_reckon_the_checksum_from_the_file_s_rows(listed, session):
    said = {"course": session.course.code, "number": session.number, "version": 1, "rows": listed.rows}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert listed.checksum == hashlib.sha256(text.encode()).hexdigest()


def test_without_a_change_there_is_no_new_version(listed, session, trainer, clock):
    assert issue_list(session, actor=trainer, clock=clock) == listed
    assert EnrollmentList.objects.count() == OutboxMessage.objects.filter(topic="training.list").count() == 1


def test_the_next_version_says_who_left(listed, placed, session, trainer, clock, take, officer):
    take(placed, "unplace", trainer, reason="出差")
    second = issue_list(session, actor=trainer, clock=clock)
    assert (second.version, second.count, second.added) == (2, 0, [])
    assert [row["badge"] for row in second.removed] == [officer.officer.badge]
    assert second.checksum != listed.checksum


def test_an_empty_class_has_no_list(session, trainer, clock):
    with pytest.raises(Unmet, match="没有名册可发"):
        issue_list(session, actor=trainer, clock=clock)


def test_only_who_answers_for_the_class_sends_its_list(placed, session, unit_head, stranger, clock):
    for actor in (unit_head, stranger):
        with pytest.raises(Unmet, match="没有办理这一步的权限"):
            issue_list(session, actor=actor, clock=clock)


def test_the_training_unit_finds_it_in_its_inbox_and_the_file_in_its_mail(listed, trainer, settings, bureau):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    trainer.email = "training@police.example"
    trainer.save()
    OutboxMessage.objects.exclude(topic="training.list").delete()
    deliver_all()
    parcels.deliver_all(now=timezone.now() + packing.GATHER)
    entry = InboxEntry.objects.get()
    assert (entry.role, entry.desk) == ("training_unit", bureau.path)
    assert entry.title_zh == "群众工作与沟通第 1 期：名册第 1 版，请确认收到"
    (letter,) = mail.outbox
    assert "何帅欣" not in letter.subject + letter.body
    ((name, content, kind),) = letter.attachments
    assert (name, kind) == ("QZ-01-1-v1.xlsx", sheets.XLSX)
    assert openpyxl.load_workbook(BytesIO(content)).active["B6"].value == "何帅欣"


def test_the_spreadsheet_bears_class_version_checksum_and_rows(listed):
    sheet = openpyxl.load_workbook(BytesIO(sheets.xlsx(listed))).active
    rows = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert rows[0] == ["群众工作与沟通（第 1 期）"]
    assert rows[2] == [f"第 1 版，1 人，校验码 {listed.shown_checksum}"]
    assert rows[4] == ["序", "姓名", "警号", "单位", "岗位", "要补的指标", "依据", "形式", "变动"]
    assert rows[5][:3] == [1, "何帅欣", listed.rows[0]["badge"]]


def test_the_same_version_is_the_same_file(listed):
    assert sheets.xlsx(listed) == sheets.xlsx(EnrollmentList.objects.get(pk=listed.pk))
    assert sheets.text(listed).startswith("\ufeff序,姓名,警号".encode())


def test_a_name_that_looks_like_a_formula_stays_a_name(listed):
    listed.rows[0]["name"] = "=1+1"
    assert "'=1+1" in sheets.text(listed).decode()
    assert openpyxl.load_workbook(BytesIO(sheets.xlsx(listed))).active["B6"].value == "'=1+1"


def test_a_receipt_needs_count_and_checksum(listed, trainer, clock):
    for count, checksum in ((2, listed.checksum), (1, "0" * 64)):
        with pytest.raises(Unmet, match="不一致"):
            confirm_list(listed, count=count, checksum=checksum, actor=trainer, clock=clock)
    confirmed = confirm_list(listed, count=1, checksum=listed.checksum, actor=trainer, clock=clock)
    assert (confirmed.confirmed_at, confirmed.confirmed_by) == (clock.at, trainer)


def test_a_receipt_is_given_once_and_by_the_training_unit(listed, trainer, hr, clock):
    said = {"count": 1, "checksum": listed.checksum, "clock": clock}
    with pytest.raises(Unmet, match="权限"):
        confirm_list(listed, actor=hr, **said)
    confirm_list(listed, actor=trainer, **said)
    with pytest.raises(Unmet, match="已有回执"):
        confirm_list(listed, actor=trainer, **said)


def test_an_old_version_cannot_be_confirmed(listed, placed, session, trainer, clock, take):
    take(placed, "unplace", trainer, reason="出差")
    issue_list(session, actor=trainer, clock=clock)
    with pytest.raises(Unmet, match="新的一版"):
        confirm_list(listed, count=1, checksum=listed.checksum, actor=trainer, clock=clock)
