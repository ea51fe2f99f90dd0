"""A post adjustment: facts, the officer's own view, the decision, its effect, and the way back."""

from tests.journeys.conftest import NO_ACCOUNT
from tests.journeys.person import in_days


def test_an_officer_is_heard_adjusted_and_restored(bureau, person, newcomer):
    key = bureau.case("post_adjustment", f"k.measure NOT LIKE '%%辞退%%' AND {NO_ACCOUNT}")
    hr, committee = person("hr"), person("committee-1")
    hr.open_case(key).sees("已提出")
    hr.take("事实已核实，听取陈述", findings="查阅考核档案，连续两年不称职属实。").sees("听取陈述")
    subject = newcomer(bureau.badge_of(key)).hears(key, "需要听取你的陈述")
    subject.take("陈述意见", statement="我不回避问题，请考虑上半年病假。").sees("听取陈述")
    hr.open_case(key).take("提交党委研究").sees("事实已核实，已听取陈述")
    committee.open_case(key)
    committee.take("决定调整", decision="调整至内勤岗位。", note="事实清楚，程序合法。").sees("已决定")
    hr.open_case(key).take("书面送达", note="当面送达。").sees("已送达")
    subject.hears(key, "已对你作出岗位调整决定")
    hr.take("执行调整", effective_on=in_days(0), note="任免手续已办。").sees("已生效")
    hr.take("完成回访复核", words="一年来工作认真，建议恢复。").sees("已回访复核")
    committee.open_case(key).take("恢复原职务职级", note="同意恢复。").sees("已恢复")
    subject.hears(key, "已恢复你的原职务职级")
    assert bureau.is_sound()
