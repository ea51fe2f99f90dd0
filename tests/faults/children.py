"""`python -m tests.faults.children`: forks a process for each order it reads, and says how each of them ended."""

import json
import os
import signal
import sys

import django

django.setup()

from django.db import connection  # noqa: E402 - the settings come first

from tests.faults import acts, stops  # noqa: E402


def main():
    for line in sys.stdin:
        ready, go = os.pipe()
        born = [_bear(order, ready, go) for order in json.loads(line)]
        os.close(ready)
        os.close(go)  # the word: every child waits for the end of this pipe
        sys.stdout.write(json.dumps([_ended(*child) for child in born]) + "\n")
        sys.stdout.flush()


def _bear(order, ready, go):
    told, tells = os.pipe()
    if pid := os.fork():
        os.close(tells)
        return pid, told
    code = 1
    try:
        os.close(go)
        _do(order, ready, tells)
        code = 0
    finally:
        os._exit(code)


def _do(order, ready, tells):
    connection.ensure_connection()
    os.read(ready, 1)
    left = order["nth"]

    def arrived(point):
        nonlocal left
        left -= point == order["kill"]
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    with stops.laid(connection, arrived), stops.laid_on_sending(arrived):
        answer = acts.ACTS[order["act"]](**order["inputs"])
    os.write(tells, json.dumps(answer).encode())
    connection.close()


def _ended(pid, told):
    with os.fdopen(told, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), json.loads(said) if said else None


if __name__ == "__main__":
    main()
