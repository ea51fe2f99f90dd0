"""Why, and why not: for HR by badge, on a case, on the officer's own page and over the API; never about others."""

from datetime import date
from http import HTTPStatus

import pytest
from django.urls import reverse

from linkage import bounded, evaluation, explaining, opening, register, rules
from linkage.models import Decision, DecisionStatus
from people.models import Officer, Unit

WHY = "/linkage/2025/why/"


@pytest.fixture
def run(cycle, loader):
    return evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader)


@pytest.fixture
def browser(as_account, hr_of_haizhou):
    return as_account(hr_of_haizhou)


@pytest.fixture
def of_officer(as_account, make_account):
    """The browser of an officer himself."""

    def sign_in(badge):
        account = make_account(f"own_{badge}")
        account.officer = Officer.objects.get(badge=badge)
        account.save()
        return as_account(account)

    return sign_in


@pytest.mark.parametrize("code", ["2025", "2025Q4", "2025-12"])
def test_asked_about_one_the_answers_are_those_of_the_whole_run(haizhou, db, cycle, code):
    """Only his rows are read and those he is ranked among; seats apart, every rule says of him what it said of all."""
    year, day = cycle(code), date(2026, 1, 20)
    tree = register.tree_in_force(year.ends_on)
    whole = evaluation._decided(year, tree, day)
    for officer in Officer.objects.order_by("badge")[::60]:
        alone = bounded.decided(year, tree, day, officer)
        for rule in explaining.askable(tree, year, officer):
            theirs = rules.why(whole, rule.id, officer.pk)
            mine = rules.why(alone, rule.id, officer.pk)
            seatless = tuple(node for node in theirs.children if "名额" not in node.text)
            assert mine.children == seatless, (officer.badge, rule.id)
            assert mine.answer == theirs.answer


def test_of_two_hundred_rules_nobody_else_s_rows_are_read_where_none_is_ranked(haizhou, db, cycle):
    year = cycle("2025")
    tree = register.tree_in_force(year.ends_on)
    officer = Officer.objects.get(badge="2200001")
    plan = rules.make_plan(_without_ranks(tree), explaining.bounded.frames.ground(), "2025", date(2026, 1, 20))
    assert bounded.around(plan, officer.pk) == [officer.pk]


def _without_ranks(tree):
    kept = {name: rule for name, rule in bounded._alone(tree).rules.items() if name not in ("P14", "P03")}
    return bounded.replace(tree, rules=kept, quotas={})


def test_hr_sees_sentence_evidence_what_is_missing_and_what_would_turn_it(run, browser):
    officer = Officer.objects.get(badge="2200201")  # 优秀 in 2023 and 2025, 称职 in 2024
    explained = browser.get(WHY, {"badge": officer.badge, "rule": "P02"}).context["explained"]
    (one,) = explained.found
    assert one.decision is None
    assert [answer.figures for answer in one.missing("zh")] == ["2/3：2023（优秀）、2024（称职）、2025（优秀）"]
    assert one.nearest.zh == "如再有1个年度等次为优秀（2024年度现为称职），即认定"
    assert one.nearest.en == "If in 1 more cycle the grade is 优秀 (now 2024 称职), it would be decided"
    assert {row["recorded_on"] for row in one.evidence} >= {"2026-01-12"} or one.evidence
    assert "公务员考核规定" in one.basis


def test_without_a_rule_all_that_fall_on_him_are_answered(run, browser):
    explained = browser.get(WHY, {"badge": "2200201"}).context["explained"]
    kept = set(run.decisions.filter(officer__badge="2200201").values_list("rule", flat=True))
    assert {one.rule.id for one in explained.fired} == kept
    assert {one.rule.id for one in explained.not_fired} >= {"P02", "P04", "P05", "P06"}


def test_a_unit_is_answered_too(run, browser):
    explained = browser.get(WHY, {"badge": "F03P02"}).context["explained"]
    assert "P13" in {one.rule.id for one in explained.fired}
    assert isinstance(explained.subject, Unit)


