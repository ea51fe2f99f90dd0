"""Cases between the database and the state machine: locked reads in, own fields out, whatever the kind."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from functools import cache
from itertools import repeat
from operator import itemgetter
from typing import Any, NoReturn, cast
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import Choices, Field, JSONField, Model
from django.db.models.base import ModelState
from psycopg.abc import Buffer
from psycopg.pq import Format
from psycopg.types.json import Jsonb, JsonbBinaryLoader

from workflows import statements
from workflows.models import Case

Column = Field[Any, Any]


AT_ONCE = 2_000  # rows that are held while a long answer is read


def array(values: Iterable[object]) -> str:
    """An array literal for keys and numbers. psycopg's own list dumper takes several times as long."""
    return "{" + ",".join(map(str, values)) + "}"


def text_array(values: Iterable[str]) -> str:
    """The same for any text."""
    texts = [*values]
    whole = "".join(texts)
    if '"' in whole or "\\" in whole:
        texts = [text.replace("\\", "\\\\").replace('"', '\\"') for text in texts]
    return '{"' + '","'.join(texts) + '"}' if texts else "{}"


@cache
def own_fields(model: type[Case]) -> Sequence[Column]:
    """The columns of a kind's own table; `case_ptr` is not one of them."""
    return [field for field in model._meta.local_concrete_fields if not field.primary_key]


@cache
def parent_fields(model: type[Case]) -> Sequence[Column]:
    own = own_fields(model)
    return [field for field in model._meta.concrete_fields if not field.primary_key and field not in own]


class EmptyFirst(JsonbBinaryLoader):
    """Most cases hold nothing yet in their lists, and parsing that took half the time of reading a case."""

    def load(self, data: Buffer) -> Any:
        return [] if data == b"\x01[]" else super().load(data)


@contextmanager
def binary_cursor() -> Iterator[CursorWrapper]:
    """Django's own cursor binds on the client and reads text, times in Python; this one lets psycopg read all in C."""
    connection.ensure_connection()
    raw = cast(Any, ServerBindingCursor)(connection.connection)
    raw.format = Format.BINARY
    raw.adapters.register_loader("jsonb", EmptyFirst)
    make = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with make(raw) as cursor:
        yield cursor


@contextmanager
def writer() -> Iterator[CursorWrapper]:
    """A cursor with the door open. It is shut again here, for the caller may hold a longer transaction."""
    with binary_cursor() as cursor:
        cursor.execute(statements.OPEN_DOOR)
        yield cursor
        cursor.execute(statements.SHUT_DOOR)


@contextmanager
def without_queries() -> Iterator[None]:
    """Guards, permissions and steps look at the case in memory: one query here would be one per case."""

    def refuse(*_: object) -> NoReturn:
        raise RuntimeError("a guard, a permission or a step may not query the database")

    with connection.execute_wrapper(refuse):
        yield


def lock(model: type[Case], ids: Sequence[UUID]) -> list[Case]:
    """Lock the parent rows in key order and read both halves. No model signals are sent."""
    names, statement = _lock_of(model)
    with binary_cursor() as cursor:
        cursor.execute(statement, [array(case.hex for case in ids)])
        alias = connection.alias
        return [_revive(model, names, row, alias) for row in cursor.fetchall()]


@cache
def _lock_of(model: type[Case]) -> tuple[Sequence[str], str]:
    fields = [field for field in model._meta.concrete_fields if field is not model._meta.pk]  # the key is read once
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(field.model._meta.db_table)}.{quote(str(field.column))}" for field in fields)
    child, parent = quote(model._meta.db_table), quote(Case._meta.db_table)
    statement = (
        f"SELECT {columns} FROM {parent} JOIN {child} ON case_ptr_id = id"  # noqa: S608 - names of our own tables
        f" WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE OF {parent}"
    )
    return [field.attname for field in fields], statement


def _revive(model: type[Case], names: Sequence[str], row: tuple[Any, ...], alias: str) -> Case:
    """`Model.from_db` without its work per field: twenty thousand of these are made for one call."""
    case = model.__new__(model)
    case.__dict__ = values = dict(zip(names, row, strict=True))
    values["case_ptr_id"] = values["id"]
    state = values["_state"] = ModelState()
    state.adding, state.db = False, alias
    return case


def newborn(model: type[Case], values: dict[str, Any], own: Mapping[str, Any]) -> Case:
    """A case that is about to be inserted, with all of `values` and, by their names, its own fields."""
    case = model.__new__(model)
    made, attnames = _made(model), _attnames(model)
    values["_state"] = ModelState()
    for field in made:
        values[field.attname] = field.get_default()
    for name, value in own.items():
        values[attnames[name]] = value
    case.__dict__ = values
    return case


@cache
def defaults(model: type[Case]) -> dict[str, Any]:
    """What own fields hold that nobody names, where it is the same for every case, as `create` would give it."""
    made = _made(model)
    return {field.attname: _plain(field.get_default()) for field in own_fields(model) if field not in made}


@cache
def _made(model: type[Case]) -> Sequence[Column]:
    """The own fields whose default is made anew for each case."""
    return [field for field in own_fields(model) if callable(field.default) and field.has_default()]


@cache
def _attnames(model: type[Case]) -> Mapping[str, str]:
    return {name: field.attname for field in own_fields(model) for name in (field.name, field.attname)}


def _plain(value: Any) -> Any:
    """The word itself of a choice, as it is when the case is read again."""
    return value.value if isinstance(value, Choices) else value


def snapshot(case: Case) -> dict[str, Any]:
    """What the case holds now. Lists and objects are copied, so that one changed in place is seen to differ."""
    values = case.__dict__.copy()
    for name in _mutable(type(case)):
        value = values[name]
        if value is not None:
            values[name] = deepcopy(value) if value else type(value)()
    return values


