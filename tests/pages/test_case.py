"""The page of a case: where it stands, what is missing, why, what happened, and whose turn it is."""

import pytest

pytestmark = pytest.mark.django_db


def test_it_tells_where_the_case_stands(as_account, hr, make_case):
    case = make_case()
    page = as_account(hr).get(f"/cases/{case.pk}/")
    assert page.status_code == 200
    assert "连续 3 年优秀（2023、2024、2025）" in page.text
    assert "链条已校验" in page.text
    assert "事由已填写" in page.text


def test_a_hidden_case_and_a_missing_one_answer_alike(as_account, stranger, make_case):
    browser = as_account(stranger)
    hidden = browser.get(f"/cases/{make_case().pk}/")
    missing = browser.get("/cases/01999999-9999-7999-9999-999999999999/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert "没有这一页，或你没有查看的权限" in hidden.text
