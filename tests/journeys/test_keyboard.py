"""The pages without a mouse, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from people.demo import PASSWORD
from tests.journeys.person import Person


def test_the_skip_link_comes_first_and_leads_to_the_text(person):
    page = person("hr").go("/").page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_order_is_navigation_search_text(person):
    page = person("hr").go("/cases/").page
    places = []
    for _ in range(40):
        page.keyboard.press("Tab")
        place = page.evaluate("document.activeElement.closest('nav, header, main')?.tagName ?? ''")
        if not places or places[-1] != place:
            places.append(place)
        if place == "MAIN":
            break
    assert places == ["", "NAV", "HEADER", "MAIN"]


def test_a_slash_goes_to_the_search_unless_one_is_typing(person):
    page = person("hr").go("/cases/").page
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.locator("#q")).to_have_value("a/b")


@pytest.mark.parametrize("key", ["Escape", "Enter"])
def test_a_dialog_is_opened_and_left_by_keys(bureau, person, key):
    hr = person("hr").open_case(bureau.case("reward", "k.award_id = '嘉奖'"))
    hr.panel.locator(".menu summary").focus()
    hr.page.keyboard.press("Enter")
    control = hr.panel.get_by_role("link", name="初审不通过")
    control.focus()
    hr.page.keyboard.press("Enter")
    dialog = hr.page.locator("#step-dialog[open]")
    expect(dialog).to_be_visible()
    if key == "Enter":
        dialog.locator("[data-close]").last.focus()
    hr.page.keyboard.press(key)
    expect(dialog).to_have_count(0)
    expect(control).to_be_focused()


def test_a_step_is_taken_without_javascript(bureau, chromium):
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    hr = Person(context, bureau.url).sign_in("hr", PASSWORD)
    key = bureau.case("reward", "k.award_id = '通报表扬'")
    hr.open_case(key).panel.get_by_role("button", name="初审通过").click()
    expect(hr.panel.locator(".badge").first).to_have_text("初审通过")

    # One that asks for something has a page of its own, which refuses and takes like the dialog.
    hr.panel.locator(".menu summary").click()
    hr.panel.get_by_role("link", name="撤回").click()
    hr.press("撤回", within="main form")
    expect(hr.page.locator(".error-summary")).to_contain_text("请填写这一项")
    hr.fill_in(note="认定所依据的结果已更正。").press("撤回", within="main form")
    expect(hr.panel.locator(".badge").first).to_have_text("已撤回")
