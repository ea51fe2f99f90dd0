"""The Django admin: master data through the actions, everything else behind glass, and nothing for the rest."""

from datetime import date

import pytest

from people.models import AccessLog, Change, Officer, Posting, Unit


@pytest.fixture
def all_auditor(make_account):
    return make_account("all_auditor", "auditor", is_staff=True)


def post_unit(browser, address, **given):
    return browser.post(address, {"code": "F03", "name": "城南分局", "kind": "分局", "peer_group": ""} | given)


def test_a_unit_is_entered_under_its_parent(as_account, administrator, bureau):
    response = post_unit(as_account(administrator), "/admin/people/unit/add/", parent=bureau.pk)
    assert response.status_code == 302
    assert Unit.objects.get(code="F03").path == "/B00/F03/"
    assert Change.objects.get().what == "unit_added"


@pytest.mark.parametrize("code", ["F/3", "", "F 3", "B00"])
def test_a_code_that_does_not_do_is_refused(as_account, administrator, bureau, code):
    response = post_unit(as_account(administrator), "/admin/people/unit/add/", parent=bureau.pk, code=code)
    assert response.status_code == 200
    assert Unit.objects.count() == 1


def test_another_parent_moves_the_unit(as_account, administrator, station, other_branch):
    address = f"/admin/people/unit/{station.pk}/change/"
    assert post_unit(as_account(administrator), address, name="新名", parent=other_branch.pk).status_code == 302
    station.refresh_from_db()
    assert (station.name, station.path) == ("新名", "/B00/F02/F01P01/")
    assert set(Change.objects.values_list("what", flat=True)) == {"unit_corrected", "unit_moved"}


@pytest.mark.parametrize("above", ["station", None])
def test_it_cannot_hang_below_itself_or_nowhere(request, as_account, administrator, branch, station, above):
    parent = request.getfixturevalue(above).pk if above else ""
    browser, address = as_account(administrator), f"/admin/people/unit/{branch.pk}/change/"
    page = post_unit(browser, address, parent=parent)
    page = browser.get(address) if page.status_code == 302 else page
    assert "单位须有上级" in page.content.decode() or "不能把单位调到它自己" in page.content.decode()
    branch.refresh_from_db()
    assert branch.path == "/B00/F01/"


def post_officer(browser, address, **given):
    said = {
        "badge": "2209999",
        "name": "江晓",
        "sex": "女",
        "born_on": "2000-01-02",
        "joined_on": "2024-07-01",
        "post_type": "内勤",
        "employment": "在编",
        "rank": "",
        "email": "",
    }
    return browser.post(address, said | given)


def test_an_officer_is_entered_with_his_first_posting(as_account, administrator, station):
    response = post_officer(as_account(administrator), "/admin/people/officer/add/", unit=station.pk)
    assert response.status_code == 302
    posting = Posting.objects.get(officer__badge="2209999")
    assert (posting.unit, posting.from_day) == (station, date(2024, 7, 1))


def test_a_badge_that_is_a_word_is_refused(as_account, administrator, station):
    response = post_officer(as_account(administrator), "/admin/people/officer/add/", unit=station.pk, badge="units")
    assert response.status_code == 200
    assert not Officer.objects.exists()


def test_a_correction_leaves_unit_and_post_alone(as_account, administrator, officer, station, other_branch):
    he = officer.officer
    address = f"/admin/people/officer/{he.pk}/change/"
    post_officer(as_account(administrator), address, unit=other_branch.pk, name="何帅新", email="new@police.example")
    he.refresh_from_db()
    officer.refresh_from_db()
    assert (he.name, he.unit, he.post_type, officer.email) == ("何帅新", station, "社区民警", "new@police.example")
    assert Change.objects.get().detail["fields"] == ["born_on", "email", "joined_on", "name", "sex"]


@pytest.mark.parametrize("model", ["posting", "account", "rolegrant", "apitoken", "change"])
def test_the_rest_is_behind_glass(as_account, administrator, all_auditor, officer, model):
    for account in (administrator, all_auditor):
        browser = as_account(account)
        assert browser.get(f"/admin/people/{model}/").status_code == 200
        assert browser.get(f"/admin/people/{model}/add/").status_code == 403


def test_looks_are_for_the_auditor_not_for_the_administrator(as_account, administrator, all_auditor, officer):
    AccessLog.objects.create(account=administrator, officer=officer.officer, role="hr", page="x")
    assert as_account(all_auditor).get("/admin/people/accesslog/").status_code == 200
    assert as_account(administrator).get("/admin/people/accesslog/").status_code == 403


def test_nothing_is_deleted(as_account, administrator, officer, station):
    browser = as_account(administrator)
    assert browser.post(f"/admin/people/unit/{station.pk}/delete/", {"post": "yes"}).status_code == 403
    assert browser.post(f"/admin/people/officer/{officer.officer_id}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("who", ["hr", "auditor", "unit_head", "stranger"])
def test_nobody_else_gets_in(request, as_account, who):
    response = as_account(request.getfixturevalue(who)).get("/admin/people/unit/")
    assert (response.status_code, response.url.split("?")[0]) == (302, "/admin/login/")


def test_an_administrator_of_a_branch_has_no_admin(as_account, make_account, branch, station):
    of_branch = make_account("of_branch", "administrator", branch, is_staff=True)
    assert as_account(of_branch).get("/admin/people/unit/").status_code == 403
