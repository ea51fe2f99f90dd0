"""Every edge of the promotion reserve: who may take it, what it lacks, where it leads."""

from datetime import date

import pytest

from people.roles import Role
from talent_pool.kind import RESERVE
from tests.steps import SUBJECT, Edge, edges_of, make_actor, make_case, permission_of, take, unmet, who_may
from workflows.refusals import Unmet

HR, ORGAN, SYSTEM, SELF = {Role.HR}, {Role.COMMITTEE}, {Role.SYSTEM}, {"subject"}
LINE, WATCH = {Role.UNIT_HEAD, Role.LEADER}, {Role.INSPECTOR, Role.HR}
REVIEWERS = {Role.UNIT_HEAD, Role.LEADER, Role.HR, Role.COMMITTEE}
GROUNDS = {"grounds": "连续两年优秀，办案质量全分局第一。"}
MEMBER_SINCE = {"admitted_on": date(2026, 4, 9)}
READY = {"tier": "ready"}
VOTE = {"members": 9, "present": 8, "in_favour": 8}
CANDIDATE = ("detected", "nominated", "tested", "inspected", "submitted", "decided", "on_notice")
MEMBER = ("admitted", "in_review", "retained")
APPOINTMENT = ("post_proposed", "post_notice", "on_trial", "trial_ended")
OPEN = (*CANDIDATE, *MEMBER, *APPOINTMENT)

EDGES = [
    Edge("detected", "nominate", "nominated", LINE, GROUNDS),
    Edge("detected", "pass_over", "rejected", LINE),
    Edge("nominated", "call_reviews", "tested", HR),
    Edge("nominated", "send_back", "detected", HR),
    *(Edge(state, "screen_out", "rejected", HR) for state in ("nominated", "tested", "inspected")),
    Edge("tested", "record_peer_review", "tested", HR, {"ballots": 41, "in_favour": 37}),
    Edge("tested", "write_review", "tested", REVIEWERS, {"score": 4, "words": "办案扎实"}),
    Edge(
        "tested",
        "begin_inspection",
        "inspected",
        HR,
        fields={"peer_ballots": 41, "review_count": 2},
        lacks="民主测评结果已登记；书面评审至少 2 份",
    ),
    Edge("inspected", "file_report", "inspected", HR, {"report": "谈话十二人，建议入库。"}),
    Edge("inspected", "state_discipline", "inspected", {Role.INSPECTOR}, {"finding": "clear"}),
    Edge(
        "inspected",
        "submit",
        "submitted",
        HR,
        fields={"report": "谈话十二人", "discipline": "clear"},
        lacks="考察报告已提交；纪检督察已出具意见，无影响使用的问题",
    ),
    Edge("submitted", "decide", "decided", ORGAN, VOTE),
    Edge("decided", "publish", "on_notice", HR),
    *(Edge(state, "reject", "rejected", ORGAN) for state in ("decided", "on_notice", "held")),
    Edge("on_notice", "admit", "admitted", SYSTEM),
    *(Edge(state, "give_up", "withdrawn", SELF) for state in CANDIDATE),
    Edge("admitted", "call_review", "in_review", HR | SYSTEM),
    Edge("in_review", "retain", "retained", HR, {"words": "仍适合"}),
    *(
        Edge(state, "remove", "removed", ORGAN, {"reason": "bad_grade"}, MEMBER_SINCE, lacks="已在库中")
        for state in (*MEMBER, "suspended", "held")
    ),
    *(Edge(state, "expire", "expired", SYSTEM) for state in MEMBER),
    *(
        Edge(
            state,
            "propose_post",
            "post_proposed",
            HR,
            {"post": "龙泉派出所副所长"},
            READY,
            lacks="近期可用的人选（长期培养的须先在年度复核中调整层次）",
        )
        for state in ("admitted", "retained")
    ),
    Edge("post_proposed", "publish_post", "post_notice", ORGAN),
    *(
        Edge(state, "drop_post", "retained", ORGAN, fields={"post_from": "retained"})
        for state in ("post_proposed", "post_notice")
    ),
    Edge("post_notice", "begin_trial", "on_trial", SYSTEM),
    Edge("on_trial", "end_trial", "trial_ended", HR, {"report": "称职"}),
    Edge("trial_ended", "confirm", "confirmed", ORGAN),
    Edge("trial_ended", "return_to_post", "returned", ORGAN),
    *(Edge(state, "suspend", "suspended", WATCH) for state in OPEN),
    Edge("suspended", "resume", "retained", WATCH, fields={"suspended_from": "retained"}),
    *(Edge(state, "hold", "held", SYSTEM) for state in (*OPEN, "suspended", "held")),
    Edge("held", "release", "on_notice", SYSTEM, fields={"held_from": "on_notice", "holds": 1}),
    *(Edge(state, "withdraw", "withdrawn", HR | SYSTEM) for state in (*CANDIDATE, "suspended", "held")),
]


