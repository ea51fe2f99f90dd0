"""A bureau of eight whose figures can be reckoned by hand: a station of six, and a branch office of two."""

from datetime import date

import pytest

from appraisal.models import Cycle, Fact, Result
from linkage import lifecycle
from people.accounts import machine
from people.models import Posting

DAY = date(2026, 1, 31)
HEAD = """
policy: trial
title: {{zh: 试行政策, en: Trial policy}}
version: "{version}"
grades: {{annual: [优秀, 称职, 基本称职, 不称职]}}
peers: {{officers: {{for: officer, same: post_type}}}}
rules:
"""
RULE = """
  {id}:
    title: {{zh: 规则{id}, en: Rule {id}}}
    for: officer
    cycle: annual
    when: {when}
    outcome: {outcome}
    basis: {{doc: 试行办法, article: "1"}}
"""
SEATS = "    seats: {per: unit, share: 1/3, out of: graded, order: [{highest: score}]}\n"
BLOCKED = "    gate: [{blocked: {fact: {kind: sanction, active: now}}}]\n"
DOSE = "    dose: {unit: 天, by: {fact: {kind: leave}}, first: 5, step: 2, cap: 9}\n"
# In force: excellent ones are commended, those with a sanction not; barely competent ones get a plan.
LIVE = (
    HEAD.format(version="1")
    + RULE.format(id="A", when="{grade: 优秀}", outcome="reward:嘉奖")
    + BLOCKED
    + RULE.format(id="B", when="{grade: 基本称职}", outcome="training:plan")
)
# Proposed: competent ones too, but only a third of each unit; and a class for all below, by 80 points.
DRAFT = (
    HEAD.format(version="2")
    + RULE.format(id="A", when="{grade: {at least: 称职}}", outcome="reward:嘉奖")
    + BLOCKED
    + SEATS
    + RULE.format(id="C", when="{score: {below: 80}}", outcome="training:class")
    + DOSE
)
# sex, grade and score in 2025; grade and score in 2024
PEOPLE = [
    ("男", "优秀", 95, "称职", 85),
    ("男", "优秀", 92, "优秀", 90),
    ("女", "称职", 85, "称职", 84),
    ("女", "基本称职", 70, "称职", 82),
    ("男", "优秀", 93, "优秀", 91),  # under a sanction
    ("女", "不称职", 50, "基本称职", 72),
    ("女", "优秀", 96, "称职", 80),  # of the branch office, as the next
    ("女", "称职", 88, "优秀", 89),
]


class Small:
    """The eight of them, the cycles 2024 and 2025, the version in force and the one proposed."""

    def __init__(self, units, people, cycles, live, draft, loader):
        self.station, self.branch = units
        self.people, self.cycles = people, cycles
        self.live, self.draft, self.loader = live, draft, loader

    def result(self, number, year, grade, score, *, recorded_on=None):
        return Result.objects.create(
            cycle=self.cycles[year],
            officer=self.people[number],
            status="graded",
            grade=grade,
            score=score,
            recorded_on=recorded_on or date(year + 1, 1, 10),
            recorded_by=self.loader,
        )


@pytest.fixture
def small(db, station, branch, make_officer):
    loader = machine("loader")
    people = []
    for place, (sex, *_graded) in enumerate(PEOPLE):
        unit = branch if place >= 6 else station
        people.append(make_officer(unit, sex=sex))
        Posting.objects.create(officer=people[-1], unit=unit, post_type="社区民警", from_day=date(2015, 1, 1))
    cycles = {
        year: Cycle.objects.create(
            code=str(year), kind="annual", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), state="final"
        )
        for year in (2024, 2025)
    }
    live = lifecycle.enact(lifecycle.draft(LIVE, from_day=date(2020, 1, 1)), actor=loader)
    draft = lifecycle.draft(DRAFT, from_day=date(2026, 1, 1))
    made = Small((station, branch), people, cycles, live, draft, loader)
    for place, (_sex, grade, score, before, earlier) in enumerate(PEOPLE):
        made.result(place, 2024, before, earlier)
        made.result(place, 2025, grade, score)
    known = {"recorded_on": date(2025, 6, 1), "recorded_by": loader}
    Fact.objects.create(officer=people[4], kind="sanction", level="警告", from_day=date(2025, 5, 1), **known)
    for day in (1, 2):
        Fact.objects.create(
            officer=people[5],
            kind="leave",
            level="病假",
            from_day=date(2025, 3, day),
            to_day=date(2025, 3, day),
            **known,
        )
    return made
