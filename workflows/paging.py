"""Pages that begin where the last one ended (keyset paging): the thousandth costs what the first does."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, F, Field, Func, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

T = TypeVar("T")
SIZE = 50


class Row(Func):
    """Compared as one: `a > x OR (a = x AND b > y)` would read every row that ties on a."""

    function = "ROW"
    output_field = BooleanField()


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    rows: Sequence[T]
    previous: str = ""  # cursors; empty: there is no such page
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """From where a page goes on, and in which direction. A cursor somebody made up leads to the first page."""

    after: str = ""
    before: str = ""

    @property
    def backwards(self) -> bool:
        return bool(self.before) and not self.after

    @property
    def values(self) -> list[Any] | None:
        return decode(self.after or self.before)


def encode(values: Sequence[Any]) -> str:
    text = json.dumps([value.isoformat() if isinstance(value, datetime) else str(value) for value in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str) -> list[Any] | None:
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        return None
    return found if isinstance(found, list) else None


M = TypeVar("M", bound=Model)


def beyond(rows: QuerySet[M], keys: Sequence[str], values: Sequence[Any], *, descending: bool) -> QuerySet[M]:
    """The rows after a point in the order of the keys."""
    model = rows.model
    typed = [Value(v, output_field=column(model, key)) for key, v in zip(keys, clean(model, keys, values), strict=True)]
    compare = LessThan if descending else GreaterThan
    return rows.filter(compare(Row(*map(F, keys)), Row(*typed)))


def clean(model: type[Model], keys: Sequence[str], values: Sequence[Any]) -> list[Any]:
    return [column(model, key).to_python(value) for key, value in zip(keys, values, strict=True)]


def column(model: type[Model], key: str) -> Field[Any, Any]:
    found = model._meta.get_field(key)
    if not isinstance(found, Field):
        raise TypeError(f"{key} is not a column of {model.__name__}")
    return found


def page(
    rows: QuerySet[M], cursor: Cursor, *, keys: Sequence[str] = ("id",), descending: bool = True, size: int = SIZE
) -> Page[M]:
    """One page of a queryset in the order of its keys, the last of which is unique."""
    found, more = read(rows, cursor, keys=keys, descending=descending, size=size)
    return bounded(found, cursor, more=more, keys=keys)


def read(
    rows: QuerySet[M], cursor: Cursor, *, keys: Sequence[str], descending: bool, size: int
) -> tuple[list[M], bool]:
    """The rows of a page in reading order, and whether there are more in the direction of the cursor."""
    down = descending != cursor.backwards
    values = cursor.values
    if values is not None and valid(rows.model, keys, values):
        rows = beyond(rows, keys, values, descending=down)
    found = list(rows.order_by(*(f"-{key}" if down else key for key in keys))[: size + 1])
    more = len(found) > size
    found = found[:size]
    return (found[::-1] if cursor.backwards else found), more


def valid(model: type[Model], keys: Sequence[str], values: Sequence[Any]) -> bool:
    try:
        return None not in clean(model, keys, values)
    except Exception:  # noqa: BLE001 - each field type has its own words for a value that it does not take
        return False


def bounded(rows: Sequence[M], cursor: Cursor, *, more: bool, keys: Sequence[str]) -> Page[M]:
    if not rows:
        return Page(rows=rows)
    first, last = ([getattr(row, key) for key in keys] for row in (rows[0], rows[-1]))
    back = more if cursor.backwards else cursor.values is not None
    forth = True if cursor.backwards else more
    return Page(rows=rows, previous=encode(first) if back else "", next=encode(last) if forth else "")
