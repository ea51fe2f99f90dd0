"""What the tests of the pages share: errands on the desks of the bureau."""

import pytest

from tests.browser import chromium, open_page
from tests.errand.kind import KIND
from tests.errand.models import Errand
from workflows import actions
from workflows.models import CaseReason


@pytest.fixture
def subject(station, make_officer):
    """The officer the errands are about."""
    return make_officer(station, name="于雨")


@pytest.fixture
def make_cases(hr, subject):
    """Open n errands for the subject; return their ids."""
    made = iter(range(10_000))

    def make_cases(n=1, *, actor=hr, officer=subject, clock=None, **fields):
        path = officer.unit.path
        openings = [
            actions.Opening(
                key=f"errand:{next(made)}",
                title="送文件",
                officer_id=officer.pk,
                unit_path=path,
                line_path=path,
                fields={"purpose": "送达文书", **fields},
                reasons=[reason(f"P01:2025:{officer.badge}:{number}")],
            )
            for number in range(n)
        ]
        return actions.open_cases(openings, KIND, actor=actor, clock=clock).cases

    return make_cases


def reason(source):
    return CaseReason(
        source=source,
        code="P01",
        title_zh="连续 3 年优秀",
        title_en="3 consecutive years 优秀 (excellent)",
        words_zh="连续 3 年优秀（2023、2024、2025）。",
        words_en="3 consecutive years 优秀 (2023, 2024, 2025).",
        basis="公安机关人民警察奖励条令第十五条",
        evidence=[
            {
                "what": {"zh": "2025 年度", "en": "Year 2025"},
                "content": {"zh": "优秀，96.13 分", "en": "优秀, 96.13"},
                "recorded_on": "2026-01-12",
            }
        ],
    )


@pytest.fixture
def make_case(make_cases):
    return lambda **more: Errand.objects.get(pk=make_cases(1, **more)[0])


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser, live_server, as_account):
    """Open an address of the product as somebody; without `script` as one whose browser runs none."""
    pages = []

    def visit(account, address, **how):
        session = as_account(account).cookies["sessionid"].value
        page = open_page(browser, live_server.url, session, **how)
        pages.append(page)
        page.base = live_server.url
        page.goto(page.base + address)
        return page

    yield visit
    for page in pages:
        page.context.close()
