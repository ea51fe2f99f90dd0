"""Finding a person by the beginning of his name or badge."""

import pytest


@pytest.fixture
def people(make_officer, station, other_branch):
    return [
        make_officer(station, badge="2200101", name="何帅欣"),
        make_officer(station, badge="2200102", name="何洁"),
        make_officer(other_branch, badge="2200201", name="何远"),
    ]


def found(browser, words):
    page = browser.get("/people/", {"q": words}).content.decode()
    return [badge for badge in ("2200101", "2200102", "2200201") if badge in page]


@pytest.mark.parametrize(
    ("words", "badges"),
    [
        ("何", ["2200101", "2200102", "2200201"]),
        ("何帅", ["2200101"]),
        ("22002", ["2200201"]),
        (" 何洁 ", ["2200102"]),
        ("帅", []),  # not the beginning
        ("%", []),  # no wildcard
        ("王", []),
    ],
)
def test_it_finds_by_the_beginning(as_account, hr, people, words, badges):
    assert found(as_account(hr), words) == badges


def test_it_finds_only_those_of_one_s_units(as_account, leader, people):
    assert found(as_account(leader), "何") == ["2200101", "2200102"]


def test_names_link_to_the_record_for_those_who_may_read_it(as_account, hr, administrator, people):
    assert 'href="/people/2200101/"' in as_account(hr).get("/people/?q=2200101").content.decode()
    page = as_account(administrator).get("/people/?q=2200101").content.decode()
    assert 'href="/people/2200101/"' not in page
    assert 'href="/people/2200101/account/"' in page


def test_the_number_of_a_unit_opens_its_names(as_account, hr, trainer, people, station):
    assert "/people/?unit=F01P01" in as_account(hr).get("/people/units/").content.decode()
    assert "/people/?unit=F01P01" not in as_account(trainer).get("/people/units/").content.decode()
    page = as_account(hr).get("/people/?unit=F01P01").content.decode()
    assert "2200101" in page
    assert "2200201" not in page


def test_a_unit_beyond_one_s_reach_is_as_good_as_none(as_account, leader, people):
    page = as_account(leader).get("/people/?unit=F02").content.decode()
    assert "2200201" not in page
    assert "写下姓名或警号" in page


def test_a_unit_without_people_says_so(as_account, hr, branch):
    assert "还没有登记民警" in as_account(hr).get("/people/?unit=F01").content.decode()


def test_nothing_found_says_what_to_do(as_account, hr, people):
    assert "没有查到“王”" in as_account(hr).get("/people/?q=王").content.decode()


def test_the_empty_page_invites(as_account, hr):
    assert "写下姓名或警号" in as_account(hr).get("/people/").content.decode()


def test_too_many_are_cut_off_and_said_so(as_account, hr, make_officer, station):
    for number in range(51):
        make_officer(station, badge=f"33{number:05}", name=f"吴{number}")
    page = as_account(hr).get("/people/?q=吴").content.decode()
    assert page.count("/people/33") == 50
    assert "只列出前 50 人" in page


@pytest.mark.parametrize("who", ["stranger", "trainer", "equipment", "committee"])
def test_it_is_missing_for_those_who_read_no_records(request, as_account, people, who):
    assert as_account(request.getfixturevalue(who)).get("/people/?q=何").status_code == 404


def test_it_asks_to_sign_in(client, db):
    assert client.get("/people/?q=何").url.startswith("/sign-in/")


def test_it_costs_no_query_per_person(as_account, hr, people, make_officer, station, django_assert_max_num_queries):
    browser = as_account(hr)
    with django_assert_max_num_queries(12) as few:
        browser.get("/people/?q=何")
    for number in range(20):
        make_officer(station, name=f"何{number}")
    with django_assert_max_num_queries(len(few)):
        browser.get("/people/?q=何")
