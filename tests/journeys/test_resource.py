"""A unit's priority for resources, from its rank to the review a year later."""

from tests.journeys.test_reward import NOTICE


def test_a_unit_gets_what_it_asked_for(bureau, person):
    key = bureau.case("resource")
    hr, equipment, committee = person("hr"), person("equipment"), person("committee-1")
    hr.open_case(key).sees("已排序").take("初审通过").sees("初审通过")
    head = person(bureau.head_for(key)).open_case(key)
    head.take("申报需求", request="执法记录仪超期服役。", lines="执法记录仪，10，25000").sees("已申报")
    equipment.hears(key, "单位将申报需求").take("审核通过", priority=1, opinion="可满足。").sees("审核通过")
    committee.open_case(key).take("同意并公示", note="同意按优先次序保障。").sees("公示中")
    bureau.pass_days(NOTICE)
    equipment.open_case(key).sees("已批准").take("安排装备经费", amount="25000").sees("已安排")
    equipment.take("交付", delivery="执法记录仪 10 台，已由内勤签收。").sees("已交付")
    # Its own head is told, and confirms; the need was stated by the head above.
    owner = person(bureau.head_for(key)).hears(key, "请确认收到")
    owner.take("确认收到", receipt="收到 10 台，数目相符。").sees("已交付")
    hr.open_case(key).take("完成次年复核", effect="improved", note="执法投诉下降。").sees("已复核")
    assert bureau.is_sound()
