"""Whether two ways of writing cases wrote the same: every column but the keys, and chains that hold."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model

from training.models import TrainingCase
from workflows.models import CaseReason, OutboxMessage, TransitionRecord, WorkItem
from workflows.verification import broken_chains

OF_A_CASE: Sequence[type[Model]] = (TransitionRecord, WorkItem, OutboxMessage, CaseReason)
KEYS = {"id", "case_ptr_id", "case_id"}  # each side makes its own
HASHES = {"head", "hash"}  # they bind the case's key, so they differ: the chains are counted again instead


def alike(ways: Sequence[Callable[[], object]], *, before: Callable[[], object]) -> None:
    """Try each way on its own; a benchmark of two that write different things would measure nothing."""
    said = []
    for way in ways:
        before()
        way()
        assert not list(broken_chains()), "a chain does not hold"
        said.append(written())
    for table, expected in said[0].items():
        apart = [f"{row} {count}" for row, count in (expected - said[1][table]).items()]
        apart += [f"not expected: {row} {count}" for row, count in (said[1][table] - expected).items()]
        assert not apart, f"{table}: {len(apart)} rows differ, such as\n" + "\n".join(sorted(apart)[-4:])


def written() -> dict[str, Counter[str]]:
    found = {"cases": _rows(TrainingCase, "key")}
    return found | {model.__name__: _rows(model, "case__key") for model in OF_A_CASE}


def _rows(model: type[Model], case: str) -> Counter[str]:
    hidden = KEYS | HASHES | ({"key"} if case != "key" else set())
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in hidden]
    rows: Any = model._default_manager.values_list(case, *names)
    return Counter(map(str, rows))
