"""Every edge of the reward: who may take it, what it lacks, where it leads."""

import pytest

from people.roles import Role
from rewards.kind import REWARD
from rewards.models import Organ
from tests.steps import SUBJECT, Edge, edges_of, make_actor, make_case, permission_of, take, unmet, who_may
from workflows.refusals import Unmet

HR, ORGAN, SYSTEM = {Role.HR}, {Role.COMMITTEE}, {Role.SYSTEM}
PROPOSER, WATCH = {Role.UNIT_HEAD, Role.LEADER}, {Role.INSPECTOR, Role.HR}
BRANCH = {"organ": Organ.BRANCH}
DEEDS = {"deeds": "三月十二日夜救出落水群众两人。"}
CLEAR = {"finding": "clear"}
WAITING = ("detected", "screened", "proposed", "vetted", "on_notice", "approved")

EDGES = [
    Edge("detected", "screen", "screened", HR, fields={"entitlement": False}),
    Edge("detected", "screen_out", "rejected", HR),
    Edge(
        "detected",
        "confirm_entitlement",
        "approved",
        HR,
        fields={"entitlement": True},
        lacks="这是符合条件即应办理的待遇，例如晋档",
    ),
    Edge("screened", "propose", "proposed", PROPOSER, DEEDS),
    Edge("screened", "lapse", "lapsed", SYSTEM),
    Edge("proposed", "state_discipline", "proposed", {Role.INSPECTOR}, CLEAR),
    Edge("proposed", "vet", "vetted", ORGAN, fields=BRANCH),
    Edge("proposed", "send_back", "screened", ORGAN, fields=BRANCH),
    Edge("vetted", "publish", "on_notice", HR, fields={"notice_days": 5}, lacks="这一奖项须公示"),
    Edge("vetted", "approve_without_notice", "approved", HR),
    Edge("on_notice", "approve", "approved", SYSTEM),
    Edge("approved", "grant", "granted", HR),
    Edge("granted", "revoke", "revoked", ORGAN, {"reason": "fraud"}, BRANCH),
    *(
        Edge(state, "reject", "rejected", ORGAN, fields=BRANCH)
        for state in ("proposed", "vetted", "on_notice", "approved", "held")
    ),
    *(Edge(state, "suspend", "suspended", WATCH) for state in WAITING),
    Edge("suspended", "resume", "on_notice", WATCH, fields={"suspended_from": "on_notice"}),
    Edge("suspended", "end_by_inquiry", "rejected", WATCH),
    *(Edge(state, "hold", "held", SYSTEM) for state in (*WAITING, "suspended", "held")),
    Edge("held", "release", "vetted", SYSTEM, fields={"held_from": "vetted", "holds": 1}),
    *(Edge(state, "withdraw", "withdrawn", HR | SYSTEM) for state in (*WAITING, "suspended", "held")),
]


def test_the_table_has_every_edge():
    assert {(edge.source, edge.step) for edge in EDGES} == edges_of(REWARD)


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_it_leads_there(edge):
    assert take(REWARD, edge, make_case(REWARD, edge.source, **edge.fields)) == edge.target


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_only_these_may(edge):
    assert who_may(REWARD, edge, make_case(REWARD, edge.source, **edge.fields)) == edge.may


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_nobody_takes_a_step_on_his_own_award(edge):
    case = make_case(REWARD, edge.source, **edge.fields)
    himself = [make_actor(role, officer_id=SUBJECT) for role in Role if role != Role.SYSTEM]
    assert not any(permission_of(REWARD, edge)(case, actor) for actor in himself)


@pytest.mark.parametrize("edge", [edge for edge in EDGES if edge.lacks], ids=str)
def test_it_says_what_it_lacks(edge):
    assert unmet(REWARD, edge, make_case(REWARD, edge.source)) == edge.lacks


def test_an_entitlement_is_not_screened():
    edge = Edge("detected", "screen", "screened", HR)
    assert (
        unmet(REWARD, edge, make_case(REWARD, "detected", entitlement=True)) == "这是须经提名和审核的奖励，不是应得待遇"
    )


def test_an_award_with_notice_is_not_approved_without():
    edge = Edge("vetted", "approve_without_notice", "approved", HR)
    assert unmet(REWARD, edge, make_case(REWARD, "vetted", notice_days=7)) == "这一奖项不须公示"


@pytest.mark.parametrize("finding", ["none", "concern"])
def test_it_is_not_vetted_before_the_inspection_office_is_content(finding):
    case = make_case(REWARD, "proposed", needs_discipline=True, discipline=finding)
    assert unmet(REWARD, Edge("proposed", "vet", "vetted", ORGAN), case) == "纪检督察已出具意见，无影响奖励的问题"


@pytest.mark.parametrize(
    ("organ", "path", "permitted"),
    [
        (Organ.BRANCH, "/B00/F01/", True),  # the branch's own committee
        (Organ.BRANCH, "/B00/", True),  # the bureau may do what the branch may
        (Organ.BRANCH, "/B00/F02/", False),  # another branch
        (Organ.BUREAU, "/B00/F01/", False),  # the branch may not do what is the bureau's
        (Organ.BUREAU, "/B00/", True),
        (Organ.BUREAU, "/", True),
    ],
)
def test_the_organ_of_the_awards_level_approves(organ, path, permitted):
    case = make_case(REWARD, "proposed", organ=organ)
    edge = Edge("proposed", "vet", "vetted", ORGAN)
    assert permission_of(REWARD, edge)(case, make_actor(Role.COMMITTEE, path=path)) is permitted


@pytest.mark.parametrize(
    ("step", "state", "inputs", "words"),
    [
        ("propose", "screened", {"deeds": " 很好 "}, "事迹写得太短：请写明何时、何事、结果如何。"),
        ("state_discipline", "proposed", {"finding": "none"}, "请选择有无影响奖励的问题。"),
        ("state_discipline", "proposed", {"finding": "concern"}, "有问题的，请写明是什么问题。"),
        ("revoke", "granted", {"reason": "mood"}, "请选择撤销原因。"),
    ],
)
def test_inputs_that_do_not_do(step, state, inputs, words):
    with pytest.raises(Unmet, match=words):
        take(REWARD, Edge(state, step, "", set()), make_case(REWARD, state), **inputs)


def test_held_twice_it_goes_back_when_the_last_one_lets_go():
    case = make_case(REWARD, "on_notice")
    case.hold()
    case.hold()
    case.release()
    assert case.state == "held"
    case.release()
    assert case.state == "on_notice"


def test_an_objection_during_an_inquiry_gives_back_to_the_inquiry():
    case = make_case(REWARD, "vetted")
    case.suspend()
    case.hold()
    case.release()
    assert case.state == "suspended"
    case.resume()
    assert case.state == "vetted"
