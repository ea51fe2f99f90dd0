"""Every page, as its users see it: no barrier that axe finds, no complaint on the console, no sideways scroll."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from people.demo import PASSWORD
from tests.journeys.person import Person
from tests.journeys.scene import REWARDED, TRAINED

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# Of the rows of a table, or of a list, the first ones stand for all.
AXE = Axe().axe_script
RUN_AXE = """async options => {
  const alike = ["tbody tr:nth-child(n+8)", ".list > li:nth-child(n+8)"];
  const { violations } = await axe.run({ exclude: alike.map(rows => [rows]) }, options);
  return violations.map(one => `${one.id} ${one.nodes[0].html.slice(0, 150)}`);
}"""
RULES = {"resultTypes": ["violations"]}
COLOURS = RULES | {"runOnly": ["color-contrast"]}
HEAD = "2200025"
LIMIT = 5  # wrong passwords until the door is locked

# Who looks at which pages. `{name}` is a key that `keys` finds in the product.
PAGES = {
    "hr": [
        "/",
        "/cases/",
        *[
            f"/cases/{{{kind}}}/"
            for kind in ("reward", "resource", "reserve", "training", "post_adjustment", "objection")
        ],
        "/cases/{reward}/screen_out/",
        "/messages/",
        "/appraisal/",
        "/appraisal/new/",
        "/appraisal/load/",
        "/appraisal/cycles/2025/",
        "/appraisal/cycles/2025/results/",
        "/appraisal/cycles/2025/results/{officer}/",
        "/appraisal/facts/{officer}/",
        "/linkage/",
        "/linkage/2025/",
        "/linkage/2025/decisions/",
        "/linkage/decisions/{decision}/",
        "/linkage/2025/why/?badge={officer}&rule=P01",
        "/linkage/decisions/",
        "/linkage/reports/",
        "/linkage/reports/new/",
        "/linkage/2025/why/?badge={officer}",
        "/linkage/2025/late/",
        "/linkage/people/{officer}/",
        "/linkage/cases/{training}/why/",
        "/linkage/policies/",
        "/linkage/policies/{policy}/",
        "/linkage/policies/{draft}/",
        "/linkage/policies/{draft}/edit/",
        "/linkage/policies/new/",
        "/linkage/policies/import/",
        "/linkage/policies/compare/?old={policy}&new={draft}",
        "/linkage/local/",
        "/linkage/local/F04/",
        "/jobs/",
        "/reserve/",
        "/rewards/certificates/{granted}/",
        "/people/",
        "/people/?q=2201",
        "/people/{officer}/",
    ],
    "training": [
        "/",
        "/training/lists/",
        "/training/lists/?when=past",
        "/training/demand/",
        "/training/demand/?course=QZ-01",
        "/training/classes/new/",
        "/training/classes/{class}/",
        "/training/classes/{begun}/marks/",
        "/training/classes/{class}/sign-in/",
        "/training/plans/{training}/",
    ],
    "admin": [
        "/operations/",
        "/people/units/",
        "/people/units/F04P01/access/",
        "/people/units/F04P01/grant/",
        "/people/{officer}/move/",
        "/people/{officer}/account/",
        "/account/",
        "/account/tokens/new/",
        "/password/",
        "/menu/",
    ],
    HEAD: ["/", "/people/?q=周", "/cases/{training}/", "/training/plans/{training}/"],
    TRAINED: [
        "/my/",
        "/my/why-not/2025/",
        "/training/my-plan/",
        "/people/me/looks/",
        "/appraisal/cases/{training}/objection/",
    ],
    REWARDED: ["/my/", "/my/why-not/2025/", "/appraisal/mine/", "/appraisal/results/{result}/objection/"],
    "committee-1": ["/", "/reserve/"],
    "equipment": ["/"],
    "inspector": ["/"],
}
MAIN = [
    "/",
    "/cases/{training}/",
    "/linkage/2025/",
    "/appraisal/cycles/2025/",
    "/reserve/",
    "/messages/",
    "/people/{officer}/",
]


@pytest.fixture
def look(person):
    """Look at a page in every light and on every screen; what is wrong with it."""

    def look(known, path, *, status=200):
        known.go(path, status=status)
        return [f"{path}: {words}" for words in barriers(known.page)]

    return look


def barriers(page):
    """All rules in the light on both screens; in the dark only colours differ."""
    page.evaluate(AXE)
    found = []
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        for scheme, options in (("light", RULES), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)
            found += [f"{size['width']} {scheme} {words}" for words in page.evaluate(RUN_AXE, options)]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways on a phone")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    return found


@pytest.mark.parametrize("username", PAGES)
def test_pages_have_no_barriers(person, keys, look, username):
    known = person(username)
    assert [words for path in PAGES[username] for words in look(known, path.format(**keys))] == []


def test_a_page_that_is_not_there_has_none(person, look):
    assert look(person("hr"), "/cases/00000000-0000-0000-0000-000000000000/", status=404) == []


def test_the_main_pages_have_none_in_english(chromium, bureau, keys, look):
    context = chromium.new_context(locale="en-GB", viewport=WIDE)
    context.add_cookies([{"name": "django_language", "value": "en", "url": bureau.url}])
    hr = Person(context, bureau.url).sign_in("hr", PASSWORD)
    assert hr.page.locator("html").get_attribute("lang") == "en"
    assert [words for path in MAIN for words in look(hr, path.format(**keys))] == []
    assert hr.complaints == []


def test_pages_before_signing_in_have_none(chromium, bureau, look):
    nobody = Person(chromium.new_context(locale="zh-CN", viewport=WIDE), bureau.url)
    found = [words for path in ("/sign-in/", "/password/forgotten/") for words in look(nobody, path)]
    for _ in range(LIMIT):
        nobody.go("/sign-in/").fill_in(username="nobody", password="wrong").press("登录")
    expect(nobody.page.locator("h1")).to_have_text("已暂时锁定")
    assert found + barriers(nobody.page) == []
    assert nobody.complaints == []


def test_pages_that_answer_a_press_have_none(person, keys):
    """A step's dialog, many cases at once, a preview, a refused form."""
    hr = person("hr")
    found = []
    hr.open_case(keys["reward"]).press("初审不通过…", within="#case-panel .menu")
    expect(hr.page.locator("#step-dialog[open]")).to_be_visible()
    found += barriers(hr.page)
    hr.go("/cases/?kind=reward&state=detected").page.locator("input[data-row]").first.check()
    hr.press("选择要办的步骤")
    found += barriers(hr.page)
    hr.page.locator("main form button").first.click()
    found += barriers(hr.page)
    hr.go("/linkage/2025/").fill_in(as_of="2026-03-31").press("预览（不保存）")
    found += barriers(hr.page)
    hr.go(f"/appraisal/cycles/2025/results/{TRAINED}/").press("更正结果")
    assert found + barriers(hr.page) == []
