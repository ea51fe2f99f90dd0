"""The database as the rules see it: of each thing only the cycles, kinds and columns a plan says it needs.

Rows leave PostgreSQL by COPY and enter Polars as CSV: neither side makes a Python object per row.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from linkage.rules import Calendar, Ground, Needs, World

KEY = pl.Int64()
OFFICER_FIELDS: Mapping[str, pl.DataType] = {
    "subject": KEY,
    "badge": pl.String(),
    "name": pl.String(),
    "sex": pl.String(),
    "born_on": pl.Date(),
    "joined_on": pl.Date(),
    "post_type": pl.String(),
    "rank": pl.String(),
    "employment": pl.String(),
}
UNIT_FIELDS: Mapping[str, pl.DataType] = {
    "subject": KEY,
    "code": pl.String(),
    "branch": KEY,
    "name": pl.String(),
    "kind": pl.String(),
    "peer_group": pl.String(),
}
FIELDS: Mapping[str, Mapping[str, pl.DataType]] = {"officer": OFFICER_FIELDS, "unit": UNIT_FIELDS}
COLUMNS = {"subject": "id", "branch": "parent_id"}  # where the rules' word is not the column's
CYCLES = {"code": pl.String(), "kind": pl.String(), "starts_on": pl.Date(), "ends_on": pl.Date()}
SCHEMES = {"applies_to": pl.String(), "indicator": pl.String()}
POSTINGS = {
    "subject": KEY,
    "unit": KEY,
    "post_type": pl.String(),
    "is_leader": pl.Boolean(),
    "from": pl.Date(),
    "to": pl.Date(),
}
FACTS = {
    "who": pl.String(),
    "subject": KEY,
    "kind": pl.String(),
    "level": pl.String(),
    "from": pl.Date(),
    "to": pl.Date(),
    "recorded_on": pl.Date(),
    "note": pl.String(),
    "amount": pl.Float64(),
}
DECISIONS = {
    "who": pl.String(),
    "rule": pl.String(),
    "subject": KEY,
    "status": pl.String(),
    "outcome": pl.String(),
    "decided_on": pl.Date(),
    "ended": pl.String(),
    "cycle": pl.String(),
}

Only = Collection[int] | None  # the officers that are looked at; None: all of them

# Of several rows on the same thing the one recorded last holds: an inquiry that ended supersedes the one that began.
KNOWN_FACTS = """
SELECT CASE WHEN officer_id IS NULL THEN 'unit' ELSE 'officer' END, COALESCE(officer_id, unit_id), kind, level,
       from_day, to_day, recorded_on, note, amount
FROM (
    SELECT DISTINCT ON (officer_id, unit_id, kind, level, from_day) * FROM appraisal_fact
    WHERE {named} recorded_on <= %s
      AND ((officer_id IS NOT NULL AND kind = ANY(%s)) OR (unit_id IS NOT NULL AND kind = ANY(%s)))
    ORDER BY officer_id, unit_id, kind, level, from_day, recorded_on DESC, id DESC
) known
WHERE NOT withdrawn
"""
EARLIER_DECISIONS = """
SELECT CASE WHEN d.officer_id IS NULL THEN 'unit' ELSE 'officer' END, d.rule, COALESCE(d.officer_id, d.unit_id),
       d.status, d.outcome, r.as_of, w.outcome, c.code
FROM linkage_decision d JOIN linkage_run r ON r.id = d.run_id JOIN appraisal_cycle c ON c.id = r.cycle_id
LEFT JOIN workflows_case w ON w.id = d.case_id
WHERE {named} d.live AND r.as_of <= %s
"""


def table(query: str, values: Sequence[Any] | Mapping[str, Any], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The answer to a query as a frame with the columns and types of the schema."""
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT CSV)", values) as copy:
        text = b"".join(copy)
    if not text:
        return pl.DataFrame(schema=schema)
    read = {name: pl.String() if kind == pl.Boolean else kind for name, kind in schema.items()}
    rows = pl.read_csv(text, has_header=False, new_columns=list(schema), schema=read)
    return rows.with_columns(pl.col(name) == "t" for name, kind in schema.items() if kind == pl.Boolean)


def copy_in(name: str, rows: pl.DataFrame) -> None:
    """Add the rows of a frame to a table, column by column name."""
    columns = ", ".join(map(connection.ops.quote_name, rows.columns))
    text = rows.write_csv(include_header=False, null_value="\\N")
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {connection.ops.quote_name(name)} ({columns}) FROM STDIN (FORMAT CSV, NULL '\\N')") as copy,
    ):
        copy.write(text)


