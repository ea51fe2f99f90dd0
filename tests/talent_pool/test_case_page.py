"""The case page of reserve and post adjustment: who sees what, and the steps pressed by those they fall to."""

from datetime import date

import pytest

from talent_pool.models import PostAdjustmentCase, ReserveCase
from tests.walk import press, put

pytestmark = pytest.mark.django_db
GROUNDS = "连续两年优秀，办案质量全分局第一。"


def page_of(client, walk):
    page = client.get(f"/cases/{walk.case_id}/")
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture
def known(reserve):
    """A candidate of whom everything is known."""

    def known(state="on_notice"):
        return put(
            reserve(),
            state,
            grounds=GROUNDS,
            peer_ballots=41,
            peer_in_favour=37,
            review_count=2,
            review_sum=9,
            report="谈话十二人，建议入库。",
            discipline="clear",
            vote_members=9,
            vote_recused=1,
            vote_present=8,
            vote_in_favour=7,
            notice_until=date(2026, 4, 7),
            admitted_on=date(2026, 4, 8),
            term_until=date(2028, 4, 8),
            review_on=date(2027, 4, 8),
            post="龙泉派出所副所长",
            removal="age",
            suspended_from="retained",
            held_from="retained",
        )

    return known


@pytest.mark.parametrize("state", ReserveCase.State.values)
def test_a_candidate_in_every_state(known, hr, as_account, state):
    text = page_of(as_account(hr), known(state))
    for word in (
        GROUNDS,
        "有效票 41 张，同意 37 张",
        "2 份，均 4.5 / 5",
        "谈话十二人",
        "应到 9 人，回避 1 人，实到 8 人，赞成 7 票",
        "龙泉派出所副所长",
        "超龄",
    ):
        assert word in text


def test_the_nominee_sees_no_votes_and_no_reviews(known, officer, as_account):
    text = page_of(as_account(officer), known())
    assert GROUNDS in text
    for word in ("有效票", "4.5 / 5", "谈话十二人", "赞成"):
        assert word not in text


@pytest.mark.parametrize("state", PostAdjustmentCase.State.values)
def test_an_adjustment_in_every_state(adjustment, hr, as_account, state):
    walk = put(
        adjustment(),
        state,
        findings="两年度考核表已核对",
        statement="设备长期故障",
        decision="降低一个职级层次任职",
        rights="30 日内可以申请复核",
        notified_on=date(2026, 4, 9),
        effective_on=date(2026, 5, 1),
        review_words="表现良好",
        held_from="verified",
    )
    text = page_of(as_account(hr), walk)
    for word in ("两年度考核表已核对", "设备长期故障", "降低一个职级层次任职", "30 日内可以申请复核", "表现良好"):
        assert word in text


def test_a_decision_is_not_read_on_the_page_before_it_was_served(adjustment, officer, hr, as_account):
    walk = put(adjustment(), "decided", decision="降低一个职级层次任职")
    assert "降低一个职级层次任职" not in page_of(as_account(officer), walk)
    assert "降低一个职级层次任职" in page_of(as_account(hr), walk)
    walk.kind.model.objects.filter(pk=walk.case_id).update(notified_on=date(2026, 4, 9))
    assert "降低一个职级层次任职" in page_of(as_account(officer), walk)


@pytest.mark.parametrize("who", ["stranger", "other_unit_head", "trainer", "equipment", "administrator"])
def test_a_stranger_gets_nothing(reserve, adjustment, request, as_account, who):
    client = as_account(request.getfixturevalue(who))
    for walk in (reserve(), adjustment()):
        assert client.get(f"/cases/{walk.case_id}/").status_code == 404


def test_a_candidate_is_carried_to_the_notice(reserve, as_account, request):
    walk = reserve()
    client = {
        who: as_account(request.getfixturevalue(who)) for who in ("unit_head", "hr", "leader", "committee", "inspector")
    }
    press(client["unit_head"], walk, "nominate", grounds=GROUNDS, stream="deputy")
    press(client["hr"], walk, "call_reviews")
    press(client["hr"], walk, "record_peer_review", ballots="41", in_favour="37")
    for who in ("leader", "committee"):
        press(client[who], walk, "write_review", score="4", words="办案扎实")
    press(client["hr"], walk, "begin_inspection")
    press(client["hr"], walk, "file_report", report="谈话十二人，建议入库。")
    press(client["inspector"], walk, "state_discipline", finding="clear")
    press(client["hr"], walk, "submit")
    vote = {"members": "9", "recused": "1", "present": "8", "in_favour": "8", "tier": "ready"}
    press(client["committee"], walk, "decide", **vote, note="第九次党委会")
    press(client["hr"], walk, "publish", note="在局域网公示")
    assert walk.state == "on_notice"


def test_a_vote_without_quorum_is_told_in_the_form(reserve, committee, as_account):
    walk = put(reserve(), "submitted")
    vote = {"members": "9", "recused": "1", "present": "5", "in_favour": "5", "tier": "ready", "note": "x"}
    page = as_account(committee).post(f"/cases/{walk.case_id}/decide/", vote)
    assert page.status_code == 422
    assert "到会不足三分之二，不能表决：至少到会 6 人。" in page.content.decode()


def test_somebody_is_heard_before_he_is_moved(adjustment, as_account, hr, officer, committee):
    walk = adjustment()
    press(as_account(hr), walk, "verify_facts", findings="两年度考核表已核对")
    press(as_account(officer), walk, "state_own_view", statement="设备长期故障")
    press(as_account(hr), walk, "submit")
    press(as_account(committee), walk, "decide", decision="降低一个职级层次任职", note="第九次党委会")
    press(as_account(hr), walk, "notify", rights="30 日内可以申请复核", note="当面送达")
    press(as_account(hr), walk, "put_into_effect", effective_on="2027-05-01", note="已办手续")
    assert walk.state == "effective"
