"""The pages of policies: the list, a version, its steps, its file; drafts exist for those who work on them alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from linkage import lifecycle, register
from linkage.models import Policy
from people.accounts import machine
from people.roles import Role
from tests.linkage.test_life_of_a_policy import HARM_WITHOUT_BASIS, text

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = "/linkage/policies/"


def url(name, *args):
    return reverse(f"linkage:{name}", args=args)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def shipped(bureau):
    return register.install_shipped(actor=machine("loader"))


@pytest.fixture
def draft(shipped, hr, today):
    return lifecycle.draft(text(), from_day=today + 30 * DAY, actor=hr, based_on=shipped)


@pytest.fixture
def second(make_account, bureau):
    return make_account("hr2", Role.HR, bureau)


def take(client, policy, step, **said):
    return client.post(url("policy_step", policy.pk, step), {"revision": policy.revision, **said})


def test_the_list_says_where_each_version_stands_and_what_it_waits_for(shipped, draft, hr, as_account):
    page = as_account(hr).get(LIST).text
    for words in ("施行中", "草案", "等政治处核对", "数据导入"):
        assert words in page


def test_the_list_filters_by_standing(shipped, draft, hr, as_account):
    lines = as_account(hr).get(LIST, {"state": "in_force"}).context["lines"]
    assert [line.policy for line in lines] == [shipped]


def test_what_was_discarded_is_shown_where_it_is_asked_for(shipped, draft, hr, as_account):
    lifecycle.discard(draft, actor=hr, note="不用了")
    client = as_account(hr)
    assert [line.policy for line in client.get(LIST).context["lines"]] == [shipped]
    assert [line.policy for line in client.get(LIST, {"state": "discarded"}).context["lines"]] == [draft]


@pytest.mark.parametrize("who", ["officer", "unit_head", "leader", "inspector", "auditor", "trainer", "stranger"])
def test_everybody_reads_what_is_published_and_finds_no_draft(shipped, draft, who, request, as_account):
    client = as_account(request.getfixturevalue(who))
    page = client.get(LIST)
    assert [line.policy for line in page.context["lines"]] == [shipped]
    assert client.get(url("policy", shipped.pk)).status_code == 200
    assert client.get(url("policy_file", shipped.pk)).status_code == 200
    for name in ("policy", "policy_file"):
        assert client.get(url(name, draft.pk)).status_code == 404
    assert take(client, draft, "check").status_code == 404
    assert take(client, shipped, "retire", note="x", to_day="2030-01-01").status_code == 404


def test_the_page_of_a_draft_says_what_it_lacks(shipped, hr, today, as_account):
    draft = lifecycle.draft(text(more=HARM_WITHOUT_BASIS), from_day=today, actor=hr)
    context = as_account(hr).get(url("policy", draft.pk)).context
    assert [need.met for need in context["needs"]] == [False, False, False, False]
    assert "P99：没有法律依据" in context["needs"][0].how


def test_the_page_of_a_draft_that_cannot_be_read_shows_the_line(draft, hr, as_account):
    lifecycle.edit(draft, text().replace("when:", "whn:"), revision=1, actor=hr)
    page = as_account(hr).get(url("policy", draft.pk))
    assert page.status_code == 200
    assert "条文还不能读取：第 12 行" in page.text


def test_a_version_walks_through_its_life_on_the_page(shipped, draft, hr, second, today, as_account):
    writer, other = as_account(hr), as_account(second)
    assert take(writer, draft, "check").status_code == 302
    barred = {offer.name: offer.barred for offer in writer.get(url("policy", draft.pk)).context["offers"]}
    assert "须由另一人批准" in barred["approve"]
    assert take(other, draft, "approve", note="同意").status_code == 302
    answer = take(writer, draft, "publish", from_day=(today + 5 * DAY).isoformat())
    assert answer.status_code == 302
    page = writer.get(url("policy", draft.pk)).text
    assert "待施行" in page
    assert "施行至" in writer.get(url("policy", shipped.pk)).text


def test_a_step_refused_keeps_what_was_written(draft, hr, as_account):
    lifecycle.check(draft, actor=hr)
    answer = take(as_account(hr), draft, "approve", note="我自己批")
    assert answer.status_code == 409
    assert "须由另一人批准" in answer.text


def test_a_reason_is_asked_for(draft, hr, as_account):
    answer = take(as_account(hr), draft, "discard", note="")
    assert (answer.status_code, "请写明理由" in answer.text) == (422, True)
    assert Policy.objects.get(pk=draft.pk).state == "draft"


def test_a_day_in_the_past_is_refused_beside_the_field(draft, hr, second, today, as_account):
    lifecycle.check(draft, actor=hr)
    lifecycle.approve(draft, actor=second)
    answer = take(as_account(hr), draft, "publish", from_day=(today - DAY).isoformat())
    assert answer.status_code == 422
    assert "施行日不能早于今天" in answer.text


def test_a_step_that_is_gone_is_refused(draft, hr, as_account):
    lifecycle.discard(draft, actor=hr, note="不用了")
    answer = take(as_account(hr), draft, "check")
    assert answer.status_code == 409
    assert "不能再办这一步" in answer.text


def test_an_unknown_step_is_not_there(draft, hr, as_account):
    assert take(as_account(hr), draft, "enact").status_code == 404


def test_the_file_is_the_text(shipped, hr, as_account):
    answer = as_account(hr).get(url("policy_file", shipped.pk))
    assert answer.content.decode() == shipped.text
    assert answer["Content-Disposition"] == 'attachment; filename="reference-2026-1.yaml"'


def test_a_policy_of_another_name_is_said_to_decide_nothing(shipped, hr, today, as_account):
    other = lifecycle.draft(text().replace("policy: reference", "policy: local"), from_day=today, actor=hr)
    assert "不参与认定" in as_account(hr).get(url("policy", other.pk)).text
    assert "不参与认定" in as_account(hr).get(LIST).text
    assert "不参与认定" not in as_account(hr).get(url("policy", shipped.pk)).text


def test_the_list_costs_a_fixed_number_of_queries(shipped, draft, hr, today, as_account, django_assert_max_num_queries):
    client = as_account(hr)
    client.get(LIST)
    for number in range(3, 8):
        lifecycle.draft(text(str(number)), from_day=today, actor=hr)
    with django_assert_max_num_queries(12):
        client.get(LIST)
