"""The officer's own results: his figures beside his group, his rights; and filing an objection."""

from datetime import date

import pytest
from django.urls import reverse

from appraisal.models import Objection
from appraisal.queries import FEWEST_PEERS
from tests.errand.kind import KIND as ERRAND
from tests.walk import begin
from workflows.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(make_cycle, make_result, make_officer, officer, station, post, scheme):
    """His result beside those of `peers` colleagues."""

    def mine(peers=FEWEST_PEERS, **fields):
        cycle = make_cycle(**fields)
        for number in range(peers):
            post(peer := make_officer(station))
            make_result(cycle, peer, score=80 + number, indicators={"群众满意度": 80 + number, "风险排查数": 70})
        post(officer.officer)
        return make_result(
            cycle, officer.officer, score=61.27, grade="基本称职", indicators={"群众满意度": 51.4, "风险排查数": 61.6}
        )

    return mine


def url(name, *args):
    return reverse(f"appraisal:{name}", args=args)


def test_he_sees_his_result_beside_his_group(mine, officer, as_account):
    mine()
    page = as_account(officer).get(url("mine"))
    shown = page.context["mine"]
    assert (shown.beside.size, shown.beside.median, shown.beside.group) == (6, 81.5, "社区民警 单位F01")
    assert [(f.name, f.value, f.median) for f in shown.beside.figures] == [
        ("群众满意度", 51.4, 81.5),
        ("风险排查数", 61.6, 70.0),
    ]
    assert [bar.lowest for bar in shown.bars] == [True, False]
    assert "你的 2025 等次是<b>基本称职</b>" in page.text
    assert "<svg" in page.text


def test_too_few_peers_tell_nothing_of_a_colleague(mine, officer, as_account):
    mine(peers=FEWEST_PEERS - 2)
    page = as_account(officer).get(url("mine"))
    assert page.context["mine"].beside.median is None
    assert "同组人数太少" in page.text


@pytest.mark.parametrize("state", ["collecting", "checked"])
def test_what_is_not_published_is_not_shown(mine, officer, as_account, state):
    mine(state=state)
    page = as_account(officer).get(url("mine"))
    assert "还没有公示的结果" in page.text
    assert "61.27" not in page.text


def test_a_cycle_is_chosen_and_rubbish_is_not(mine, make_cycle, make_result, officer, as_account):
    mine()
    month = make_cycle("2025-12", kind="monthly", starts_on=date(2025, 12, 1))
    make_result(month, officer.officer, grade="较好")
    client = as_account(officer)
    assert client.get(url("mine"), {"cycle": "2025-12"}).context["mine"].result.cycle == month
    assert client.get(url("mine"), {"cycle": "\0x"}).context["mine"].result.cycle.code == "2025"


def test_who_is_no_officer_has_no_such_page(mine, hr, as_account):
    mine()
    assert as_account(hr).get(url("mine")).status_code == 404


def test_an_officer_without_results(stranger, as_account):
    assert "还没有公示的结果" in as_account(stranger).get(url("mine")).text


def test_the_cost_of_the_page(mine, officer, as_account, django_assert_max_num_queries):
    mine(peers=20)
    client = as_account(officer)
    client.get(url("mine"))
    with django_assert_max_num_queries(20):
        client.get(url("mine"))


# Objecting --------------------------------------------------------------------------------------------------------
def test_he_objects_on_the_page(mine, officer, as_account):
    result = mine()
    client = as_account(officer)
    assert url("object_to_result", result.pk) in client.get(url("mine")).text
    assert "另一条线的单位负责人" in client.get(url("object_to_result", result.pk)).text
    answer = client.post(url("object_to_result", result.pk), {"grounds": "两起案件没有计入"})
    objection = Objection.objects.get()
    assert answer.url == reverse("workflows:case", args=[objection.pk])
    assert "两起案件没有计入" in client.get(answer.url).text
    again = client.get(url("object_to_result", result.pk))
    assert "你已就此提出异议，正在处理" in again.text
    assert client.post(url("object_to_result", result.pk), {"grounds": "再说一次"}).status_code == 422
    assert Objection.objects.count() == 1


def test_an_objection_without_grounds(mine, officer, as_account):
    result = mine()
    answer = as_account(officer).post(url("object_to_result", result.pk), {"grounds": " "})
    assert answer.status_code == 422
    assert not Objection.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "hr", "unit_head", "administrator"])
def test_another_mans_result_is_no_aim(mine, who, request, as_account):
    result = mine()
    client = as_account(request.getfixturevalue(who))
    assert client.get(url("object_to_result", result.pk)).status_code == 404
    assert client.post(url("object_to_result", result.pk), {"grounds": "x"}).status_code == 404


def test_he_objects_to_his_case(officer, stranger, hr, as_account):
    errand = begin(ERRAND, title="送件", subject=officer.officer, actor=hr, fields={"purpose": "送"}, at=now().at)
    errand.take("accept", hr)
    page = url("object_to_case", errand.case_id)
    assert as_account(stranger).get(page).status_code == 404
    assert "这件事项先停下来" in as_account(officer).get(page).text
    answer = as_account(officer).post(page, {"grounds": "不该由我去"}, follow=True)
    assert "不该由我去" in answer.text
    assert errand.state == "held"
