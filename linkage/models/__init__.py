"""The linkage's tables: policies, the runs that put them to a cycle, and the decisions that came of it."""

from linkage.models.decisions import HARMFUL, Decision, DecisionQuerySet, DecisionRecord, DecisionStatus, outcome_title
from linkage.models.late import LateChange, Settled, What
from linkage.models.local_values import LocalParameter
from linkage.models.policies import PUBLISHED, ROOT_DEPTH, UNPUBLISHED, Policy, PolicyRecord, PolicyState, may_rule
from linkage.models.reports import Move, PolicyReport, ReportKind, ReportRow
from linkage.models.runs import Run

__all__ = [
    "HARMFUL",
    "PUBLISHED",
    "ROOT_DEPTH",
    "UNPUBLISHED",
    "Decision",
    "DecisionQuerySet",
    "DecisionRecord",
    "DecisionStatus",
    "LateChange",
    "LocalParameter",
    "Move",
    "Policy",
    "PolicyRecord",
    "PolicyReport",
    "PolicyState",
    "ReportKind",
    "ReportRow",
    "Run",
    "Settled",
    "What",
    "may_rule",
    "outcome_title",
]
