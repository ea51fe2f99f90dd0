"""Pages speak Chinese until their reader switches, and then stay as he left them."""

import pytest

pytestmark = pytest.mark.django_db
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en-US"}


def test_an_english_browser_is_spoken_to_in_chinese(client):
    assert "登录" in client.get("/sign-in/", **ENGLISH).text


def test_a_reader_who_switches_reads_english(as_account, hr):
    browser = as_account(hr)
    browser.post("/language/", {"language": "en"})
    assert "My desk" in browser.get("/").text


def test_a_program_says_in_which_words_it_wants_its_refusals(client):
    assert "身份认证信息未提供" in client.get("/api/cases/").text
    assert "credentials were not provided" in client.get("/api/cases/", **ENGLISH).text
