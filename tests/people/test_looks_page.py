"""Who looked at my record: for its owner alone."""

from people import access
from people.models import AccessLog


def test_its_owner_reads_who_looked(as_account, officer, leader):
    as_account(leader).get(f"/people/{officer.officer.badge}/")
    page = as_account(officer).get("/people/me/looks/").content.decode()
    assert "leader" in page
    assert "以“分管领导”的身份" in page


def test_it_shows_nobody_else_s(as_account, officer, leader, stranger):
    as_account(leader).get(f"/people/{officer.officer.badge}/")
    assert "还没有人看过" in as_account(stranger).get("/people/me/looks/").content.decode()


def test_an_account_without_an_officer_has_no_such_page(as_account, hr):
    assert as_account(hr).get("/people/me/looks/").status_code == 404


def test_it_asks_to_sign_in(client, db):
    assert client.get("/people/me/looks/").url.startswith("/sign-in/")


def test_it_pages_from_the_newest(as_account, officer, leader):
    for _look in range(120):
        access.log_looks(leader, [officer.officer], page="people:record")
    browser = as_account(officer)
    keys = list(AccessLog.objects.order_by("-id").values_list("pk", flat=True))

    def shown(query):
        return [look.pk for look in browser.get(f"/people/me/looks/{query}").context["page"].rows]

    assert shown("") == keys[:50]
    assert shown(f"?after={keys[49]}") == keys[50:100]
    assert shown(f"?after={keys[99]}") == keys[100:]
    assert shown(f"?before={keys[100]}") == keys[50:100]
    assert shown("?after=nonsense") == keys[:50]


def test_it_costs_the_same_for_many(as_account, officer, leader, django_assert_max_num_queries):
    for _look in range(60):
        access.log_looks(leader, [officer.officer], page="people:record")
    browser = as_account(officer)
    browser.get("/people/me/looks/")  # the calendar and the bureau's name are read once per process
    with django_assert_max_num_queries(10):
        browser.get("/people/me/looks/")
