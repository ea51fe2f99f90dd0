"""Training from the flag to the close: the cause, the plan signed by both, the class and its list, a year's watch."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import NO_ACCOUNT
from tests.journeys.person import in_days

COURSE = "规范执法与证据"
WATCHED = 400  # days by which the year of watching is over


def test_an_officer_improves(bureau, person, newcomer):
    key = bureau.case("training", f"k.form = 'class' AND k.focus = '规范执法率' AND {NO_ACCOUNT}")
    officer = newcomer(bureau.badge_of(key))
    name = officer.page.locator(".nav-user b").inner_text()
    hr, training = person("hr"), person("training")
    hr.open_case(key).sees("已发现").take("转单位核实").sees("核实原因")
    agree(person(bureau.head_for(key)), officer, key)
    place(training.hears(key, "已商定，待安排"), name)
    receive_list(training, name)
    write_check_in(officer.hears(key, "开始"))
    training.open_case(key).sees("进行中").take("记录复评", result="met", score=88).sees("已复评")
    hr.open_case(key).take("进入观察期").sees("观察期")
    officer.hears(key, "进入观察期")
    bureau.pass_days(WATCHED)
    officer.open_case(key).sees("结案：已改进")
    assert bureau.is_sound()


def agree(head, officer, key):
    head.hears(key, "请核实")
    head.take("写明原因", cause="skill", words="接处警量与在岗人数和同岗位相当。")
    head.take("通知本人").sees("已通知")
    head.take("提出计划并签字", indicator_1="群众满意度", target_1=85, due_1=in_days(60), how_1="每周回访十户")
    head.sees("待本人签字")
    # He signs from the page of his plan, which leads to the step's own page.
    page = officer.hears(key, "请本人签字").go("/training/my-plan/").page
    page.locator("#next-step").get_by_role("link", name="同意并签字").click()
    page.locator("main").get_by_role("button", name="同意并签字").click()
    expect(page.locator(".toast")).to_contain_text("同意并签字")


def place(training, name):
    """Try who fits into the class, then enroll for good."""
    page = training.go("/training/demand/").page
    page.locator("main table").get_by_role("link", name=COURSE).click()
    page.get_by_role("checkbox", name=re.compile(name)).check()
    page.get_by_role("button", name="试排（不保存）").click()
    expect(page.locator("#dry-run")).to_contain_text(name)
    page.get_by_role("button", name="确认排定 1 人").click()
    expect(page.locator(".toast").first).to_contain_text("已排定 1 人")


def receive_list(training, name):
    """The unit sees its list as a class page, takes the file and confirms the receipt."""
    page = training.is_told("名册").page
    page.goto(f"{training.url}/training/lists/")
    page.locator("main table").get_by_role("link", name=COURSE).first.click()
    expect(page.locator("#roster")).to_contain_text(name)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 XLSX").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("button", name=re.compile("^确认收到")).click()
    expect(page.locator("#receipt")).to_contain_text("已回执")


def write_check_in(officer):
    page = officer.go("/training/my-plan/").page
    page.fill("#check-in [name=words]", "回访 12 户，改了登门时间。")
    page.get_by_role("button", name="提交记录").click()
    expect(page.locator("main")).to_contain_text("回访 12 户")
