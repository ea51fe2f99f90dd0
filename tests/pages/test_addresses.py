"""The allow list and the deliveries, for administrators of the whole."""

import pytest
from django.utils import timezone

from people.roles import Role
from workflows.channels import allowed
from workflows.channels.base import NotAllowed
from workflows.models import AllowedAddress, Parcel, RefusedAddress

pytestmark = pytest.mark.django_db
PAGE = "/operations/addresses/"


@pytest.fixture
def dead(hr):
    now = timezone.now()
    said = {"written_at": now, "available_at": now, "dead_at": now, "attempts": 8, "error": "answered 503"}
    return Parcel.objects.create(channel="webhook", fold="x", role=Role.HR, desk="/B00/", topic="errand", **said)


def test_an_address_is_allowed_with_a_reason(as_account, administrator):
    browser = as_account(administrator)
    said = {"kind": "web", "value": "https://Training.police.example/x", "reason": "培训系统"}
    assert "已允许 https://training.police.example:443。" in browser.post(PAGE, said, follow=True).text
    address = AllowedAddress.objects.get()
    assert (address.added_by, address.reason) == (administrator, "培训系统")
    assert "这个地址已在允许之列" in browser.post(PAGE, said).text


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("mail", "*"),
        ("mail", "*.example"),
        ("mail", "example"),
        ("web", "ftp://x.example"),
        ("web", "training"),
        ("folder", "relative/path"),
        ("folder", "/"),
        ("folder", "/no/such/folder"),
        ("folder", "/usr/../etc"),
        ("king", "x"),
    ],
)
def test_what_is_none_is_refused(as_account, administrator, kind, value):
    assert "没有保存" in as_account(administrator).post(PAGE, {"kind": kind, "value": value, "reason": "x"}).text
    assert not AllowedAddress.objects.exists()


def test_a_domain_is_taken_from_an_address(as_account, administrator):
    as_account(administrator).post(PAGE, {"kind": "mail", "value": "hr@Police.Example", "reason": "x"})
    assert AllowedAddress.objects.get().value == "police.example"


def test_a_folder_is_allowed_where_it_is(as_account, administrator, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    browser = as_account(administrator)
    browser.post(PAGE, {"kind": "folder", "value": f"{tmp_path / 'link'}", "reason": "x"})
    assert not AllowedAddress.objects.exists()
    browser.post(PAGE, {"kind": "folder", "value": f"{tmp_path}/", "reason": "x"})
    assert AllowedAddress.objects.get().value == str(tmp_path)


def test_what_is_ended_is_allowed_no_more_but_kept(as_account, administrator):
    browser = as_account(administrator)
    browser.post(PAGE, {"kind": "mail", "value": "police.example", "reason": "x"})
    address = AllowedAddress.objects.get()
    assert allowed.is_allowed("mail", "police.example")
    browser.post(f"{PAGE}{address.pk}/end/")
    assert not allowed.is_allowed("mail", "police.example")
    assert AllowedAddress.objects.get().ended_by == administrator
    assert browser.post(f"{PAGE}{address.pk}/end/").status_code == 404


def test_a_refusal_is_shown_with_the_way_to_allow_it(as_account, administrator):
    with pytest.raises(NotAllowed):
        allowed.insist("mail", "police.example")
    browser = as_account(administrator)
    page = browser.get(PAGE).text
    assert "police.example" in page
    assert "1 次" in page
    assert "?kind=mail&amp;value=police.example" in page
    assert 'value="police.example"' in browser.get(f"{PAGE}?kind=mail&value=police.example").text
    browser.post(PAGE, {"kind": "mail", "value": "police.example", "reason": "x"})
    assert "被拒绝的外部地址" not in browser.get(PAGE).text
    assert RefusedAddress.objects.count() == 1


@pytest.mark.parametrize("who", ["hr", "stranger", "auditor", "local"])
def test_the_list_is_not_there_for_others(as_account, request, make_account, branch, who):
    """What leaves the building concerns all of it: not for the administrator of a branch either."""
    local = make_account("local", Role.ADMINISTRATOR, branch)
    browser = as_account(local if who == "local" else request.getfixturevalue(who))
    assert browser.get(PAGE).status_code == 404
    assert browser.post(PAGE, {"kind": "mail", "value": "evil.example", "reason": "x"}).status_code == 404
    assert browser.post(f"{PAGE}1/end/").status_code == 404
    assert not AllowedAddress.objects.exists()


def test_deliveries_show_what_died_without_content(as_account, administrator, dead, bureau):
    page = as_account(administrator).get("/operations/delivery/").text
    assert "answered 503" in page
    assert "接口推送" in page
    assert "errand" not in page


def test_a_dead_delivery_is_sent_again_with_a_reason(as_account, administrator, dead):
    browser = as_account(administrator)
    said = {"parcel": dead.pk, "reason": "对方已恢复"}
    assert "已重发 1 份。" in browser.post("/operations/delivery/replay/", said, follow=True).text
    again = Parcel.objects.get(replay_of=dead)
    assert (again.key, again.replayed_by, again.replay_reason) == (dead.key, administrator, "对方已恢复")
    assert "已重发" in browser.get("/operations/delivery/").text


@pytest.mark.parametrize("said", [{"reason": ""}, {"reason": "x", "parcel": "x"}, {"reason": "x", "parcel": "9" * 30}])
def test_without_a_reason_or_a_choice_nothing_is_sent(as_account, administrator, dead, said):
    as_account(administrator).post("/operations/delivery/replay/", {"parcel": dead.pk, **said})
    assert Parcel.objects.count() == 1


@pytest.mark.parametrize("who", ["hr", "stranger", "auditor"])
def test_deliveries_are_not_there_for_others(as_account, request, dead, who):
    browser = as_account(request.getfixturevalue(who))
    assert browser.get("/operations/delivery/").status_code == 404
    assert browser.post("/operations/delivery/replay/", {"parcel": dead.pk, "reason": "x"}).status_code == 404
    assert Parcel.objects.count() == 1
