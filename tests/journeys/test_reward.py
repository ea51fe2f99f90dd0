"""A reward from the result to the certificate."""

NOTICE = 20  # days by which every notice is over


def test_a_merit_is_carried_to_its_certificate(bureau, person):
    key = bureau.case("reward", "k.award_id = '三等功'")
    hr, inspector, committee = person("hr"), person("inspector"), person("committee-1")
    hr.open_case(key).sees("已检出").take("初审通过").sees("初审通过")
    head = person(bureau.head_for(key)).open_case(key)
    head.take("提名", deeds="连续两年考核优秀，2025 年主办案件居全局前列。").sees("已提名")
    inspector.hears(key, "三等功已提名").take("出具纪检督察意见", finding="clear").sees("已提名")
    committee.open_case(key).take("审核通过", opinion="同意。").sees("审核通过")
    hr.open_case(key).take("发布公示", note="按规定公示七个工作日。").sees("公示中")
    bureau.pass_days(NOTICE)
    hr.open_case(key).sees("已批准").take("颁发").sees("已颁发")

    head.hears(key, "开始公示")
    hr.page.get_by_role("link", name="打印证书").click()
    assert "三等功" in hr.page.locator("main").inner_text()
    assert bureau.is_sound()


def test_what_is_due_by_right_needs_no_vetting(bureau, person):
    key = bureau.case("reward", "k.award_id = '晋档'")
    hr = person("hr").open_case(key).take("核定待遇").sees("已批准")
    hr.take("颁发").sees("已颁发")
