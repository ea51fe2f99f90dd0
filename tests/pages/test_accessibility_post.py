"""The pages of the post, by axe-core, in both schemes, on desk and phone, and with no script at all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.roles import Role
from tests.browser import DESK, PHONE, barriers, overflow
from workflows import choices, outbox
from workflows import clock as clocks
from workflows.channels import allowed
from workflows.channels.base import NotAllowed
from workflows.models import AllowedAddress, DeskChoice, InboxEntry, Parcel
from workflows.receipts import Asked, ask

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DESK_PAGE = "/message-settings/desks/hr/B00/"
LOOKS = [
    pytest.param(size, scheme, id=f"{scheme}-{size['width']}") for size in (DESK, PHONE) for scheme in ("light", "dark")
]


@pytest.fixture
def scene(hr, administrator, bureau, make_cases):
    """A department with every channel, an allowed and a refused address, a dead parcel, a list told, receipts due."""
    said = {"reason": "教育训练平台", "added_by": administrator, "added_at": timezone.now()}
    AllowedAddress.objects.create(kind="web", value="https://training.police.example:443", **said)
    AllowedAddress.objects.create(kind="mail", value="police.example", **said)
    folder = AllowedAddress.objects.create(kind="folder", value="/srv/trilink/out", **said)
    DeskChoice.objects.create(
        role=Role.HR,
        path=bureau.path,
        mailbox="zzc@police.example",
        webhook="https://training.police.example/trilink",
        secret_number=2,
        older_until=timezone.now() + timedelta(days=3),
        folder=folder,
        changed_by=hr,
        changed_at=timezone.now(),
    )
    choices.choose_personal(hr, mail="digest", calendar=True)
    hr.email = "hr@police.example"
    hr.save()
    with pytest.raises(NotAllowed):
        allowed.insist("web", "http://10.23.4.5:8080")
    make_cases(3)
    outbox.deliver_all()
    now = timezone.now()
    Parcel.objects.filter(channel="webhook").update(dead_at=now, attempts=8, error="answered 503")
    Parcel.objects.filter(channel="drop").update(sent_at=now)
    for number, day in enumerate((1, -2), start=1):
        ask(
            Asked(
                key=f"x:{number}",
                role=Role.HR,
                desk=bureau.path,
                line_path=bureau.path,
                title_zh=f"群众工作与沟通第 {number} 期名册第 2 版",
                title_en="x",
                link="/",
                count=42,
                checksum="0a1b2c3d" * 8,
                due_at=now + timedelta(days=day),
                added=3,
                removed=1,
            ),
            clock=clocks.now(),
        )


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_nothing_bars_a_reader(visit, hr, administrator, scene, size, scheme):
    pile = InboxEntry.objects.filter(pile__isnull=False).first().pile
    seen = [
        (
            hr,
            ("/message-settings/", "/message-settings/desks/", DESK_PAGE, "/receipts/", "/messages/"),
        ),
        (hr, (f"/messages/lists/{pile}/",)),
        (administrator, ("/operations/delivery/", "/operations/addresses/")),
    ]
    found = []
    for account, addresses in seen:
        page = visit(account, "/menu/", size=size, scheme=scheme)
        for address in addresses:
            page.goto(page.base + address)
            found += [f"{address}: {barrier}" for barrier in barriers(page)]
            found += [f"{address}: {overflow(page)} px too wide"] if overflow(page) > 0 else []
        found += page.complaints
    assert found == []


def test_a_secret_is_made_without_a_script(visit, hr, scene):
    page = visit(hr, DESK_PAGE, script=False)
    page.get_by_role("button", name="更换密钥").click()
    assert page.get_by_label("密钥").input_value().startswith("whsec_")
    page.get_by_role("link", name="已抄下").click()
    assert page.get_by_role("heading", name="政治处 · 海州市公安局").is_visible()


def test_a_person_chooses_by_keyboard(visit, hr, scene):
    page = visit(hr, "/message-settings/")
    page.get_by_label("不发邮件，只在系统内看").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("消息设置已保存。").wait_for()
    assert choices.personal(hr).mail == "none"
