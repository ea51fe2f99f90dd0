"""The clock's idle round and a department's inbox with a hundred times the work: neither may grow with it.

Two schemas hold the cases and work items of a small and of a large bureau; all else they share. A search path leads the
product to one or the other, so that both can be timed in turn.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from django.db import connection

from tests.bench import cases
from tests.bench.bureau import sql
from tests.bench.figures import ROUNDS, Figure
from workflows import deadlines, desk
from workflows.calendars import end_of
from workflows.desk import Filter
from workflows.models import WorkItem
from workflows.paging import SIZE, Cursor, Page, encode

LIMIT = 2.0
CALLS = 20  # of each round
LATE_PAGE = 1_000
CLOSED = 5  # items of each case that are closed, beside the open one

# Filled without indexes and without the triggers, then indexed as the product's own tables are.
MAKE = """
DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema};
CREATE TABLE {schema}.workflows_case (LIKE public.workflows_case INCLUDING ALL EXCLUDING INDEXES);
CREATE TABLE {schema}.workflows_workitem (LIKE public.workflows_workitem INCLUDING ALL EXCLUDING INDEXES);
"""
FILL = """
INSERT INTO {schema}.workflows_case (id, kind, kind_version, key, slot, title, state, version, head, officer_id,
                                     unit_path, line_path, opened_at, state_since)
SELECT uuidv7(), 'training', 1, 'scale:' || n, '', '能力提升班', 'flagged', 6, '\\x00', o.id, o.path, o.path, now(),
       now()
FROM generate_series(1, {cases}) n
JOIN (SELECT o.id, u.path, row_number() OVER () - 1 AS place
      FROM people_officer o JOIN people_unit u ON u.id = o.unit_id) o
  ON o.place = n %% (SELECT count(*) FROM people_officer);

INSERT INTO {schema}.workflows_workitem (case_id, kind, duty, opened_at, counted_from, role, desk, due_at, wake_at,
                                         closed_at)
SELECT c.id, 'training', 'flagged', now(), current_date, 'hr', '/B00/',
       %(midnight)s + CASE WHEN i = {last} THEN hashint8(c.place) %% 120 ELSE -i * 90 END * interval '1 day',
       %(midnight)s + interval '1 day', CASE WHEN i < {last} THEN now() END
FROM (SELECT id, row_number() OVER () AS place FROM {schema}.workflows_case) c, generate_series(1, {last}) i;
"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s)"


@dataclass(frozen=True, kw_only=True)
class World:
    schema: str
    cases: int  # each with one open work item

    def make(self) -> None:
        sql(MAKE.format(schema=self.schema))
        with connection.cursor() as cursor:
            text = FILL.format(schema=self.schema, cases=self.cases, last=CLOSED + 1)
            cursor.execute(text, {"midnight": end_of(cases.clocks.now().day)})
            cursor.execute(INDEXES, [["workflows_case", "workflows_workitem"]])
            for (index,) in cursor.fetchall():
                cursor.execute(index.replace(" ON public.", f" ON {self.schema}."))
        sql(f"VACUUM (ANALYZE) {self.schema}.workflows_case, {self.schema}.workflows_workitem")

    def enter(self) -> None:
        sql(f"SET search_path TO {self.schema}, public")

    def before_page(self, number: int) -> Cursor:
        """Where a page begins, so that it can be asked for without turning to it."""
        if number == 1:
            return Cursor()
        items = WorkItem.objects.filter(role="hr", desk="/B00/", closed_at=None).order_by(*desk.ORDER)
        row = items.values_list(*desk.ORDER)[(number - 1) * SIZE - 1]
        return Cursor(after=encode(row))


def figures(open_items: int, at_desk: cases.Desk) -> Iterator[Figure]:
    """A hundredth of the open items is the small world."""
    small, large = World(schema="small", cases=open_items // 100), World(schema="large", cases=open_items)
    for world in (small, large):
        world.make()
    last = small.cases // SIZE
    late = min(LATE_PAGE, large.cases // SIZE)
    of = f"{large.cases:,} open items"
    try:
        yield _figure(f"idle sweep, {of}", {small: _sweep(at_desk), large: _sweep(at_desk)})
        for name, pages in (("first page", (1, 1)), (f"page {late:,}", (last, late))):
            looks = {world: _look(world, page, at_desk) for world, page in zip((small, large), pages, strict=True)}
            yield _figure(f"{name} of an inbox, {of}", looks)
    finally:
        sql("SET search_path TO public; DROP SCHEMA IF EXISTS small, large CASCADE")


def _figure(name: str, calls: dict[World, Callable[[], object]]) -> Figure:
    """Each in turn; the small world, which comes first, is the yardstick."""
    seconds: dict[World, list[float]] = {world: [] for world in calls}
    for _round in range(ROUNDS):
        for world, call in calls.items():
            world.enter()
            call()
            seconds[world].append(_middle(call))
    asked, taken = map(median, seconds.values())
    return Figure(name=name, seconds=taken, yardstick_seconds=asked, limit=LIMIT)


def _middle(call: Callable[[], object]) -> float:
    taken = []
    for _call in range(CALLS):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return median(taken)


def _sweep(at_desk: cases.Desk) -> Callable[[], object]:
    def sweep() -> None:
        assert deadlines.sweep(at_desk.clock).nothing

    return sweep


def _look(world: World, number: int, at_desk: cases.Desk) -> Callable[[], object]:
    """All that the desk reads of work items: a page of rows, the figures above it and the number in the navigation."""
    world.enter()
    cursor = world.before_page(number)

    def look() -> None:
        page: Page[WorkItem] = desk.page(at_desk.actor, Filter(), cursor, clock=at_desk.clock)
        assert len(page.rows) == SIZE
        desk.figures(at_desk.actor, Filter(), clock=at_desk.clock)
        desk.load(at_desk.actor)

    return look