def ground() -> Ground:
    """What a plan needs before any result is read. A scheme's indicators come in its own order."""
    return Ground(Calendar.of_frame(cycles()), schemes(), OFFICER_FIELDS, UNIT_FIELDS)


def cycles() -> pl.DataFrame:
    return table("SELECT code, kind, starts_on, ends_on FROM appraisal_cycle", [], CYCLES)


def schemes() -> dict[str, tuple[str, ...]]:
    query = "SELECT applies_to, indicator FROM appraisal_schemeweight ORDER BY applies_to, position"
    rows = table(query, [], SCHEMES)
    return {name[0]: tuple(part["indicator"]) for name, part in rows.group_by("applies_to", maintain_order=True)}


def world(needs: Needs, known: Ground, as_of: date, only: Only = None) -> World:
    """What a plan needs, as known on a day; of officers all, or `only` those named. Units are few and come whole."""
    kinds = [sorted(needs.facts.get(who, ())) for who in ("officer", "unit")]
    return World(
        officers=_directory("people_officer", OFFICER_FIELDS, needs.officer_fields, only),
        units=_directory("people_unit", UNIT_FIELDS, needs.unit_fields),
        postings=_postings(needs, only),
        cycles=cycles(),
        facts=table(_limited(KNOWN_FACTS, "officer_id", only), _with([as_of, *kinds], only), FACTS),
        schemes=known.schemes,
        results={
            (who, code): _results(who, code, columns, as_of, only if who == "officer" else None)
            for (who, code), columns in needs.results.items()
        },
        decisions=_decisions(as_of, only) if needs.decisions else None,
    )


def _decisions(as_of: date, only: Only) -> pl.DataFrame:
    return table(_limited(EARLIER_DECISIONS, "d.officer_id", only), _with([as_of], only), DECISIONS)


def _limited(query: str, column: str, only: Only) -> str:
    """The query, of officers only those named; units stay in."""
    named = "" if only is None else f"({column} IS NULL OR {column} = ANY(%s)) AND"
    return query.replace("{named}", named)


def _with(values: Sequence[Any], only: Only) -> list[Any]:
    return [*([] if only is None else [list(only)]), *values]


def _directory(name: str, known: Mapping[str, pl.DataType], asked: frozenset[str], only: Only = None) -> pl.DataFrame:
    schema = {field: kind for field, kind in known.items() if field in asked}
    query = f"SELECT {', '.join(COLUMNS.get(field, field) for field in schema)} FROM {name}"  # noqa: S608 - closed lists
    return table(query, [], schema) if only is None else table(f"{query} WHERE id = ANY(%s)", [list(only)], schema)


def _postings(needs: Needs, only: Only) -> pl.DataFrame:
    if needs.postings is None:
        return pl.DataFrame(schema=POSTINGS)
    first, last = needs.postings
    query = (
        "SELECT officer_id, unit_id, post_type, is_leader, from_day, to_day FROM people_posting"
        " WHERE {named} from_day <= %s AND (to_day IS NULL OR to_day >= %s)"
    )
    return table(_limited(query, "officer_id", only), _with([last, first], only), POSTINGS)


def _results(who: str, code: str, asked: frozenset[str], as_of: date, only: Only) -> pl.DataFrame:
    """The rows of a cycle in the order they came: the rules take the later of two recorded on one day."""
    subject = f"{who}_id"
    plain = [name for name in ("score", "grade") if name in asked]
    indicators = sorted(asked - {"score", "grade"})
    columns = [*plain, *(["indicators"] if indicators else [])]
    kinds = {"score": pl.Float64(), "grade": pl.String(), "indicators": pl.String()}
    schema = {"id": KEY, "subject": KEY, "status": pl.String(), "recorded_on": pl.Date()}
    query = (
        f"SELECT r.id, r.{subject}, r.status, r.recorded_on{''.join(f', r.{name}' for name in columns)}"  # noqa: S608 - closed lists
        f" FROM appraisal_result r JOIN appraisal_cycle c ON c.id = r.cycle_id"
        f" WHERE {{named}} c.code = %s AND r.{subject} IS NOT NULL AND r.recorded_on <= %s"
    )
    wanted = {**schema, **{name: kinds[name] for name in columns}}
    rows = table(_limited(query, "r.officer_id", only), _with([code, as_of], only), wanted)
    return _figures(rows.sort("id").drop("id"), indicators)


def _figures(rows: pl.DataFrame, indicators: Sequence[str]) -> pl.DataFrame:
    """The measured figures, a column each; what was not measured stays empty."""
    if not indicators:
        return rows
    measured = pl.col("indicators").str.json_decode(pl.Struct({name: pl.Float64() for name in indicators}))
    return rows.with_columns(measured).unnest("indicators")
