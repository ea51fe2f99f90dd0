"""The facts about somebody: recording, ending, withdrawing on a page."""

import pytest
from django.urls import reverse

from appraisal.models import Fact

pytestmark = pytest.mark.django_db
SAID = {"kind": "sanction", "level": "警告", "from_day": "2026-03-01", "note": "决定书 12 号"}


def url(name, *args):
    return reverse(f"appraisal:{name}", args=args)


@pytest.fixture
def sanction(officer, inspector, as_account):
    as_account(inspector).post(url("facts", officer.officer.badge), SAID)
    return Fact.objects.get()


def test_an_inspector_records_a_sanction(sanction, inspector, officer, as_account):
    assert (sanction.level, sanction.note, sanction.recorded_by) == ("警告", "决定书 12 号", inspector)
    page = as_account(inspector).get(url("facts", officer.officer.badge))
    assert "决定书 12 号" in page.text
    assert [value for value, _label in page.context["form"].fields["kind"].choices] == ["sanction", "investigation"]


def test_a_fact_of_a_unit(station, hr, as_account):
    said = {"kind": "veto", "level": "严重违纪", "from_day": "2026-03-01", "note": "通报"}
    assert as_account(hr).post(url("facts", "F01P01"), said).status_code == 302
    assert Fact.objects.get().unit == station


def test_a_fact_ends(sanction, inspector, officer, as_account):
    page = url("fact", officer.officer.badge, sanction.pk)
    assert as_account(inspector).get(page).status_code == 200
    said = {"to_day": "2026-09-01", "note": "解除"}
    assert as_account(inspector).post(page, said).status_code == 302
    assert [str(fact.to_day) for fact in Fact.objects.order_by("pk")] == ["None", "2026-09-01"]
    assert as_account(inspector).get(page).status_code == 404  # superseded: the later telling has its own page


def test_a_fact_is_withdrawn(sanction, hr, officer, as_account):
    page = url("fact", officer.officer.badge, sanction.pk)
    assert as_account(hr).post(page, {"withdrawn": "on", "note": "录错了人"}).status_code == 302
    assert as_account(hr).get(url("facts", officer.officer.badge)).context["facts"] == []


# what is said instead, where the error stands
BAD = [
    ({"kind": "award"}, "kind"),
    ({"from_day": "1.3.2026"}, "from_day"),
    ({"to_day": "2026-02-01"}, "__all__"),
    ({"note": ""}, "note"),
    ({"level": "长" * 51}, "level"),
]


@pytest.mark.parametrize(("said", "field"), BAD)
def test_a_bad_fact_says_where(officer, inspector, as_account, said, field):
    answer = as_account(inspector).post(url("facts", officer.officer.badge), SAID | said)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Fact.objects.exists()


@pytest.mark.parametrize("who", ["unit_head", "leader", "auditor"])
def test_who_only_reads_records_nothing(sanction, officer, who, request, as_account):
    client = as_account(request.getfixturevalue(who))
    assert client.get(url("facts", officer.officer.badge)).context["form"] is None
    assert client.post(url("facts", officer.officer.badge), SAID).status_code == 404
    assert client.post(url("fact", officer.officer.badge, sanction.pk), {"note": "x"}).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "officer", "other_unit_head", "committee", "trainer", "administrator"])
def test_a_stranger_finds_nothing(sanction, officer, who, request, as_account):
    client = as_account(request.getfixturevalue(who))
    assert client.get(url("facts", officer.officer.badge)).status_code == 404
    assert client.post(url("facts", officer.officer.badge), SAID).status_code == 404
    assert client.get(url("fact", officer.officer.badge, sanction.pk)).status_code == 404
    assert Fact.objects.count() == 1