def test_the_table_has_every_edge():
    assert {(edge.source, edge.step) for edge in EDGES} == edges_of(RESERVE)


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_it_leads_there(edge):
    assert take(RESERVE, edge, make_case(RESERVE, edge.source, **edge.fields)) == edge.target


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_only_these_may(edge):
    assert who_may(RESERVE, edge, make_case(RESERVE, edge.source, **edge.fields)) == edge.may


@pytest.mark.parametrize("edge", [edge for edge in EDGES if edge.step != "give_up"], ids=str)
def test_nobody_takes_a_step_on_his_own_case(edge):
    case = make_case(RESERVE, edge.source, **edge.fields)
    himself = [make_actor(role, officer_id=SUBJECT) for role in Role if role != Role.SYSTEM]
    assert not any(permission_of(RESERVE, edge)(case, actor) for actor in himself)


@pytest.mark.parametrize("edge", [edge for edge in EDGES if edge.lacks], ids=str)
def test_it_says_what_it_lacks(edge):
    assert unmet(RESERVE, edge, make_case(RESERVE, edge.source)) == edge.lacks


def test_who_nominated_writes_no_review():
    case = make_case(RESERVE, "tested", nominator_id=50)
    review = permission_of(RESERVE, Edge("tested", "write_review", "tested", REVIEWERS))
    assert not review(case, make_actor(Role.UNIT_HEAD, pk=50))
    assert review(case, make_actor(Role.UNIT_HEAD, pk=51))


def test_a_vote_that_is_not_carried_ends_it():
    case = make_case(RESERVE, "submitted")
    case.decide(members=9, present=9, in_favour=4, tier="ready")
    assert case.state == "rejected"
    assert (case.vote_members, case.vote_present, case.vote_recused, case.vote_in_favour) == (9, 9, 0, 4)


@pytest.mark.parametrize(("state", "step"), [("suspended", "withdraw"), ("held", "withdraw"), ("held", "reject")])
def test_a_member_is_not_withdrawn_but_removed(state, step):
    case = make_case(RESERVE, state, **MEMBER_SINCE)
    assert unmet(RESERVE, Edge(state, step, "", set()), case) == "尚未入库（已入库的由党委写明原因移出）"


def test_the_yearly_review_may_change_the_tier():
    case = make_case(RESERVE, "in_review", tier="long_term")
    case.retain(words="进步明显", tier="ready")
    assert case.tier == "ready"


@pytest.mark.parametrize(
    ("step", "state", "inputs", "words"),
    [
        ("nominate", "detected", {"grounds": "很好"}, "提名理由写得太短：请写明实绩和适合的岗位。"),
        ("nominate", "detected", GROUNDS | {"stream": "king"}, "请选择方向。"),
        ("record_peer_review", "tested", {"ballots": 0, "in_favour": 0}, "有效票至少 1 张"),
        ("record_peer_review", "tested", {"ballots": 5, "in_favour": 6}, "同意票不超过有效票。"),
        ("write_review", "tested", {"score": 6, "words": "好"}, "评分为 1 至 5。"),
        ("write_review", "tested", {"score": 4, "words": " "}, "请写评语：分数要有根据。"),
        ("file_report", "inspected", {"report": ""}, "考察报告是空的。"),
        ("state_discipline", "inspected", {"finding": "none"}, "请选择有无影响使用的问题。"),
        ("state_discipline", "inspected", {"finding": "concern"}, "有问题的，请写明是什么问题。"),
        ("decide", "submitted", {"members": 9, "present": 5, "in_favour": 5}, "至少到会 6 人，实到 5 人。"),
        ("decide", "submitted", {"members": 9, "present": 10, "in_favour": 5}, "人数对不上"),
        ("decide", "submitted", VOTE | {"tier": "some day"}, "人数对不上"),
        ("retain", "in_review", {"words": ""}, "请写明复核意见。"),
        ("retain", "in_review", {"words": "好", "tier": "king"}, "请选择层次。"),
        ("remove", "admitted", {"reason": "mood"}, "请选择出库原因。"),
        ("propose_post", "admitted", {"post": ""}, "请写明拟任职务。"),
        ("end_trial", "on_trial", {"report": ""}, "试用期考核报告是空的。"),
    ],
)
def test_inputs_that_do_not_do(step, state, inputs, words):
    case = make_case(RESERVE, state, **READY, **MEMBER_SINCE)
    with pytest.raises(Unmet, match=words):
        take(RESERVE, Edge(state, step, "", set()), case, **inputs)
