"""The rule language: a policy as text is parsed, checked, said in words, and put to the frames of a bureau."""

from .branches import with_local
from .calendar import Calendar, Cycle
from .check import Finding, check
from .completing import Completion, completions
from .describe import describe, describe_quota
from .evidence import evidence, looked_at
from .folder import read_folder
from .gap_words import default_gaps
from .margins import Margin, margins, margins_of
from .model import Basis, Policy, Quota, Rule
from .nearest import Nearest, nearest
from .needs import Needs
from .parse import parse
from .parted import decide, run
from .plan import Plan, make_plan
from .reasons import reasons
from .refusals import PolicyError
from .run import RunResult
from .schema import schema
from .why import WhyNode, why
from .world import Ground, World

__all__ = [
    "Basis",
    "Calendar",
    "Completion",
    "Cycle",
    "Finding",
    "Ground",
    "Margin",
    "Nearest",
    "Needs",
    "Plan",
    "Policy",
    "PolicyError",
    "Quota",
    "Rule",
    "RunResult",
    "WhyNode",
    "World",
    "check",
    "completions",
    "decide",
    "default_gaps",
    "describe",
    "describe_quota",
    "evidence",
    "looked_at",
    "make_plan",
    "margins",
    "margins_of",
    "nearest",
    "parse",
    "read_folder",
    "reasons",
    "run",
    "schema",
    "why",
    "with_local",
]
