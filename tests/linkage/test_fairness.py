"""Selection ratios: the interval against published values, the line by hand, and what a report keeps of it."""

import pytest
from django.urls import reverse

from linkage import fairness, previews
from tests.linkage.small import DAY, small

__all__ = ["small"]

# Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3 (the score method of Wilson).
PUBLISHED = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]


@pytest.mark.parametrize(("selected", "size", "low", "high"), PUBLISHED)
def test_the_interval_is_the_published_one(selected, size, low, high):
    assert fairness.wilson(selected, size) == pytest.approx((low, high), abs=0.00005)


def test_a_share_of_all_ends_at_one():
    low, high = fairness.wilson(20, 20)
    assert (round(low, 4), high) == (0.8389, 1.0)


def verdicts(counts, *, harm=False):
    return {group.name: (group.verdict, group.ratio) for group in fairness.judged(counts, harm=harm)}


def test_four_fifths_is_the_line_and_lies_on_the_good_side():
    # 29 CFR 1607.4(D) and the questions and answers to it: 60 of 100 against 48 of 100 is exactly four fifths.
    assert verdicts({"a": (100, 60), "b": (100, 48)}) == {"a": ("best", 1.0), "b": ("fine", 0.8)}


def test_below_the_line_it_is_told_whether_it_may_be_chance():
    assert verdicts({"a": (100, 60), "b": (100, 47)})["b"] == ("perhaps", 0.783)
    assert verdicts({"a": (1000, 600), "b": (1000, 470)})["b"] == ("below", 0.783)


def test_where_selection_does_harm_the_lowest_rate_is_the_best_off():
    assert verdicts({"a": (1000, 60), "b": (1000, 20)}, harm=True) == {"a": ("below", 0.333), "b": ("best", 1.0)}
    assert verdicts({"a": (20, 1), "b": (20, 0)}, harm=True)["a"] == ("perhaps", 0.0)


def test_a_group_of_fewer_than_ten_is_shown_and_not_judged():
    found = verdicts({"a": (100, 60), "b": (9, 0), "c": (10, 0)})
    assert found["b"] == ("small", None)
    assert found["c"][0] == "below"


def test_nobody_is_compared_with_nobody():
    assert verdicts({"a": (100, 0), "b": (100, 0)}) == {"a": ("fine", None), "b": ("fine", None)}
    assert verdicts({"a": (100, 50), "b": (9, 1)}) == {"a": ("fine", None), "b": ("small", None)}


@pytest.fixture
def found(small):
    report = previews.make(small.draft, small.cycles[2025], as_of=DAY, actor=small.loader)
    return {(part["of"], part["name"]): part for part in report.content["fairness"]}


def test_a_report_counts_each_rule_and_each_kind_of_outcome(found):
    # Two seats, both of men; two below 80 points, both women.
    assert {key: (part["size"], part["selected"], part["harm"]) for key, part in found.items()} == {
        ("rule", "A"): (8, 2, False),
        ("rule", "C"): (8, 2, True),
        ("kind", "reward"): (8, 2, False),
        ("kind", "training"): (8, 2, True),
    }
    groups = {
        dimension["by"]: {group["name"]: (group["size"], group["selected"]) for group in dimension["groups"]}
        for dimension in found["rule", "A"]["dimensions"]
    }
    assert groups == {
        "sex": {"男": (3, 2), "女": (5, 0)},
        "age": {"30–39": (8, 2)},  # all were born in 1990
        "post_type": {"社区民警": (8, 2)},
        "unit_kind": {"派出所": (6, 2), "分局": (2, 0)},
        "rank": {"": (8, 2)},
    }


def test_what_lies_below_the_line_comes_first(found):
    assert fairness.warnings(list(found.values())) == []  # groups of three and five are not judged
    dimension = {"by": "sex", "groups": [vars(group) for group in fairness.judged(MANY, harm=False)]}
    part = {"of": "rule", "name": "A", "harm": False, "dimensions": [dimension]}
    told = fairness.warnings([part])
    assert [(row["group"]["name"], row["group"]["verdict"]) for row in told] == [("c", "below"), ("b", "perhaps")]


MANY = {"a": (1000, 600), "b": (20, 9), "c": (1000, 300)}


def test_the_one_who_signs_reads_the_warnings_beside_the_policy(small, as_account, hr):
    page = reverse("linkage:policy", args=[small.draft.pk])
    assert "还没有预览" in as_account(hr).get(page).text
    report = previews.make(small.draft, small.cycles[2025], as_of=DAY, actor=small.loader)
    dimension = {"by": "sex", "groups": [vars(group) for group in fairness.judged(MANY, harm=False)]}
    part = {"of": "rule", "name": "A", "harm": False, "size": 2020, "selected": 909, "dimensions": [dimension]}
    report.content["fairness"] = [part]
    report.save()
    said = as_account(hr).get(page).text
    assert "1 处请留意" in said
    assert "另有 1 处低于五分之四" in said
    assert "比值 0.50" in said
    assert "置信区间" in as_account(hr).get(reverse("linkage:report", args=[report.pk])).text
