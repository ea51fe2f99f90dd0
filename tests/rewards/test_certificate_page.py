"""The certificate: numbered, checked, printed for those who may see the case."""

import pytest
from django.urls import reverse

from people.models import AccessLog
from rewards.kind import RESOURCE
from rewards.models import RewardCase
from tests.walk import begin

pytestmark = pytest.mark.django_db


@pytest.fixture
def granted(reward, hr):
    return reward("晋档").take("confirm_entitlement", hr).take("grant", hr)


def address(walk):
    return reverse("rewards:certificate", args=[walk.case_id])


@pytest.mark.parametrize("who", ["officer", "hr", "unit_head", "leader", "committee", "inspector", "auditor"])
def test_it_prints(granted, request, as_account, who):
    page = as_account(request.getfixturevalue(who)).get(address(granted))
    case = granted.case
    text = page.content.decode()
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    grouped = " ".join(case.checksum[n : n + 4] for n in (0, 4, 8))
    for word in (case.certificate, grouped, "何帅欣", "待遇核定通知", "2026年3月30日"):
        assert word in text


def test_a_look_is_kept_for_its_owner(granted, hr, as_account):
    as_account(hr).get(address(granted))
    assert AccessLog.objects.filter(account=hr, officer=granted.case.officer).exists()


@pytest.mark.parametrize("who", ["stranger", "other_unit_head", "trainer", "equipment", "administrator"])
def test_a_stranger_gets_nothing(granted, request, as_account, who):
    assert as_account(request.getfixturevalue(who)).get(address(granted)).status_code == 404


def test_nobody_signed_in_is_sent_to_sign_in(granted, client):
    assert client.get(address(granted)).status_code == 302


def test_before_it_is_granted_there_is_none(reward, hr, as_account):
    assert as_account(hr).get(address(reward("嘉奖"))).status_code == 404


def test_another_kind_has_none(hr, station, as_account):
    walk = begin(RESOURCE, title="优先保障", subject=station, actor=hr)
    assert as_account(hr).get(address(walk)).status_code == 404


def test_a_revoked_one_says_so(granted, hr, committee, as_account):
    granted.take("revoke", committee, reason="fraud")
    text = as_account(hr).get(address(granted)).content.decode()
    assert "这份证书已作废：奖励已撤销。" in text
    assert "弄虚作假骗取奖励" in text


@pytest.mark.parametrize(("organ", "name"), [("branch", "单位F01"), ("bureau", "海州市公安局")])
def test_the_organ_that_approved_signs(granted, hr, as_account, organ, name):
    RewardCase.objects.filter(pk=granted.case_id).update(organ=organ)
    assert f'<div class="sign">{name}<br>' in as_account(hr).get(address(granted)).content.decode()


def test_it_costs_few_queries(granted, officer, as_account, django_assert_max_num_queries):
    client = as_account(officer)
    with django_assert_max_num_queries(12):
        client.get(address(granted))
