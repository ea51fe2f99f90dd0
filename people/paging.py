"""A page of rows that are read newest first, beginning where the last one ended."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

M = TypeVar("M", bound=Model)
SIZE = 50


@dataclass(frozen=True, kw_only=True)
class Page(Generic[M]):
    """What the pager needs: `previous` and `next` are the keys after `?before=` and `?after=`; empty: no such page."""

    rows: list[M]
    previous: str
    next: str


def newest_first(rows: QuerySet[M], asked: QueryDict, *, size: int = SIZE) -> Page[M]:
    """`?after=` goes on to older rows, `?before=` back to newer ones; a key somebody made up begins at the newest."""
    older, newer = _key(asked, "after"), _key(asked, "before")
    if newer:
        found = list(rows.filter(pk__gt=newer).order_by("pk")[: size + 1])
        more_new, more_old = len(found) > size, True
        found = found[:size][::-1]
    else:
        found = list((rows.filter(pk__lt=older) if older else rows).order_by("-pk")[: size + 1])
        more_new, more_old = bool(older), len(found) > size
        found = found[:size]
    if not found:
        return Page(rows=[], previous="", next="")
    return Page(rows=found, previous=str(found[0].pk) if more_new else "", next=str(found[-1].pk) if more_old else "")


def _key(asked: QueryDict, name: str) -> int:
    text = asked.get(name) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
