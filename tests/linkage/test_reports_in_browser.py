"""Looking ahead in a real browser: a draft is previewed, its report read down to the names, and back-tested."""

from datetime import date

import pytest

from tests.browser import DESK, PHONE, barriers, chromium, open_page, overflow
from tests.linkage.small import small
from workflows import running
from workflows.models import Job

__all__ = ["small"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


def is_sound(page):
    assert barriers(page) == []
    assert overflow(page) <= 0
    assert page.complaints == []


SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture
def signed_in(browser, live_server, as_account, hr, published):
    pages = []

    def signed_in(size, path):
        session = as_account(hr).cookies["sessionid"].value
        pages.append(open_page(browser, live_server.url, session, size=size))
        pages[-1].goto(live_server.url + path)
        return pages[-1]

    yield signed_in
    for page in pages:
        page.context.close()


def to_the_result(page):
    """The job runs, and its page leads to what came of it."""
    running.run(Job.objects.latest("pk").pk)
    page.reload()
    page.get_by_role("link", name="看结果").click()
    is_sound(page)


@SIZES
def test_a_draft_is_looked_at_before_it_is_signed(signed_in, small, size):
    page = signed_in(size, f"/linkage/policies/{small.draft.pk}/")
    page.get_by_role("link", name="预览或回测").click()
    is_sound(page)
    page.locator("#id_policy").select_option(str(small.draft.pk))
    page.locator("#id_as_of").fill("2026-01-31")
    page.get_by_role("button", name="生成预览报告").click()
    to_the_result(page)
    assert page.locator("#fairness").is_visible()
    page.locator("#by-rule").get_by_role("link", name="+2").click()
    is_sound(page)
    assert page.get_by_text(small.people[5].name).is_visible()


@SIZES
def test_a_version_is_put_to_every_past_cycle(signed_in, small, size):
    small.result(2, 2025, "优秀", 90.5, recorded_on=date(2026, 3, 1))
    page = signed_in(size, f"/linkage/reports/new/?policy={small.live.pk}")
    page.locator("#id_all-policy").select_option(str(small.live.pk))
    page.get_by_role("button", name="回测全部周期").click()
    to_the_result(page)
    page.locator("#rule-A").get_by_role("link", name="1", exact=True).first.click()
    is_sound(page)
    page.goto(page.url.partition("/linkage/")[0] + "/linkage/decisions/")
    is_sound(page)
