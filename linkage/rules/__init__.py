"""The rule language: a policy as text is parsed, checked, said in words, and put to the frames of a bureau."""

from .calendar import Calendar, Cycle
from .check import Finding, check
from .describe import describe, describe_quota
from .folder import read_folder
from .model import Policy, Quota, Rule
from .needs import Needs
from .parse import parse
from .plan import Plan, make_plan
from .refusals import PolicyError
from .run import RunResult, decide, run
from .world import Ground, World

__all__ = [
    "Calendar",
    "Cycle",
    "Finding",
    "Ground",
    "Needs",
    "Plan",
    "Policy",
    "PolicyError",
    "Quota",
    "Rule",
    "RunResult",
    "World",
    "check",
    "decide",
    "describe",
    "describe_quota",
    "make_plan",
    "parse",
    "read_folder",
    "run",
]
