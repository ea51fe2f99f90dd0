"""Figures for Prometheus: counted as things happen in each process, or read from the database when it asks.

With PROMETHEUS_MULTIPROC_DIR (which `manage.py up` sets) all processes of a machine count together. Labels are words of
ours: routes, kinds, steps, never a person or a unit's name.
"""

import logging
from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from workflows import figures

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
own = CollectorRegistry()

requests = Histogram(
    "trilink_request_seconds",
    "Time to answer a web request.",
    ("method", "route", "status"),
    buckets=SECONDS,
    registry=own,
)


def counter(name: str, words: str, *labels: str) -> Counter:
    return Counter(f"trilink_{name}", words, labels, registry=own)


steps = counter("steps", "Cases that took a step, or were refused it.", "kind", "step", "outcome")
deliveries = counter("deliveries", "Messages sent, or failed and waiting for another try.", "outcome")
ticks = counter("ticks", "Turns of ticks that found something to do.", "tick")
jobs_ended = counter("jobs_ended", "Long jobs that ended.", "kind", "state")
errors = counter("log_errors", "Lines of the level error.", "logger")


def request_answered(method: str, route: str, status: int, seconds: float) -> None:
    requests.labels(method, route, f"{status // 100}xx").observe(seconds)


class Counting(logging.Handler):
    """Counts what the log tells: one place says that something happened, for the reader and for the figures."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            errors.labels(record.name.partition(".")[0]).inc()
        said: Any = record.__dict__
        match said.get("action"):
            case "steps_taken":
                steps.labels(said["kind"], said["step"], "taken").inc(said["taken"])
                steps.labels(said["kind"], said["step"], "refused").inc(said["refused"])
            case "tick_done":
                ticks.labels(said["tick"]).inc()
                if said["tick"] == "deliver_outbox":
                    for outcome, number in said["figures"].items():
                        deliveries.labels(outcome).inc(number)
            case "job_ended":
                jobs_ended.labels(said["kind"], said["state"]).inc()


class FromDatabase(Collector):
    """What stands in the tables at this moment."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = figures.all_figures()
        except DatabaseError:
            found = []
        yield GaugeMetricFamily("trilink_database_up", "Whether the database answered.", value=bool(found))
        for figure in found:
            family = GaugeMetricFamily(f"trilink_{figure.name}", figure.words, labels=figure.labels)
            for labels, value in figure.values:
                family.add_metric(labels, value)
            yield family


def exposition() -> bytes:
    """All figures as Prometheus reads them."""
    counted: CollectorRegistry = own
    if values.ValueClass.__name__ == "MmapedValue":
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    read = CollectorRegistry()
    read.register(FromDatabase())
    return bytes(generate_latest(counted) + generate_latest(read))
