"""My desk: what I have to do, by when."""

import pytest

pytestmark = pytest.mark.django_db


def test_it_lists_what_is_due(as_account, hr, make_case):
    case = make_case()
    page = as_account(hr).get("/")
    assert page.status_code == 200
    assert f"/cases/{case.pk}/" in page.text
    assert "于雨" in page.text
    assert "受理" in page.text


def test_a_stranger_sees_nothing_of_it(as_account, stranger, make_case):
    case = make_case()
    page = as_account(stranger).get("/")
    assert str(case.pk) not in page.text
    assert "没有需要你办的事" in page.text
