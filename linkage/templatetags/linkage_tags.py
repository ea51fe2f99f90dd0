"""Rules and decisions in the reader's words: `{% load linkage_tags %}`."""

from typing import Any

from django import template

from linkage.models import DecisionStatus, outcome_title
from linkage.pages import language
from linkage.wording import cited

register = template.Library()


@register.filter
def rule_title(rule: Any) -> str:
    """The title of a rule or quota in the reader's language."""
    return str(getattr(rule.title, language()))


@register.filter
def rule_kind(rule: Any) -> str:
    return str(rule.outcome).partition(":")[0]


@register.filter
def rule_outcome(rule: Any) -> str:
    """What the outcome is called by its kind: 能力提升计划 for `training:plan`."""
    return outcome_title(rule.outcome)


@register.filter
def basis(rule: Any) -> str:
    """The legal basis of a rule or quota, cited."""
    return cited(rule.basis)


@register.filter
def decision_status(status: str) -> str:
    return str(DecisionStatus(status).label)
