"""How many sit within one of a threshold, reckoned by hand."""

import pytest
from django.urls import reverse

from linkage import previews, sensitivity
from linkage.rules.nearness import nearness
from linkage.rules.sheet import NotPlanned
from tests.linkage.small import DAY, small
from tests.rules.small_bureau import Bureau, run_rule

__all__ = ["small"]


def turned(rule, bureau):
    return {(near.unit, near.cycle): (near.inside, near.outside) for near in nearness(run_rule(rule, bureau))}


SCORES = {"p": 79.0, "q": 79.5, "r": 80.0, "s": 80.9, "t": 81.0, "u": 78.9}


@pytest.mark.parametrize(
    ("rule", "inside", "outside"),
    [
        ("when: {score: {at least: 80}}", ("r", "s"), ("p", "q")),  # 81 less one is still 80; 78.9 plus one is not
        ("when: {score: {above: 80}}", ("s", "t"), ("q", "r")),
        ("when: {score: {at most: 80}}", ("q", "r"), ("s", "t")),
        ("when: {score: {below: 80}}", ("p", "q"), ("r", "s")),
    ],
)
def test_one_point_more_or_less(rule, inside, outside):
    bureau = Bureau(dict.fromkeys(SCORES, "A"), scores={(name, "2025"): score for name, score in SCORES.items()})
    assert turned(rule, bureau) == {("points", "2025"): (inside, outside)}


def test_one_period_more_or_less():
    bureau = Bureau({"p": "AAA", "q": "BAA", "r": "BBA", "s": "BBB"})
    count = "when: {periods: {last: 3, count: {grade: 优秀}, at least: 2}}"
    assert turned(count, bureau) == {("periods", "2025"): (("q",), ("r",))}
    each = "when: {periods: {last: 3, each: {grade: 优秀}}}"
    assert turned(each, bureau) == {("periods", "2025"): (("p",), ("q",))}


def test_who_has_no_figure_sits_nowhere():
    bureau = Bureau({"p": "A", "q": "-"}, scores={("p", "2025"): 80.0})
    (near,) = nearness(run_rule("when: {score: {at least: 80}}", bureau))
    assert (near.known, near.inside, near.outside) == (1, ("p",), ())


def test_a_report_keeps_the_comparison_in_words_and_the_names(small):
    small.result(3, 2025, "基本称职", 79.2)
    small.result(7, 2025, "称职", 80.5)
    report = previews.make(small.draft, small.cycles[2025], as_of=DAY, actor=small.loader)
    (row,) = report.content["sensitivity"]
    assert (row["rule"], row["unit"], row["low"], row["high"], row["known"]) == ("C", "points", 80, 80, 8)
    assert row["inside_keys"] == [small.people[3].pk]  # 79.2 is below 80, and with one point more not
    assert row["outside_keys"] == [small.people[7].pk]
    assert "80" in row["zh"]
    assert "80" in row["en"]


def test_a_rule_whose_figures_were_not_read_is_named(monkeypatch):
    def not_read(result, rules):
        raise NotPlanned

    result = run_rule("when: {score: {at least: 80}}", Bureau({"p": "A"}, scores={("p", "2025"): 80.0}))
    assert len(sensitivity.of_run(result)[0]) == 1
    monkeypatch.setattr(sensitivity, "nearness", not_read)
    assert sensitivity.of_run(result) == ([], list(result.plan.rules))


def test_the_names_near_a_threshold_are_for_those_who_may_see_them(small, as_account, hr, stranger):
    small.result(3, 2025, "基本称职", 79.2)
    report = previews.make(small.draft, small.cycles[2025], as_of=DAY, actor=small.loader)
    page = reverse("linkage:report_near", args=[report.pk, 0, "inside"])
    found = as_account(hr).get(page)
    assert list(found.context["page"].rows) == [small.people[3]]
    assert "门槛附近的人" in as_account(hr).get(reverse("linkage:report", args=[report.pk])).text
    assert as_account(stranger).get(page).status_code == 404
    for wrong in ([report.pk, 1, "inside"], [report.pk, 0, "beside"]):
        assert as_account(hr).get(reverse("linkage:report_near", args=wrong)).status_code == 404
