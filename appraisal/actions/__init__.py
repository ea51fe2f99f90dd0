"""The only ways cycles, results, facts and objections come about or change. Each names its actor."""

from appraisal.actions.cycles import link_cycle, open_cycle, take_cycle_step
from appraisal.actions.facts import receive_fact, record_fact
from appraisal.actions.objections import file_objection
from appraisal.actions.results import correct_result

__all__ = [
    "correct_result",
    "file_objection",
    "link_cycle",
    "open_cycle",
    "receive_fact",
    "record_fact",
    "take_cycle_step",
]
