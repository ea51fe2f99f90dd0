"""A policy walked through its life in a real browser: written, seen to be wrong, mended, approved, published."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from linkage import lifecycle, register
from linkage.models import Policy
from people.accounts import machine
from people.roles import Role
from tests.browser import DESK, PHONE, barriers, chromium, open_page, overflow

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LOOKS = [
    pytest.param(size, scheme, id=f"{scheme}-{size['width']}") for size in (DESK, PHONE) for scheme in ("light", "dark")
]


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser, live_server, as_account):
    """Open an address as somebody; without `script` as one whose browser runs none."""
    pages = []

    def visit(account, address, **how):
        page = open_page(browser, live_server.url, as_account(account).cookies["sessionid"].value, **how)
        page.base = live_server.url
        pages.append(page)
        page.goto(page.base + address)
        return page

    yield visit
    for page in pages:
        page.context.close()


@pytest.fixture
def shipped(bureau):
    return register.install_shipped(actor=machine("loader"))


@pytest.fixture
def chief(make_account, bureau):
    return make_account("chief", Role.LEADER, bureau, first_name="沈国梁")


@pytest.fixture
def writer(make_account, bureau):
    return make_account("writer", Role.HR, bureau, first_name="李志远")


@pytest.fixture
def draft(shipped, writer):
    text = shipped.text.replace("version: 2026.1", "version: 2026.2").replace("share: 3%", "share: 4%")
    return lifecycle.draft(text, from_day=timezone.localdate() + timedelta(days=30), actor=writer, based_on=shipped)


def test_an_error_is_seen_while_one_writes_and_mended(shipped, writer, visit):
    page = visit(writer, "/linkage/policies/")
    page.get_by_role("link", name="起草新版本").click()
    expect(page.get_by_label("新版本号")).to_have_value("2026.2")
    page.get_by_label("拟施行日").fill((timezone.localdate() + timedelta(days=40)).isoformat())
    page.get_by_role("button", name="开始起草", exact=True).click()

    box, reading = page.get_by_label("规则文本"), page.locator("#reading")
    expect(reading.get_by_text("可以读取")).to_be_visible()
    right = box.input_value()
    box.fill(right.replace("when: {grade: 基本称职}", "whem: {grade: 基本称职}", 1))
    expect(reading.get_by_text("还不能读取")).to_be_visible()
    line = right.splitlines().index("    when: {grade: 基本称职}") + 1
    expect(page.locator(f"#L{line}")).to_have_attribute("data-mark", "error")
    reading.locator(".marks [data-jump]").first.click()
    assert box.evaluate("element => element.value.slice(0, element.selectionStart).split('\\n').length") == line
    box.fill(right.replace("when: {grade: 基本称职}", "when: {grade: {below: 称职}}", 1))
    expect(reading.locator("mark").first).to_contain_text("低于")
    expect(reading.locator(".said[aria-current]")).to_have_count(1)
    page.get_by_role("button", name="保存并返回").click()
    expect(page.locator(".toast")).to_contain_text("条文没有错误")
    assert page.complaints == []


def test_a_policy_is_checked_approved_by_another_and_published(shipped, draft, writer, chief, visit):
    page = visit(writer, f"/linkage/policies/{draft.pk}/")
    page.get_by_role("button", name="核对通过").click()
    expect(page.locator(".toast")).to_contain_text("已核对")
    expect(page.locator("#policy-act [aria-disabled=true]").first).to_contain_text("批准")
    other = visit(chief, f"/linkage/policies/{draft.pk}/")
    other.get_by_role("button", name="批准", exact=True).click()
    expect(other.locator(".toast")).to_contain_text("已批准")

    page.reload()
    page.get_by_role("button", name="公布", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("待施行")
    made = Policy.objects.get(pk=draft.pk)
    assert (made.state, made.from_day) == ("in_force", timezone.localdate() + timedelta(days=30))
    assert Policy.objects.get(pk=shipped.pk).to_day == made.from_day - timedelta(days=1)
    assert page.complaints + other.complaints == []


def test_words_are_completed_by_keyboard(draft, writer, visit):
    page = visit(writer, f"/linkage/policies/{draft.pk}/edit/")
    box = page.get_by_label("规则文本")
    box.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nqu")
    page.keyboard.press("Control+Space")
    page.get_by_role("option", name="quotas").wait_for()
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert box.input_value().endswith("\nquotas")
    page.keyboard.press("Tab")  # the box is no trap
    assert page.evaluate("document.activeElement.tagName") != "TEXTAREA"


def test_leaving_with_unsaved_changes_warns(draft, writer, visit):
    page = visit(writer, f"/linkage/policies/{draft.pk}/edit/")
    page.get_by_label("规则文本").press_sequentially("# ")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="政策与规则").first.click()
    page.wait_for_url("**/linkage/policies/")
    assert asked == ["beforeunload"]


def test_a_draft_is_written_without_a_script(draft, writer, visit):
    page = visit(writer, f"/linkage/policies/{draft.pk}/edit/", script=False)
    box = page.get_by_label("规则文本")
    box.fill(box.input_value().replace("share: 4%", "share: 5%"))
    page.get_by_role("button", name="保存草案").click()
    expect(page.locator("#reading")).to_contain_text("5%")
    assert "share: 5%" in Policy.objects.get(pk=draft.pk).text


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_nothing_bars_a_reader(draft, shipped, writer, visit, size, scheme, tmp_path):
    addresses = [
        "",
        f"{draft.pk}/",
        f"{draft.pk}/edit/",
        "new/",
        "import/",
        f"compare/?old={shipped.pk}&new={draft.pk}",
    ]
    page = visit(writer, "/menu/", size=size, scheme=scheme)
    found = []
    for number, address in enumerate(addresses):
        page.goto(f"{page.base}/linkage/policies/{address}")
        page.screenshot(path=tmp_path / f"{number}-{scheme}-{size['width']}.png")
        found += [f"{address}: {barrier}" for barrier in barriers(page)]
        found += [f"{address}: {overflow(page)} px too wide"] if overflow(page) > 0 else []
    assert found + page.complaints == []
