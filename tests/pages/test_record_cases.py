"""A person's record lists his cases, to whom may see them."""

import pytest

pytestmark = pytest.mark.django_db


def test_hr_finds_his_cases_on_his_record(as_account, hr, subject, make_case):
    case = make_case()
    assert f"/cases/{case.pk}/" in as_account(hr).get(f"/people/{subject.badge}/").text


def test_a_stranger_finds_no_record(as_account, stranger, subject, make_case):
    make_case()
    assert as_account(stranger).get(f"/people/{subject.badge}/").status_code == 404
