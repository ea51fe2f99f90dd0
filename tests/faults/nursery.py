"""Processes that do one act each and may be killed at a point of it; forked from one that has loaded the product."""

import json
import os
import subprocess
import sys

from tests.product import ROOT


class Nursery:
    def __init__(self, *, database, mail):
        self.kills = 0
        mail.mkdir(parents=True, exist_ok=True)
        own = {"FAULTS_DATABASE": database, "FAULTS_MAIL": str(mail), "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.children"],
            cwd=ROOT,
            env=os.environ | own,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, act, *, kill=None, nth=1, **inputs):
        """Do an act in a process of its own; its exit code (-9: killed) and its answer."""
        [ended] = self.race([{"act": act, "kill": kill, "nth": nth, "inputs": inputs}])
        return ended

    def race(self, orders):
        """Do several at once, each in a process of its own, all started by one word."""
        self._process.stdin.write(json.dumps(orders) + "\n")
        self._process.stdin.flush()
        ended = [tuple(one) for one in json.loads(self._process.stdout.readline())]
        self.kills += sum(code < 0 for code, _ in ended)
        return ended

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)
