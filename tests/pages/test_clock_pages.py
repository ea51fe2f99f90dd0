"""The pages of stand-ins, pauses and claims by axe-core, on desk and phone, in both schemes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.actions import set_absence, set_stand_in
from people.models import RoleGrant
from people.roles import Role
from tests.browser import DESK, PHONE, barriers, overflow
from workflows import claims, pausing
from workflows.desk import boxes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene(hr, make_account, make_officer, bureau, make_cases, make_case):
    """Personnel, whose desk a colleague shares and a deputy holds for them; work claimed, stopped, stopped before."""
    hr.officer = make_officer(bureau, name="张桂兰")
    hr.save()
    make_account("colleague", Role.HR, bureau, officer=make_officer(bureau, name="李志远"))
    deputy = make_account("deputy", officer=make_officer(bureau, name="王代理"))
    today = timezone.localdate()
    days = {"from_day": today, "to_day": today + timedelta(days=9), "reason": "参加省厅培训"}
    set_stand_in(grant=RoleGrant.objects.get(account=hr), substitute=deputy, actor=hr, **days)
    set_absence(account=hr, actor=hr, **days)
    case, stopped = make_case(), make_case()
    make_cases(2)
    pausing.pause(stopped, actor=hr, reason="住院治疗", expected=days["to_day"])
    claims.claim(boxes(hr)[0], actor=hr)
    return {"case": case.pk, "stopped": stopped.pk, "deputy": deputy, "badge": hr.officer.badge}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_bars_a_reader(visit, hr, scene, size, scheme):
    case, stopped = f"/cases/{scene['case']}/", f"/cases/{scene['stopped']}/"
    seen = [
        (hr, ("/", "/?claim=mine", "/account/stand-ins/", f"/people/{scene['badge']}/stand-ins/")),
        (hr, (case, stopped, f"{case}clock/pause/", f"{stopped}clock/resume/")),
        (scene["deputy"], ("/", case, "/account/stand-ins/")),
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


def test_all_of_it_works_without_a_script(visit, hr, scene):
    page = visit(hr, f"/cases/{scene['case']}/", script=False)
    page.get_by_role("button", name="放回").click()
    page.get_by_role("button", name="认领").click()
    page.get_by_text("你已认领").first.wait_for()
    page.get_by_role("link", name="暂停计时").click()
    page.get_by_label("理由").fill("接受核查")
    page.get_by_role("button", name="暂停计时").click()
    page.get_by_text("起，暂停中").wait_for()
