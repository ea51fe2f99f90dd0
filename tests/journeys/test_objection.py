"""An objection of an officer to a case about him, which stands still until it is settled."""

import re

from playwright.sync_api import expect

WITH_ACCOUNT = "k.award_id <> '晋档' AND o.badge IN (SELECT username FROM people_account)"


def test_what_stands_goes_on(bureau, person):
    reward, officer, key = object_to_reward(bureau, person)
    person("hr").hears(key, "提出异议").open_case(reward).sees("异议搁置")
    # What the assessor has settled is out of his sight: he was shown it for the review alone.
    assign(bureau, person, key).take("维持原结果", finding="事实清楚，嘉奖层级适当。", note="复核完毕。")
    officer.hears(key, "维持原结果")
    person("hr").open_case(reward).sees("已检出")
    assert bureau.is_sound()


def test_what_was_wrong_is_changed(bureau, person):
    reward, officer, key = object_to_reward(bureau, person)
    assign(bureau, person, key).take("提出变更", finding="漏计一次立功，应当重新认定。")
    person(bureau.reader(key, "committee")).hears(key, "拟变更").take("重新审定", note="同意变更。").sees("已重新审定")
    person("hr").open_case(reward).sees("异议搁置").open_case(key).take("确认后续已复算").sees("已复算办结")
    officer.hears(key, "已复算办结").open_case(reward).sees("已检出")
    assert bureau.is_sound()


def object_to_reward(bureau, person):
    """An officer objects from the page of a reward of his, by the way it shows him."""
    reward = bureau.case("reward", WITH_ACCOUNT)
    officer = person(bureau.badge_of(reward)).open_case(reward)
    page = officer.page
    page.get_by_role("link", name="提出异议").click()
    page.fill("[name=grounds]", "2024 年的立功没有计入。")
    page.get_by_role("button", name="提出异议").click()
    expect(page.locator(".toast")).to_contain_text("已提出异议")
    officer.sees("已提出")
    return reward, officer, re.search(r"/cases/([\w-]+)/", page.url)[1]


def assign(bureau, person, key):
    """HR names an assessor: of those the form offers, one outside the line."""
    hr = person("hr").open_case(key).sees("已提出")
    hr.panel.get_by_role("link", name="受理并指定复核人").click()
    choice = hr.page.locator("[name=assessor]")
    expect(choice).to_be_visible()
    offered = choice.locator("option").evaluate_all("options => options.map(one => one.value)")
    hr.open_case(key).take("受理并指定复核人", assessor=offered[-1]).sees("复核中")
    ((username,),) = bureau.rows("SELECT username FROM people_account WHERE officer_id = %s", int(offered[-1]))
    return person(username).open_case(key)
