"""Cycles, results and facts over the API: what is shown to whom, and recording a fact."""

import pytest

from appraisal.models import Fact

pytestmark = pytest.mark.django_db
SAID = {"subject": "2200001", "kind": "sanction", "level": "警告", "from_day": "2026-03-01", "note": "决定书 12 号"}


@pytest.fixture
def cycle(make_cycle, make_result, officer, stranger):
    cycle = make_cycle()
    make_result(cycle, officer.officer)
    make_result(cycle, stranger.officer, grade="优秀")
    return cycle


def rows(client, path, **asked):
    answer = client.get(f"/api/{path}/", asked)
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


# who, whose results
SEEN = [("hr", {"2200001", "2200002"}), ("unit_head", {"2200001"}), ("officer", {"2200001"}), ("committee", set())]


@pytest.mark.parametrize(("who", "badges"), SEEN)
def test_results_are_ones_own_and_ones_units(cycle, who, badges, request, as_account):
    client = as_account(request.getfixturevalue(who))
    assert {row["officer"] for row in rows(client, "results")} == badges


def test_results_are_filtered(cycle, hr, as_account):
    (row,) = rows(as_account(hr), "results", cycle__code="2025", grade="优秀")
    assert (row["cycle"], row["status"], row["score"]) == ("2025", "graded", 75.0)


def test_a_hidden_result_answers_like_a_missing_one(cycle, officer, stranger, as_account):
    hidden = stranger.officer.results.get().pk
    answers = [as_account(officer).get(f"/api/results/{pk}/") for pk in (hidden, 10**9)]
    assert [a.status_code for a in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


def test_cycles_are_for_those_who_answer_for_somebody(cycle, hr, committee, officer, as_account):
    assert [row["code"] for row in rows(as_account(hr), "cycles", kind="annual")] == ["2025"]
    assert as_account(committee).get("/api/cycles/2025/").json()["state"] == "final"
    assert as_account(officer).get("/api/cycles/").status_code == 404


def test_results_are_not_written(cycle, hr, as_account):
    assert as_account(hr).post("/api/results/", {}).status_code == 405
    assert as_account(hr).delete(f"/api/results/{cycle.results.first().pk}/").status_code == 405


def test_a_fact_is_recorded(officer, inspector, as_account):
    answer = as_account(inspector).post("/api/facts/", SAID, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["officer"] == "2200001"
    assert [row["note"] for row in rows(as_account(officer), "facts")] == ["决定书 12 号"]


# what is said instead, status, what the answer names
BAD = [
    ({"kind": "gossip"}, 400, "kind"),
    ({"from_day": "yesterday"}, 400, "from_day"),
    ({"subject": None}, 400, "subject"),
    ({"note": ""}, 400, "note"),
    ({"to_day": "2026-01-01"}, 422, "止日早于起日"),
    ({"kind": "leave"}, 403, "没有办理这项操作的权限"),
    ({"subject": "9999999"}, 404, "没有这一项"),
    ({"subject": "\0"}, 400, "subject"),
    ({"level": "长" * 51}, 400, "level"),
]


@pytest.mark.parametrize(("said", "status", "named"), BAD)
def test_a_bad_fact_is_answered_with_what_is_wrong(officer, inspector, as_account, said, status, named):
    answer = as_account(inspector).post("/api/facts/", SAID | said, content_type="application/json")
    assert answer.status_code == status
    assert named in answer.content.decode()
    assert not Fact.objects.exists()


@pytest.mark.parametrize("who", ["unit_head", "officer", "stranger", "committee", "auditor"])
def test_a_stranger_records_nothing(officer, who, request, as_account):
    account = request.getfixturevalue(who)
    assert as_account(account).post("/api/facts/", SAID, content_type="application/json").status_code == 404
    assert not Fact.objects.exists()


def test_nobody_without_a_name(client, cycle):
    assert client.get("/api/results/").status_code in (401, 403)