@cache
def _mutable(model: type[Case]) -> Sequence[str]:
    return [field.attname for field in own_fields(model) if isinstance(field, JSONField | ArrayField)]


def changed(case: Case, before: dict[str, Any]) -> set[str]:
    """The attributes that differ; the state, which the step itself moves, apart."""
    after, source = case.__dict__, before["state"]
    before["state"] = after["state"]  # for the comparison alone: a copy without it takes as long as all the rest
    alike = after == before
    before["state"] = source
    return set() if alike else {name for name, value in before.items() if after[name] != value} - {"state"}


def write(model: type[Case], cases: Sequence[Case], fields: Collection[Column]) -> None:
    """One UPDATE of a table, for the fields that were changed on any of the cases."""
    if not cases or not fields:
        return
    quote = connection.ops.quote_name
    key = quote(str(model._meta.pk.column))
    arrays = ", ".join(f"%s::{type_of(field)}[]" for field in fields)
    names = [quote(str(field.column)) for field in fields]
    held = [case.__dict__ for case in cases]
    columns = [[*map(prepare(field), map(itemgetter(field.attname), held))] for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} AS c SET {', '.join(f'{n} = m.{n}' for n in names)}"  # noqa: S608
            f" FROM unnest(%s::uuid[], {arrays}) AS m(id, {', '.join(names)}) WHERE c.{key} = m.id",
            [array(case.id for case in cases), *columns],
        )


# What the driver takes as it is, if the field is Django's own and the value of exactly this type.
PLAIN = {
    "CharField": str,
    "TextField": str,
    "FSMField": str,
    "IntegerField": int,
    "PositiveIntegerField": int,
    "PositiveSmallIntegerField": int,
    "BigAutoField": int,
    "BooleanField": bool,
    "DateField": date,
    "UUIDField": UUID,
}

# Most cases hold nothing yet in their lists: encoding it anew for each costs more than writing the row.
EMPTY: Mapping[type, Jsonb] = {list: Jsonb([], dumps=lambda _: b"[]"), dict: Jsonb({}, dumps=lambda _: b"{}")}


@cache
def prepare(field: Column) -> Callable[[Any], Any]:
    """Turns a value of a field into what the driver takes. Django's own way costs as much as all else of a case."""
    internal = getattr(field, "target_field", field).get_internal_type()
    as_it_is = {PLAIN[internal], type(None)} if internal in PLAIN else set()
    empty: Mapping[type, Jsonb] = EMPTY if internal == "JSONField" else {}

    def prepared(value: Any) -> Any:
        if type(value) in as_it_is:
            return value
        return empty[type(value)] if not value and type(value) in empty else field.get_db_prep_save(value, connection)

    return prepared


def type_of(field: Column) -> str:
    """The column's type without its length: `unnest` and COPY know only the bare one."""
    return str(field.db_type(connection)).partition("(")[0]


def insert_own(cursor: CursorWrapper, model: type[Case], cases: Sequence[Case]) -> None:
    fields = own_fields(model)
    names = ("case_ptr", *(field.name for field in fields))
    held = [case.__dict__ for case in cases]
    columns = [_column(field, held) for field in fields] if held else []
    copy(cursor, model, names, zip((values["id"].bytes for values in held), *columns, strict=False))


def _column(field: Column, held: Sequence[Mapping[str, Any]]) -> Iterable[Any]:
    """One field of all cases. Of new cases most hold the same: that is prepared once."""
    values = [*map(itemgetter(field.attname), held)]
    first, read = values[0], copied(field)
    comparable = not isinstance(field, JSONField) or first in ([], {}, None)  # [1] == [True], but as JSON they differ
    if comparable and values.count(first) == len(values):
        return repeat(read(first))
    return map(read, values)


@cache
def copied(field: Column) -> Callable[[Any], Any]:
    """Turns a value of a field into what `copy` takes."""
    prepared = prepare(field)

    def raw(value: Any) -> Any:
        value = prepared(value)
        if type(value) is UUID:
            return value.bytes
        return jsonb((value.dumps or json.dumps)(value.obj)) if type(value) is Jsonb else value

    return raw


def jsonb(text: str | bytes) -> bytes:
    """JSON text as `copy` takes it: the binary form of jsonb is a version number and the text."""
    return b"\x01" + (text.encode() if isinstance(text, str) else text)


def copy(cursor: CursorWrapper, model: type[Model], names: tuple[str, ...], records: Iterable[tuple[Any, ...]]) -> None:
    """Binary COPY: psycopg writes it in C, in a third of the time of text.

    Keys and JSON are brought as the bytes that go over the wire (`UUID.bytes`, `jsonb`): for these two psycopg has no
    dumper in C.
    """
    statement, types = _copy_of(model, names)
    # Django wraps the errors of what is executed, not those of COPY: a caller would have to know both.
    with connection.wrap_database_errors, cursor.copy(statement) as pipe:
        pipe.set_types(types)
        for record in records:
            pipe.write_row(record)


@cache
def _copy_of(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[str]]:
    fields = [cast(Column, model._meta.get_field(name)) for name in names]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    types = ["bytea" if type_of(field) in ("uuid", "jsonb") else type_of(field) for field in fields]
    return f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN (FORMAT BINARY)", types


def found(statement: str, values: Mapping[str, Any] | None = None) -> Iterator[tuple[Any, ...]]:
    """What a statement finds, some thousands at a time: a whole bureau's rows would not fit into memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while some := cursor.fetchmany(AT_ONCE):
            yield from some
