"""The frame of every page: navigation by role, languages, errors, and a policy that lets nothing in."""

import re

import pytest
from django.test import Client, RequestFactory

from config.errors import HiddenIsMissing
from people.access import NotFound

pytestmark = pytest.mark.django_db

INLINE = re.compile(r"""<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:""")
PAGES = ("/", "/cases/", "/messages/", "/menu/", "/nothing/")
CAST = (
    *("officer", "unit_head", "leader", "hr", "trainer", "equipment"),
    *("committee", "inspector", "auditor", "administrator"),
)


@pytest.mark.parametrize("who", CAST)
def test_every_page_is_whole_for_everybody(as_account, request, make_case, who):
    make_case()
    browser = as_account(request.getfixturevalue(who))
    for address in PAGES:
        page = browser.get(address)
        assert page.status_code == (404 if address == "/nothing/" else 200)
        assert page.text.count("<h1") == 1
        assert '<main id="main"' in page.text
        assert not INLINE.search(page.text)


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("hr", ["联动运行", "政策与规则", "培训名册", "差事"], ["运维", "我的结果与理由"]),  # a fourth linkage too
        ("officer", ["我的结果与理由"], ["联动运行", "运维", "查人"]),
        ("administrator", ["运维", "基础数据"], ["全部事项", "联动运行"]),
        ("trainer", ["培训名册", "能力提升"], ["政策与规则", "岗位调整"]),
    ],
)
def test_the_navigation_shows_what_one_may_open(as_account, request, who, seen, unseen):
    page = as_account(request.getfixturevalue(who)).get("/menu/")
    assert all(label in page.text for label in seen)
    assert not any(label in page.text for label in unseen)


@pytest.mark.parametrize("who", CAST)
def test_no_entry_of_the_navigation_is_closed_to_who_sees_it(as_account, request, who):
    browser = as_account(request.getfixturevalue(who))
    for group in browser.get("/menu/").context["shell"].groups:
        for entry in group.entries:
            assert browser.get(entry.url).status_code in {200, 302}, entry.url


def test_the_navigation_counts_my_work(as_account, hr, make_cases):
    make_cases(3)
    page = as_account(hr).get("/menu/")
    assert '<span class="count">3</span>' in page.text


def test_the_policy_lets_nothing_in(as_account, hr):
    policy = as_account(hr).get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_the_page_says_its_language(as_account, hr):
    browser = as_account(hr)
    assert '<html lang="zh-hans">' in browser.get("/").text
    browser.post("/language/", {"language": "en", "next": "/"})
    assert '<html lang="en">' in browser.get("/").text


def test_who_is_nobody_gets_an_error_without_a_frame():
    page = Client().get("/nothing/")
    assert page.status_code == 404
    assert "主导航" not in page.text


def test_hidden_is_missing_and_anything_else_is_not(hr):
    request = RequestFactory().get("/x/")
    request.user = hr
    door = HiddenIsMissing(lambda request: None)
    assert door.process_exception(request, NotFound()).status_code == 404
    assert door.process_exception(request, ValueError()) is None
