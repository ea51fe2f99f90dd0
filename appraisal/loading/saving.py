"""Writing checked files: each is staged by COPY and merged by a fixed number of statements, whatever its length."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What became of the rows of one file."""

    name: str
    rows: int
    added: int
    changed: int = 0

    @property
    def unchanged(self) -> int:
        return self.rows - self.added - self.changed

    def figures(self) -> dict[str, int]:
        figures: dict[str, Any] = asdict(self) | {"unchanged": self.unchanged}
        del figures["name"]
        return figures


@dataclass(frozen=True, kw_only=True)
class Merge:
    """How the staged rows of one file become rows: the stage's columns, and the statements to run.

    Each statement is counted as added or changed. It may use `%(...)s` parameters given to `run`.
    """

    name: str
    columns: Sequence[str]  # of the stage, with types: "code text"
    statements: Sequence[tuple[str, str]]  # (added | changed | neither, SQL)

    def run(self, frame: pl.DataFrame, **values: Any) -> Merged:
        counts = {"added": 0, "changed": 0}
        with connection.cursor() as cursor:
            self._stage(cursor, frame)
            for counted, sql in self.statements:
                cursor.execute(sql, values or None)
                if counted in counts:
                    counts[counted] += cursor.rowcount
            cursor.execute("DROP TABLE stage")
        return Merged(name=self.name, rows=len(frame), **counts)

    def _stage(self, cursor: CursorWrapper, frame: pl.DataFrame) -> None:
        cursor.execute(f"CREATE TEMPORARY TABLE stage ({', '.join(self.columns)}) ON COMMIT DROP")
        names = [column.split()[0] for column in self.columns]
        lines = frame.select(names).write_csv(include_header=False, null_value="")
        with cursor.copy("COPY stage FROM STDIN (FORMAT csv)") as copy:
            copy.write(lines)
        cursor.execute("ANALYZE stage")
