"""`python -m tests.bench.client CALLS`: one client of several. Reads its cases, then moves so many at each word."""

import json
import os
import sys
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from people.models import Account  # noqa: E402 - the settings come first
from tests.bench import alone, cases  # noqa: E402
from workflows import clock as clocks  # noqa: E402


def main(each: int) -> None:
    ids = [UUID(text) for text in json.loads(sys.stdin.readline())]
    desk = cases.Desk(actor=Account.objects.get(username=cases.HR), clock=clocks.now())
    alone.timed(lambda case: desk.review([case]), ids[: alone.WARM_UP])
    sys.stdout.write("ready\n")
    for start in range(alone.WARM_UP, len(ids), each):
        sys.stdout.flush()
        if not sys.stdin.readline():
            return
        seconds = alone.timed(lambda case: desk.review([case]), ids[start : start + each])
        sys.stdout.write(json.dumps(seconds) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
