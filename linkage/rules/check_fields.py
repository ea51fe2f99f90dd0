"""Fields of the directory that a policy names and the bureau does not have; found without a calendar or data."""

from collections.abc import Iterator, Mapping

import polars as pl

from . import model as m
from .conditions import POSTING
from .find import parts
from .refusals import Place, PolicyError
from .world import OFFICER, UNIT

Fields = Mapping[str, Mapping[str, pl.DataType]]  # officer|unit -> field -> type
Asked = tuple[object, str]  # a tree and whose directory it looks into
LOOKED_UP = ("post_type", "unit", "branch")
ORDER_OF_UNITS = (
    "单位名册没有字段“{word}”；“排序”看的是单位，不是落到的人",
    "a unit has no field '{word}'; 'order' looks at the unit, not at the person reached",
)


def unknown_fields(policy: m.Policy, fields: Fields) -> Iterator[tuple[str, Place, str, str]]:
    """(rule, place, in Chinese, in English) of each name that a run would stop at."""
    both: list[m.Rule | m.Quota] = [*policy.rules.values(), *policy.quotas.values()]
    for of in both:
        asked = _of_rule(of) if isinstance(of, m.Rule) else _of_quota(of)
        seen: set[Place] = set()
        for tree, who in asked:
            for error in _wrong(tree, who, fields):
                place = Place(error.line, error.column)
                if place not in seen:
                    seen.add(place)
                    yield of.id, place, *_said(of, tree, error)


def _said(of: m.Rule | m.Quota, tree: object, error: PolicyError) -> tuple[str, str]:
    if error.code == "no_field" and isinstance(tree, m.Key) and isinstance(of, m.Rule) and of.subject == UNIT:
        zh, en = ORDER_OF_UNITS
        return zh.format(word=error.word), en.format(word=error.word)
    return error.zh, error.en


def _of_rule(rule: m.Rule) -> Iterator[Asked]:
    yield (rule.when, rule.ladder, rule.dose), rule.subject
    for gate in rule.gates:
        yield gate, rule.reached
    if rule.seats is None:
        return
    for part in (*rule.seats.order, *rule.seats.floors):
        yield part, rule.subject
    for band in (*rule.seats.bands, rule.seats.band):
        yield band.number, UNIT
        yield (band.taken, band.when), rule.subject


def _of_quota(quota: m.Quota) -> Iterator[Asked]:
    yield quota.test, OFFICER
    yield quota.lifted, UNIT


def _wrong(tree: object, who: str, fields: Fields) -> Iterator[PolicyError]:
    if isinstance(tree, m.Above):
        who = UNIT
    elif isinstance(tree, m.Key) and isinstance(tree.number, m.Field):
        yield from _known(tree.number.name, tree.number.at, fields[who])  # one may order by a day or a word
        return
    elif error := _of_leaf(tree, who, fields[who]):
        yield error
    for part in parts(tree):
        yield from _wrong(part, who, fields)


def _of_leaf(tree: object, who: str, known: Mapping[str, pl.DataType]) -> PolicyError | None:
    if isinstance(tree, m.Years):
        return _day(tree.since, tree.at, known)
    if isinstance(tree, m.Fact) and tree.when == "year of":
        return _day(str(tree.arg), tree.at, known)
    if isinstance(tree, m.Field):
        return next(_known(tree.name, tree.at, known), None) or _figure(tree, known)
    if isinstance(tree, m.Profile | m.Post | m.Lookup):
        return next(_known(tree.name, tree.at, _columns(tree, who, known)), None)
    return None


def _columns(tree: m.Profile | m.Post | m.Lookup, who: str, known: Mapping[str, pl.DataType]) -> Mapping[str, object]:
    """The names one may ask for: of the directory, or of the posting."""
    if isinstance(tree, m.Lookup) and tree.what == "grade":
        return {tree.name: None}
    if isinstance(tree, m.Profile) or (isinstance(tree, m.Lookup) and tree.what == "profile"):
        return known
    of_posting = POSTING if isinstance(tree, m.Post) else LOOKED_UP
    if who != UNIT:
        return dict.fromkeys(of_posting)
    return {**known, **dict.fromkeys(("unit", "branch"))}


def _known(name: str, at: Place, known: Mapping[str, object]) -> Iterator[PolicyError]:
    if name not in known:
        yield PolicyError("no_field", at, word=name, valid=[field for field in known if field != "subject"])


def _day(name: str, at: Place, known: Mapping[str, pl.DataType]) -> PolicyError | None:
    if name not in known:
        return next(_known(name, at, known))
    return None if known[name] == pl.Date else PolicyError("not_date", at, word=name)


def _figure(tree: m.Field, known: Mapping[str, pl.DataType]) -> PolicyError | None:
    return None if known[tree.name].is_numeric() else PolicyError("not_figure", tree.at, word=tree.name)
