"""Every page of work, by axe-core, in both schemes, on desk and phone; by keyboard; and with no script at all."""

import pytest

from tests.browser import DESK, PHONE, barriers, overflow
from tests.errand.models import Errand
from workflows import actions, ledger, outbox
from workflows import clock as clocks
from workflows.models import Case, Job, JobState, OutboxMessage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LOOKS = [
    pytest.param(size, scheme, id=f"{scheme}-{size['width']}") for size in (DESK, PHONE) for scheme in ("light", "dark")
]


@pytest.fixture
def scene(hr, make_cases, make_case):
    """Work of every kind of standing: open, barred, paused, moved; messages told, one of them dead."""
    moved, paused, barred = make_case(), make_case(), make_case(purpose="")
    actions.advance([moved.pk], Errand.accept, actor=hr, note="材料齐全")
    ledger.pause([paused.pk], actor=hr, clock=clocks.now(), note="调查")
    outbox.deliver_all()
    make_cases(1)
    now = clocks.now().at
    OutboxMessage.objects.filter(sent_at=None).update(dead_at=now, error="ConnectionRefusedError")
    job = Job.objects.create(kind="unknown", args={}, actor=hr, state=JobState.RUNNING, done=1, total=3)
    return {"moved": moved.pk, "barred": barred.pk, "job": job.pk}


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_nothing_bars_a_reader(visit, hr, administrator, scene, size, scheme):
    moved, barred = (f"/cases/{scene[name]}/" for name in ("moved", "barred"))
    seen = [
        (hr, ("/", "/?due=paused", "/cases/", "/cases/?q=x", moved, barred, f"{moved}plan/", "/messages/", "/menu/")),
        (hr, ("/jobs/", f"/jobs/{scene['job']}/")),
        (administrator, ("/", "/operations/", "/nothing/")),
    ]
    found = []
    for account, addresses in seen:
        page = visit(account, "/menu/", size=size, scheme=scheme)
        for address in addresses:
            page.goto(page.base + address)
            found += [f"{address}: {barrier}" for barrier in barriers(page)]
            found += [f"{address}: {overflow(page)} px too wide"] if overflow(page) > 0 else []
        found += [said for said in page.complaints if "404" not in said]
    assert found == []


def test_a_step_is_taken_in_its_dialog(visit, hr, scene):
    page = visit(hr, f"/cases/{scene['moved']}/")
    page.get_by_role("link", name="安排…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="安排", exact=True).click()
    dialog.get_by_role("alert").wait_for()
    assert barriers(page) == []
    assert page.evaluate("document.activeElement.className") == "error-summary"
    dialog.get_by_label("地点").fill("省厅")
    dialog.get_by_label("天数").fill("3")
    dialog.get_by_role("button", name="安排", exact=True).click()
    page.get_by_role("status").get_by_text("已办理：安排。").wait_for()
    assert not dialog.is_visible()
    assert page.locator("#case-panel").get_by_text("已安排").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "现在轮到"
    assert Case.objects.get(pk=scene["moved"]).state == "planned"


def test_escape_leaves_a_dialog_and_nothing_happened(visit, hr, scene):
    page = visit(hr, f"/cases/{scene['moved']}/")
    page.get_by_role("link", name="安排…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("地点").wait_for()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert Case.objects.get(pk=scene["moved"]).state == "accepted"


def test_everything_works_without_a_script(visit, hr, scene):
    page = visit(hr, f"/cases/{scene['moved']}/", script=False)
    page.get_by_role("link", name="安排…").click()
    page.get_by_label("地点").fill("省厅")
    page.get_by_label("天数").fill("3")
    page.get_by_role("button", name="安排", exact=True).click()
    assert page.get_by_text("已办理：安排。").is_visible()
    assert Case.objects.get(pk=scene["moved"]).state == "planned"


def test_many_are_chosen_and_moved_at_once(visit, hr, make_cases, make_case):
    make_cases(2)
    make_case(purpose="")
    page = visit(hr, "/")
    page.get_by_label("选择本页全部").check()
    assert page.get_by_role("region", name="批量办理").get_by_text("已选 3 件").is_visible()
    page.get_by_role("button", name="选择要办的步骤").click()
    page.get_by_role("button", name="受理…").click()
    assert barriers(page) == []
    page.get_by_role("button", name="受理 3 件").click()
    assert page.get_by_text("已办理 2 件，1 件被拒，原因如下。").is_visible()
    assert barriers(page) == []


def test_a_slash_looks_for_a_person_unless_one_writes(visit, hr, scene):
    page = visit(hr, "/cases/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.locator("#f-q").focus()
    page.keyboard.press("/")
    assert page.locator("#f-q").input_value() == "/"


def test_the_first_tab_skips_to_the_text(visit, hr, scene):
    page = visit(hr, "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
