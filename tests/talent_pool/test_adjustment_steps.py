"""Every edge of a post adjustment: who may take it, what it lacks, where it leads."""

from datetime import date

import pytest

from people.roles import Role
from talent_pool.kind import POST_ADJUSTMENT as KIND
from tests.steps import SUBJECT, Edge, edges_of, make_actor, make_case, permission_of, take, unmet, who_may
from workflows.refusals import Unmet

HR, ORGAN, SYSTEM, SELF = {Role.HR}, {Role.COMMITTEE}, {Role.SYSTEM}, {"subject"}
READY = {"findings": "两年度考核表已核对", "statement": "我认可结果"}
BEFORE_EFFECT = ("proposed", "hearing", "verified", "decided", "notified")
OPEN = (*BEFORE_EFFECT, "effective", "reviewed", "extended")
LACKS = "事实核实情况已写明；本人陈述已记录，或已写明本人放弃陈述"

EDGES = [
    Edge("proposed", "verify_facts", "hearing", HR, {"findings": "两年度考核表已核对"}),
    Edge("hearing", "state_own_view", "hearing", SELF, {"statement": "我认可结果"}),
    Edge("hearing", "record_hearing", "hearing", HR, {"statement": "当面陈述：认可结果"}),
    Edge("hearing", "submit", "verified", HR, fields=READY, lacks=LACKS),
    Edge("verified", "send_back", "proposed", ORGAN),
    Edge("verified", "decide", "decided", ORGAN, {"decision": "降低一个职级层次任职"}, READY, lacks=LACKS),
    *(Edge(state, "refuse", "refused", ORGAN) for state in ("verified", "frozen")),
    Edge("decided", "notify", "notified", HR, {"rights": "30 日内可以申请复核"}),
    Edge("notified", "put_into_effect", "effective", HR, {"effective_on": "2026-05-01"}),
    *(Edge(state, "review", "reviewed", HR, {"words": "表现良好"}) for state in ("effective", "extended")),
    Edge("reviewed", "restore", "returned", ORGAN),
    Edge("reviewed", "extend", "extended", ORGAN),
    *(Edge(state, "complete", "completed", ORGAN) for state in ("effective", "reviewed", "extended")),
    *(Edge(state, "hold", "frozen", SYSTEM) for state in (*OPEN, "frozen")),
    Edge("frozen", "release", "verified", SYSTEM, fields={"held_from": "verified", "holds": 1}),
    *(Edge(state, "withdraw", "withdrawn", HR | SYSTEM) for state in (*BEFORE_EFFECT, "frozen")),
]


def test_the_table_has_every_edge():
    assert {(edge.source, edge.step) for edge in EDGES} == edges_of(KIND)


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_it_leads_there(edge):
    assert take(KIND, edge, make_case(KIND, edge.source, **edge.fields)) == edge.target


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_only_these_may(edge):
    assert who_may(KIND, edge, make_case(KIND, edge.source, **edge.fields)) == edge.may


@pytest.mark.parametrize("edge", [edge for edge in EDGES if edge.step != "state_own_view"], ids=str)
def test_nobody_takes_a_step_on_his_own_case(edge):
    case = make_case(KIND, edge.source, **edge.fields)
    himself = [make_actor(role, officer_id=SUBJECT) for role in Role if role != Role.SYSTEM]
    assert not any(permission_of(KIND, edge)(case, actor) for actor in himself)


@pytest.mark.parametrize("edge", [edge for edge in EDGES if edge.lacks], ids=str)
def test_it_says_what_it_lacks(edge):
    assert unmet(KIND, edge, make_case(KIND, edge.source)) == edge.lacks


def test_a_dismissal_is_not_reviewed_but_completed():
    edge = Edge("effective", "review", "reviewed", HR)
    case = make_case(KIND, "effective", measure="辞退审查")
    assert unmet(KIND, edge, case) == "可以恢复的调整（辞退不可恢复，应直接办结）"
    case.complete()
    assert case.state == "completed"


@pytest.mark.parametrize("step", ["withdraw", "refuse"])
def test_what_is_in_effect_is_not_undone_while_frozen(step):
    edge = Edge("frozen", step, "", set())
    assert unmet(KIND, edge, make_case(KIND, "frozen", effective_on=date(2026, 5, 1))) == "尚未执行"


def test_nobody_overwrites_what_another_said():
    case = make_case(KIND, "hearing")
    case.state_own_view(statement="我有不同意见")
    case.record_hearing(statement="当面补充：设备长期故障")
    assert case.statement == "我有不同意见\n\n当面补充：设备长期故障"


@pytest.mark.parametrize(
    ("step", "state", "inputs", "words"),
    [
        ("verify_facts", "proposed", {"findings": ""}, "请写明核实了哪些事实、依据哪些材料。"),
        ("record_hearing", "hearing", {"statement": " "}, "陈述是空的"),
        ("decide", "verified", {"decision": ""}, "请写明决定内容"),
        ("notify", "decided", {"rights": ""}, "请写明权利告知"),
        ("put_into_effect", "notified", {"effective_on": "2026-04-01"}, "生效日不能早于送达日 2026-04-09。"),
        ("review", "effective", {"words": ""}, "请写明回访复核意见。"),
    ],
)
def test_inputs_that_do_not_do(step, state, inputs, words):
    case = make_case(KIND, state, **READY, notified_on=date(2026, 4, 9))
    with pytest.raises(Unmet, match=words):
        take(KIND, Edge(state, step, "", set()), case, **inputs)
