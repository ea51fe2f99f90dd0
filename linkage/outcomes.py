"""Whether what a rule decides can be carried further: which outcome words the installed kinds know."""

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from linkage.models.decisions import RESTRICTION
from workflows import kinds
from workflows.kinds import DecisionView, Kind


def refused(outcome: str) -> str:
    """Why no case could be opened for an outcome; empty where one could, or none is meant to be."""
    name, _sign, word = outcome.partition(":")
    if name == RESTRICTION:
        return ""
    kind = kinds.find(name)
    if kind is None or kind.from_decision is None:
        known = "、".join(sorted([*(k.name for k in kinds.registered() if k.from_decision), RESTRICTION]))
        return _("没有事项类别“%(name)s”；可用：%(known)s") % {"name": name, "known": known}
    return _refused_word(kind, word)


def _refused_word(kind: Kind, word: str) -> str:
    words = _("事项类别“%(kind)s”不认识结果“%(word)s”") % {"kind": kind.name, "word": word}
    assert kind.from_decision is not None  # noqa: S101 - asked before
    try:
        _title, fields = kind.from_decision(DecisionView(rule="", cycle="", outcome=word))
    except ValueError:
        return words
    for name, value in fields.items():
        if value and not _may_be(kind, name, value):
            return words
    return ""


def _may_be(kind: Kind, name: str, value: object) -> bool:
    try:
        choices = getattr(kind.model._meta.get_field(name), "choices", None)
    except FieldDoesNotExist:
        return True
    return not choices or value in {key for key, _label in choices}
