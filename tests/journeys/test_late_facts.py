"""Facts that come late, in a browser: HR decides once more, reads the differences, and leaves one as it was."""

from playwright.sync_api import expect

from tests.journeys.scene import TRAINED

SECONDS = 60_000


def test_hr_decides_once_more_and_settles_a_difference(person):
    page = person("hr").go("/linkage/2025/late/").page
    page.get_by_role("button", name="重新认定，列出差别").click()
    expect(page.get_by_text("项差别待确认")).to_be_visible(timeout=SECONDS)
    page.goto(f"{person('hr').url}/linkage/2025/late/")
    boxes = page.locator("input[name=keys]:not([disabled])")
    for number in range(boxes.count()):
        boxes.nth(number).uncheck()
    count = boxes.count()
    if count:  # by then some have completed years of service that a rule asks for
        boxes.first.check()
        page.get_by_role("textbox", name="说明").fill("已核对，不作变更。")
        page.get_by_role("button", name="所选不予变更").click()
        expect(page.get_by_text("已记录：1 项不予变更")).to_be_visible()
        assert page.locator("input[name=keys]:not([disabled])").count() == count - 1


def test_an_officer_reads_why_and_what_would_change_it(person):
    page = person(TRAINED).go("/my/why-not/2025/").page
    expect(page.get_by_text("什么会改变它").first).to_be_visible()
    page.get_by_text("逐条看条件").first.click()
    expect(page.locator(".why li").first).to_be_visible()
