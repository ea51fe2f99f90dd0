"""The register of decisions over all cycles: its filters, counts and export, for those who may read it."""

from datetime import date

import pytest
from django.urls import reverse

from linkage import decision_list, evaluation, lifecycle
from people.roles import Role
from tests.linkage.small import LIVE, small
from workflows import running
from workflows.models import Job

__all__ = ["small"]
PAGE = "/linkage/decisions/"


@pytest.fixture
def decided(small):
    """2024 decided in February 2025, before the sanction was known; 2025 decided twice, a grade put right between."""
    text = LIVE.replace("policy: trial", "policy: reference")
    lifecycle.enact(lifecycle.draft(text, from_day=date(2020, 1, 1)), actor=small.loader)
    evaluation.evaluate(small.cycles[2024], as_of=date(2025, 2, 1), actor=small.loader)
    evaluation.evaluate(small.cycles[2025], as_of=date(2026, 2, 1), actor=small.loader)
    small.result(3, 2025, "称职", 80, recorded_on=date(2026, 3, 1))
    evaluation.evaluate(small.cycles[2025], as_of=date(2026, 3, 31), actor=small.loader)
    return small


@pytest.fixture
def browser(as_account, hr):
    return as_account(hr)


# 2024: three excellent ones (A), one barely competent (B). 2025: three excellent ones open, one barred (A); the barely
# competent one (B) in the first run only.
@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("", 4 + 4),
        ("runs=all", 4 + 5 + 4),
        ("cycle=2024", 4),
        ("rule=B", 1),
        ("rule=B&runs=all", 2),
        ("status=blocked", 1),
        ("kind=training", 1),
        ("kind=restriction", 0),
        ("kind=reward&cycle=2025", 4),
        ("unit=F01P01", 6),
        ("unit=F01", 8),
        ("unit=F02", 0),
        ("q=2200002", 2),
        ("since=2026-01-01", 4),
        ("until=2025-12-31", 4),
        ("since=2026-03-31&until=2026-03-31&runs=all", 4),
        ("status=nonsense&since=tomorrow&kind=none", 8),  # what means nothing filters nothing
    ],
)
def test_each_filter_leaves_what_a_hand_counts(decided, browser, asked, count):
    found = browser.get(f"{PAGE}?{asked}").context
    assert found["count"] == count
    assert len(found["page"].rows) == count
    lines = browser.get(f"{PAGE}?{asked}&export=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == count + 1  # the export is the filter


def test_its_tiles_count_each_status_whatever_status_is_chosen(decided, browser):
    for asked in ("", "?status=blocked"):
        counts = browser.get(PAGE + asked).context["counts"]
        assert {status: n for status, n in counts.items() if n} == {"open": 7, "blocked": 1}


def test_its_pages_go_on_where_the_last_one_ended(decided, browser, monkeypatch):
    monkeypatch.setattr("workflows.paging.page.__kwdefaults__", {"keys": ("id",), "descending": True, "size": 3})
    seen, after = [], ""
    while True:
        page = browser.get(f"{PAGE}?after={after}").context["page"]
        seen += [decision.pk for decision in page.rows]
        if not (after := page.next):
            break
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 8


def test_a_long_register_is_exported_by_a_job(decided, browser):
    browser.post("/exports/decision_register/", {"cycle": "2025", "q": "2200002", "format": "csv"})
    job = Job.objects.get()
    assert "2200002" not in str(job.args)  # what was typed may be a name
    running.run(job.pk)
    assert len(browser.get(f"/jobs/{job.pk}/file/").getvalue().decode("utf-8-sig").splitlines()) == 2


def test_others_see_their_own_units_or_nothing(decided, as_account, make_account, other_branch, stranger):
    elsewhere = as_account(make_account("hr_f02", Role.HR, other_branch))
    assert elsewhere.get(PAGE).context["count"] == 0
    assert len(elsewhere.get(f"{PAGE}?export=csv").content.decode("utf-8-sig").splitlines()) == 1
    client = as_account(stranger)
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}?export=csv").status_code == 404
    assert client.post("/exports/decision_register/", {"format": "csv"}).status_code == 404


def test_the_api_filters_likewise(decided, browser):
    def count(asked):
        return len(browser.get(f"/api/decisions/?{asked}", headers={"Accept": "application/json"}).json()["results"])

    assert count("live=true") == 8
    assert count("kind=training&live=true") == 1
    assert count("below=F01P01&live=true") == browser.get(f"{PAGE}?unit=F01P01").context["count"]
    assert count("below=F02") == 0
    assert count("since=2026-03-31") == 4
    assert count("until=2025-12-31") == 4


def test_a_run_leads_to_it(decided, browser):
    assert reverse("linkage:register") in browser.get("/linkage/").text
    assert decision_list.read_filter({}).narrowed is False
