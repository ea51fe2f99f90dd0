"""Rules and decisions in the reader's words: `{% load linkage_tags %}`."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from linkage.explaining import Answer, Explained
from linkage.models import DecisionStatus, outcome_title
from linkage.pages import language
from linkage.rules import Nearest
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
def rule_sentence(one: Explained) -> str:
    """The whole rule, said from the tree that decided."""
    return str(one.sentence[language()])


@register.filter
def missing_parts(one: Explained) -> list[Answer]:
    return one.missing(language())


@register.filter
def blocks(one: Explained) -> list[Answer]:
    return one.blocks(language())


@register.filter
def answered(one: Explained) -> list[Answer]:
    return list(one.answers[language()])


@register.filter
def in_nearest(found: Nearest) -> str:
    return str(getattr(found, language()))


LATE_TONES = {"open": "info", "release": "ok", "refill": "ok", "hold": "hold", "resume": "ok", "withdraw": "mute"}


@register.filter
def late_tone(what: str) -> str:
    return LATE_TONES.get(str(what), "warn")


@register.filter
def cause_words(row: Mapping[str, str]) -> str:
    """What changed, in the reader's language."""
    return row[language()]


@register.filter
def decision_status(status: str) -> str:
    return str(DecisionStatus(status).label)


@register.filter
def part_title(part: str) -> str:
    """What a part of a policy is called where two versions are compared."""
    return {
        "title": _("名称"),
        "grades": _("等次表"),
        "peers": _("比较组"),
        "param": _("参数"),
        "test": _("通用条件"),
        "gate": _("核查项"),
        "rule": _("规则"),
        "quota": _("比例"),
    }.get(part, part)
