"""A branch tightens what the policy leaves to it: within its range and its scope, from a day on, and only there."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from linkage import local_values, register
from linkage.models import LocalParameter
from linkage.refusals import NotPermitted, ValueRefused
from people.accounts import machine
from people.roles import Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LOW = "low months"


def url(name, *args):
    return reverse(f"linkage:{name}", args=args)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def shipped(bureau):
    return register.install_shipped(actor=machine("loader"))


@pytest.fixture
def local_hr(make_account, branch):
    return make_account("hr_f01", Role.HR, branch)


def asked(today, name=LOW, value="2", **more):
    return local_values.Setting(name=name, value=value, note="从严", **{"from_day": today, **more})


@pytest.fixture
def setting(shipped, branch, local_hr, today):
    return local_values.set_value(asked(today), unit=branch, actor=local_hr)


def values(day, unit):
    tree = register.parsed(register.in_force(day))
    return local_values.values_on(tree, day).get(unit.pk, {})


def test_a_value_holds_from_its_day_for_the_branch_alone(setting, branch, other_branch, today):
    assert values(today, branch) == {LOW: "2"}
    assert values(today - DAY, branch) == {}
    assert values(today, other_branch) == {}


def test_a_value_with_an_end_gives_way_to_the_one_before_it(setting, branch, local_hr, today):
    end = {"from_day": today + DAY, "to_day": today + 2 * DAY}
    local_values.set_value(asked(today, value="1", **end), unit=branch, actor=local_hr)
    found = [values(today + number * DAY, branch)[LOW] for number in range(4)]
    assert found == ["2", "1", "1", "2"]


def test_an_empty_value_gives_the_parameter_back_to_the_policy(setting, branch, local_hr, today):
    local_values.set_value(asked(today, value="", from_day=today + DAY), unit=branch, actor=local_hr)
    assert (values(today, branch), values(today + DAY, branch)) == ({LOW: "2"}, {})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("bottom share", "15%", "允许范围"),
        ("bottom share", "4%", "允许范围"),
        (LOW, "often", "应为数字"),
        ("honour", "1", "没有把参数"),
        ("nothing", "1", "没有把参数"),
    ],
)
def test_what_the_policy_does_not_leave_to_it_is_refused(shipped, branch, local_hr, today, name, value, words):
    with pytest.raises(ValueRefused, match=words):
        local_values.set_value(asked(today, name, value), unit=branch, actor=local_hr)
    assert not LocalParameter.objects.exists()


def test_no_value_is_set_for_days_gone_by(shipped, branch, local_hr, today):
    with pytest.raises(ValueRefused, match="不能早于今天"):
        local_values.set_value(asked(today, from_day=today - DAY), unit=branch, actor=local_hr)


def test_each_desk_sets_the_values_of_its_own_branch(shipped, branch, other_branch, station, local_hr, today):
    for unit in (other_branch, station, branch.parent):
        with pytest.raises(NotPermitted):
            local_values.set_value(asked(today), unit=unit, actor=local_hr)


@pytest.mark.parametrize("who", ["leader", "unit_head", "inspector", "auditor", "stranger", "trainer", "administrator"])
def test_no_other_role_sets_or_finds_the_page(shipped, branch, today, who, request, as_account):
    actor = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        local_values.set_value(asked(today), unit=branch, actor=actor)
    client = as_account(actor)
    assert client.get(url("local")).status_code == 404
    assert client.get(url("local_of", "F01")).status_code == 404
    assert client.post(url("local_of", "F01"), {}).status_code == 404


def test_rows_are_never_changed(setting):
    for act in (lambda: LocalParameter.objects.update(value="9"), lambda: LocalParameter.objects.all().delete()):
        with pytest.raises(DatabaseError, match="set a new value instead"), transaction.atomic():
            act()


# The page ---------------------------------------------------------------------------------------------------------
def test_the_desk_of_a_branch_is_led_to_its_page(shipped, branch, other_branch, local_hr, as_account):
    client = as_account(local_hr)
    assert client.get(url("local")).url == url("local_of", "F01")
    assert client.get(url("local_of", "F02")).status_code == 404
    assert [one.name for one in client.get(url("local_of", "F01")).context["left"]] == ["bottom share", LOW]


def test_hr_of_the_bureau_sees_every_branch(shipped, branch, other_branch, hr, as_account):
    assert [line.unit for line in as_account(hr).get(url("local")).context["lines"]] == [branch, other_branch]


def test_a_value_is_looked_at_before_it_is_set(shipped, branch, local_hr, today, as_account):
    client = as_account(local_hr)
    said = {"name": LOW, "value": "2", "from_day": today.isoformat(), "note": "从严"}
    answer = client.post(url("local_of", "F01"), {**said, "preview": "1"})
    assert [one.rule for one in answer.context["would"]] == ["P10"]
    assert "<ins>2</ins>" in answer.text
    assert not LocalParameter.objects.exists()
    assert client.post(url("local_of", "F01"), said).status_code == 302
    page = client.get(url("local_of", "F01"))
    assert [one.own.value for one in page.context["left"] if one.own] == ["2"]
    assert [one.rule for one in page.context["reads"]] == ["P10"]


@pytest.mark.parametrize("preview", [{}, {"preview": "1"}])
def test_a_value_out_of_range_is_said_on_the_page(shipped, branch, local_hr, today, preview, as_account):
    said = {"name": "bottom share", "value": "50%", "from_day": today.isoformat(), "note": "x", **preview}
    answer = as_account(local_hr).post(url("local_of", "F01"), said)
    assert (answer.status_code, "允许范围" in answer.text) == (422, True)


def test_everybody_reads_what_branches_have_made_of_it(setting, shipped, stranger, as_account):
    assert "单位F01 low months = 2" in as_account(stranger).get(url("policy", shipped.pk)).text
