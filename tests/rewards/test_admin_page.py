"""The admin: the catalogue is kept there, cases are only read."""

import pytest

pytestmark = pytest.mark.django_db
CASES = ("rewards/rewardcase", "rewards/resourcecase", "talent_pool/reservecase", "talent_pool/postadjustmentcase")


@pytest.fixture
def auditor_everywhere(make_account):
    return make_account("auditor_everywhere", "auditor", is_staff=True)


def test_the_administrator_keeps_the_catalogue(catalogue, administrator, as_account):
    page = as_account(administrator).get("/admin/rewards/award/")
    assert page.status_code == 200
    assert as_account(administrator).get("/admin/rewards/award/add/").status_code == 200


@pytest.mark.parametrize("name", CASES)
def test_cases_are_read_by_the_auditor_only(auditor_everywhere, administrator, as_account, name):
    assert as_account(auditor_everywhere).get(f"/admin/{name}/").status_code == 200
    assert as_account(auditor_everywhere).get(f"/admin/{name}/add/").status_code == 403
    assert as_account(administrator).get(f"/admin/{name}/").status_code == 403


@pytest.mark.parametrize("name", [*CASES, "rewards/award", "rewards/certificatebook"])
def test_a_stranger_gets_nothing(stranger, as_account, name):
    assert as_account(stranger).get(f"/admin/{name}/").status_code == 302


def test_reviews_are_not_in_the_admin(auditor_everywhere, as_account):
    assert as_account(auditor_everywhere).get("/admin/talent_pool/review/").status_code == 404
