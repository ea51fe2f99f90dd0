"""Every edge of the unit's priority: who may take it, what it lacks, where it leads."""

from decimal import Decimal

import pytest

from people.roles import Role
from rewards.kind import RESOURCE
from tests.steps import Edge, edges_of, make_case, take, unmet, who_may
from workflows.refusals import Unmet

HR, ORGAN, SYSTEM = {Role.HR}, {Role.COMMITTEE}, {Role.SYSTEM}
HEAD, STORES = {Role.UNIT_HEAD}, {Role.EQUIPMENT}
LINES = [{"item": "执法记录仪", "quantity": 10, "amount": "25000.00"}]
BEFORE = ("ranked", "screened", "proposed", "reviewed", "on_notice", "approved")

EDGES = [
    Edge("ranked", "screen", "screened", HR),
    Edge("ranked", "screen_out", "rejected", HR),
    Edge("screened", "propose", "proposed", HEAD, {"request": "旧机已坏", "lines": LINES}),
    Edge("screened", "decline", "withdrawn", HEAD),
    Edge("proposed", "review", "reviewed", STORES, {"priority": 1}),
    Edge("proposed", "send_back", "screened", STORES),
    Edge("proposed", "reject", "rejected", STORES),
    Edge("reviewed", "publish", "on_notice", ORGAN),
    Edge("reviewed", "refuse", "rejected", ORGAN),
    Edge("on_notice", "refuse", "rejected", ORGAN),
    Edge("held", "refuse", "rejected", ORGAN),
    Edge("on_notice", "approve", "approved", SYSTEM),
    Edge("approved", "allocate", "allocated", STORES, {"amount": "20000.00"}, {"asked": Decimal(25000)}),
    Edge("allocated", "deliver", "delivered", STORES, {"delivery": "十台，五月三日交陈所长"}),
    Edge("delivered", "confirm_receipt", "delivered", HEAD, {"receipt": "收到十台"}),
    Edge(
        "delivered",
        "review_effect",
        "closed",
        HR,
        {"effect": "improved"},
        {"receipt": "收到十台"},
        lacks="单位已确认收到",
    ),
    *(Edge(state, "rescind", "rescinded", ORGAN) for state in ("approved", "allocated", "delivered")),
    *(Edge(state, "hold", "held", SYSTEM) for state in (*BEFORE, "held")),
    Edge("held", "release", "reviewed", SYSTEM, fields={"held_from": "reviewed", "holds": 1}),
    *(Edge(state, "withdraw", "withdrawn", HR | SYSTEM) for state in (*BEFORE, "held")),
]


def test_the_table_has_every_edge():
    assert {(edge.source, edge.step) for edge in EDGES} == edges_of(RESOURCE)


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_it_leads_there(edge):
    assert take(RESOURCE, edge, make_case(RESOURCE, edge.source, unit=True, **edge.fields)) == edge.target


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_only_these_may(edge):
    assert who_may(RESOURCE, edge, make_case(RESOURCE, edge.source, unit=True, **edge.fields)) == edge.may


@pytest.mark.parametrize("edge", [edge for edge in EDGES if edge.lacks], ids=str)
def test_it_says_what_it_lacks(edge):
    assert unmet(RESOURCE, edge, make_case(RESOURCE, edge.source, unit=True)) == edge.lacks


@pytest.mark.parametrize(
    ("step", "state", "inputs", "words"),
    [
        ("propose", "screened", {"request": "x", "lines": []}, "清单是空的：请至少写一项装备或经费。"),
        ("review", "proposed", {"priority": 0}, "优先次序从 1 起。"),
        ("allocate", "approved", {"amount": "25000.01"}, "安排金额应大于 0，且不超过申报的 25000 元。"),
        ("allocate", "approved", {"amount": "0"}, "安排金额应大于 0，且不超过申报的 25000 元。"),
        ("deliver", "allocated", {"delivery": " "}, "请写明交付了什么、何时、由谁接收。"),
        ("confirm_receipt", "delivered", {"receipt": ""}, "请写明收到了什么；数目不符也请写明。"),
        ("review_effect", "delivered", {"effect": "fine"}, "请选择成效。"),
    ],
)
def test_inputs_that_do_not_do(step, state, inputs, words):
    case = make_case(RESOURCE, state, unit=True, asked=Decimal(25000), receipt="收到")
    with pytest.raises(Unmet, match=words):
        take(RESOURCE, Edge(state, step, "", set()), case, **inputs)


def test_what_was_asked_is_the_sum_of_the_lines():
    case = make_case(RESOURCE, "screened", unit=True)
    case.propose(request="缺车", lines=[*LINES, {"item": "警车", "quantity": 1, "amount": "180000.50"}])
    assert case.asked == Decimal("205000.50")