def test_what_is_in_the_way_is_said_with_its_end(run, browser):
    blocked = run.decisions.filter(status=DecisionStatus.BLOCKED, rule="P01").first()
    page = browser.get(WHY, {"badge": blocked.officer.badge, "rule": "P01"})
    (block,) = page.context["explained"].found[0].blocks("zh")
    assert "影响期至" in block.figures
    assert block.figures in page.text
    held = run.decisions.filter(status=DecisionStatus.HELD, rule="P01").first()
    (one,) = browser.get(WHY, {"badge": held.officer.badge, "rule": "P01"}).context["explained"].found
    assert [block.figures for block in one.blocks("zh")] == ["立案调查未结束"]
    assert [block.figures for block in one.blocks("en")] == ["investigation not ended"]


def test_a_saved_run_is_answered_as_known_on_its_day_by_its_policy(cycle, loader, run, browser):
    later = evaluation.evaluate(cycle("2025"), as_of=date(2026, 3, 31), actor=loader)
    changed = later.decisions.filter(rule="P04").exclude(officer__in=run.decisions.filter(rule="P04").values("officer"))
    badge = changed.first().officer.badge
    then = browser.get(WHY, {"badge": badge, "rule": "P04", "run": run.pk})
    now = browser.get(WHY, {"badge": badge, "rule": "P04"})
    assert then.context["explained"].fired == []
    assert now.context["explained"].fired
    assert "按 <b>2026-01-20</b> 所知" in then.text
    assert run.policy.version in then.text


def test_nobody_else_is_named_on_the_officer_s_own_page(run, of_officer):
    own = Officer.objects.get(badge="2200051")
    text = of_officer(own.badge).get("/my/why-not/2025/").text
    for other in Officer.objects.exclude(pk=own.pk)[:300]:
        assert other.badge not in text
    assert "什么会改变它" in text


def test_an_officer_reads_his_own_answers_in_english(run, of_officer):
    client = of_officer("2200051")
    client.post("/language/", {"language": "en", "next": "/"})
    text = client.get("/my/why-not/2025/").text
    assert "it would be decided" in text
    assert "In each of" in text or "in each of" in text


def test_a_stranger_and_an_officer_find_no_page_about_others(run, as_account, make_account, of_officer):
    for client in (as_account(make_account("stranger")), of_officer("2200051")):
        assert client.get(WHY, {"badge": "2200001"}).status_code == HTTPStatus.NOT_FOUND
        assert client.get("/api/why/", {"cycle": "2025", "subject": "2200001"}).status_code == HTTPStatus.NOT_FOUND


def test_hr_of_a_branch_is_answered_about_its_own_people_only(run, as_account, hr_of_branch):
    client = as_account(hr_of_branch)
    own = Officer.objects.filter(unit__path__startswith="/B00/F01/").first()
    other = Officer.objects.exclude(unit__path__startswith="/B00/F01/").first()
    assert client.get(WHY, {"badge": own.badge}).status_code == HTTPStatus.OK
    assert client.get(WHY, {"badge": other.badge}).status_code == HTTPStatus.NOT_FOUND


def test_a_case_says_what_it_rests_on_to_all_who_may_see_it(cycle, loader, run, of_officer, as_account, make_account):
    opening.open_run(run, actor=loader)
    decision = Decision.objects.filter(rule="P04", case__isnull=False).select_related("officer").first()
    page = reverse("linkage:why_of_case", args=[decision.case_id])
    own = of_officer(decision.officer.badge).get(page)
    assert [one.rule.id for part in own.context["explained"] for one in part.found] == ["P04"]
    assert as_account(make_account("stranger")).get(page).status_code == HTTPStatus.NOT_FOUND


def test_the_api_answers_in_both_languages(run, browser):
    answer = browser.get("/api/why/", {"cycle": "2025", "subject": "2200201", "rule": "P02"}).json()
    (one,) = answer["rules"]
    assert answer["as_of"] == "2026-01-20"
    assert answer["policy"] == f"reference {run.policy.version}"
    assert one["decided"] is None
    assert one["missing"]["zh"][0]["figures"].startswith("2/3")
    assert one["missing"]["en"][0]["figures"].startswith("2/3: 2023")
    assert one["nearest"]["decides"] is True
    assert one["evidence"][0]["recorded_on"]


def test_the_api_answers_an_officer_about_himself(run, of_officer):
    client = of_officer("2200201")
    answer = client.get("/api/why/", {"cycle": "2025", "subject": "2200201"})
    assert answer.status_code == HTTPStatus.OK
    assert client.get("/api/why/", {"cycle": "2031", "subject": "2200201"}).status_code == HTTPStatus.NOT_FOUND
