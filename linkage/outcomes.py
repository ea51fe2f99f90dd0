"""Whether what a rule decides can be carried further: which outcome words the installed kinds know."""

from difflib import get_close_matches
from functools import cache

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from linkage import library
from linkage.models.decisions import RESTRICTION
from linkage.rules.phrases import OUTCOMES
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


def nearest(outcome: str) -> str:
    """The outcome that is likely meant by one without a valid kind; empty where it has one, or none comes near."""
    name, _sign, word = outcome.replace("：", ":").rpartition(":")
    if not refused(outcome) or kinds.find(outcome.partition(":")[0]):
        return ""
    names = {spelled: known for known, said in OUTCOMES.items() for spelled in (known, *said)}
    if close := get_close_matches(name, names, 1, 0.6):
        meant = f"{names[close[0]]}:{word}"
        return "" if refused(meant) else meant
    words = {known.partition(":")[2]: known for known in _usual()}
    close = get_close_matches(word, words, 1, 0.5)
    return words[close[0]] if close else ""


@cache
def _usual() -> tuple[str, ...]:
    """The outcomes of the policies that come with the product."""
    ruled = [rule for policy in library.shipped().values() for rule in policy.rules.values()]
    return tuple(sorted({outcome for rule in ruled for outcome in rule.outcomes}))


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
