"""The linkage's tables: policies, the runs that put them to a cycle, and the decisions that came of it."""

from linkage.models.decisions import HARMFUL, Decision, DecisionQuerySet, DecisionRecord, DecisionStatus, outcome_title
from linkage.models.policies import ROOT_DEPTH, Policy, PolicyRecord, PolicyState, may_rule
from linkage.models.runs import Run

__all__ = [
    "HARMFUL",
    "ROOT_DEPTH",
    "Decision",
    "DecisionQuerySet",
    "DecisionRecord",
    "DecisionStatus",
    "Policy",
    "PolicyRecord",
    "PolicyState",
    "Run",
    "may_rule",
    "outcome_title",
]
