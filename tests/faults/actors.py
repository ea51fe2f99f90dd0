"""Two actors with a connection each, led through the points of their work in an order that the test names."""

import queue
import threading
from itertools import chain, combinations, cycle

from django.db import connection

from tests.faults import stops

POINTS = ("before lock", "after lock", "before commit")
MOVES = len(POINTS) + 1  # to each point, and to the end
WAITS = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
GIVEN_UP = 20  # seconds
END = "end"


def orders(moves=MOVES):
    """Every way in which the moves of A and of B can follow each other."""
    for places in combinations(range(2 * moves), moves):
        yield "".join("A" if place in places else "B" for place in range(2 * moves))


class Actor:
    """Does its work in a thread of its own, and stands still at each point until it is told to go on."""

    def __init__(self, work, *, rewrite=None):
        self.answer = self.error = None
        self.at = ""
        self.blocked = False
        self.waited = False  # whether it ever had to wait for the other
        self._go, self._arrived = threading.Semaphore(0), queue.Queue()
        self._thread = threading.Thread(target=self._run, args=[work, rewrite], daemon=True)
        self._thread.start()
        self._pid = self._arrived.get(timeout=GIVEN_UP)

    def _run(self, work, rewrite):
        try:
            connection.ensure_connection()
            self._arrived.put(connection.connection.info.backend_pid)
            self._go.acquire()
            with stops.laid(connection, self._stand), connection.execute_wrapper(rewrite or as_it_is):
                self.answer = work()
        except Exception as error:  # noqa: BLE001 - told to the test, which fails of it
            self.error = error
        finally:
            connection.close()
            self._arrived.put(END)

    def _stand(self, point):
        if point in POINTS:
            self._arrived.put(point)
            self._go.acquire()

    def move(self):
        """Go on to the next point; an actor that waits for the other's lock, or has ended, stays."""
        if not self.blocked and self.at != END:
            self._go.release()
            self.settle()

    def settle(self):
        """Wait until it stands at a point or at a lock, or has ended."""
        for _ in range(GIVEN_UP * 200):
            try:
                self.at, self.blocked = self._arrived.get(timeout=0.005), False
                return
            except queue.Empty:
                if self._waits():
                    self.blocked = self.waited = True
                    return
        raise AssertionError(f"stuck after {self.at}")

    def _waits(self):
        with connection.cursor() as cursor:
            cursor.execute(WAITS, [self._pid])
            found = cursor.fetchone()
            return bool(found and found[0])


def as_it_is(execute, sql, params, many, context):
    return execute(sql, params, many, context)


def play(order, first, second, *, rewrite=None):
    """Lead A (the first) and B through an order, then both to their ends."""
    actors = {"A": Actor(first, rewrite=rewrite), "B": Actor(second, rewrite=rewrite)}
    others = {"A": actors["B"], "B": actors["A"]}
    for letter in chain(order, cycle("AB")):
        if all(actor.at == END for actor in actors.values()):
            break
        actors[letter].move()
        if others[letter].blocked:
            others[letter].settle()
    for name, actor in actors.items():
        assert actor.error is None, f"{name} failed in the order {order}: {actor.error!r}"
    return actors["A"], actors["B"]
