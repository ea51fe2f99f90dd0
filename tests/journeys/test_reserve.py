"""A candidate for the promotion reserve: detected, admitted, reviewed after a year, confirmed in a post."""

from tests.journeys.test_reward import NOTICE

YEAR = 366
VOTE = {"members": 5, "recused": 0, "present": 5, "in_favour": 4, "tier": "ready"}


def test_a_candidate_is_admitted_retained_and_confirmed(bureau, person):
    key = bureau.case("reserve")
    head = nominate(bureau, person, key)
    assess(bureau, person, key)
    person("committee-1").open_case(key).take("登记党委表决", note="党委会表决。", **VOTE).sees("党委已通过")
    hr = person("hr").open_case(key).take("发布公示", note="公示五个工作日。").sees("公示中")
    bureau.pass_days(NOTICE)
    hr.open_case(key).sees("已入库")
    head.hears(key, "开始公示")

    bureau.pass_days(NOTICE + YEAR)
    hr.open_case(key).sees("年度复核").take("留库", words="一年来考核优秀，群众反映好。").sees("留库")
    confirm_in_post(bureau, person, key)
    assert bureau.is_sound()


def nominate(bureau, person, key):
    head = person(bureau.head_for(key)).hears(key, "符合后备干部提名条件").sees("已检出")
    head.take("提名", grounds="连续三年考核优秀，适合副所长岗位，群众反映好。", stream="deputy").sees("已提名")
    person("hr").open_case(key).take("审核通过，组织测评").sees("测评")
    return head


def assess(bureau, person, key):
    hr, leader, inspector = person("hr"), person(bureau.reader(key, "leader")), person("inspector")
    hr.take("登记民主测评", ballots=20, in_favour=18).sees("测评")
    hr.take("提交书面评审", score="5", words="办案细致，能带队伍。")
    leader.hears(key, "请提交书面评审").take("提交书面评审", score="4", words="熟悉基层，遇事沉着。")
    hr.open_case(key).take("进入考察").sees("考察")
    hr.take("提交考察报告", report="谈话 12 人，实绩突出，考察结论为合格。考察人：两名。")
    inspector.open_case(key).take("出具纪检督察意见", finding="clear")
    hr.open_case(key).take("提交党委研究").sees("待党委研究")


def confirm_in_post(bureau, person, key):
    hr, committee = person("hr"), person("committee-1")
    hr.take("提出任用", post="龙泉派出所副所长").sees("拟任")
    committee.open_case(key).take("同意任用并公示", note="同意。").sees("任前公示")
    bureau.pass_days(NOTICE)
    hr.open_case(key).sees("试用期").take("提交试用期考核报告", report="一年来履职良好，测评优秀。").sees("试用期满")
    # People act on the machine's day, which no sweep moves: the trial began a year ago instead.
    bureau.rows("UPDATE talent_pool_reservecase SET trial_until = current_date - 1 WHERE case_ptr_id = %s", key)
    committee.open_case(key).take("正式任用", note="试用期满考核合格。").sees("正式任用")
