"""`python -m tests.faults.client NAME FIRST LAST LEDGER`: opens rewards and takes them two steps on, whatever breaks.

It behaves as a good client does: what it asks for carries a key, what fails it asks for again under the same key, and
what it was promised it writes down before it goes on. Killed and started again, it goes on where its ledger ends.
"""

import json
import os
import random
import sys
import time
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import Error, connection  # noqa: E402 - the settings come first

from config.embedded.errors import EmbeddedError  # noqa: E402
from people.models import Account, Officer  # noqa: E402
from rewards.kind import REWARD  # noqa: E402
from rewards.models import RewardCase  # noqa: E402
from workflows.actions import Opening, advance, open_cases  # noqa: E402

LARGEST_SET = 40
STEPS = ((RewardCase.screen, "hr", {}), (RewardCase.propose, "leader", {"deeds": "连续三年办结全部案件，无一差错。"}))


def main(name, first, last, ledger):
    kept = Path(ledger)
    done = {line["first"] for line in map(json.loads, kept.read_text().splitlines())} if kept.exists() else set()
    for numbers in sets(first, last):
        if numbers[0] not in done:
            promised = again_and_again(lambda numbers=numbers: take(name, numbers))
            with kept.open("a") as lines:
                lines.write(json.dumps({"first": numbers[0], "promised": promised}) + "\n")


def sets(first, last):
    """The same each time, and the same for each client of a range."""
    chance = random.Random(first)  # noqa: S311 - no secret
    while first < last:
        after = min(last, first + chance.randint(1, LARGEST_SET))
        yield range(first, after)
        first = after


def again_and_again(act):
    while True:
        try:
            return act()
        except (Error, EmbeddedError):
            connection.close()
            time.sleep(0.2)


def take(name, numbers):
    """Open the cases of a set and take both steps; how many of each step this client was promised."""
    accounts = {username: Account.objects.get(username=username) for username in ("hr", "leader")}
    open_cases(openings(numbers), REWARD, actor=accounts["hr"])
    cases = list(RewardCase.objects.filter(key__in=[key(n) for n in numbers]).values_list("pk", flat=True))
    assert len(cases) == len(numbers)
    promised = []
    for version, (step, username, inputs) in enumerate(STEPS, start=1):
        outcome = advance(
            cases,
            step,
            actor=accounts[username],
            inputs=inputs,
            seen=dict.fromkeys(cases, version),
            request_key=uuid5(NAMESPACE_URL, f"{name} {numbers[0]} {version}"),
        )
        promised.append([str(case) for case in (*outcome.taken, *outcome.repeated)])
        assert {refusal.reason.value for refusal in outcome.refused.values()} <= {"outrun"}
    return promised


def key(number):
    return f"chaos:{number}"


def openings(numbers):
    officers = list(Officer.objects.order_by("pk").values_list("pk", "unit__path"))
    for number in numbers:
        officer, path = officers[number % len(officers)]
        yield Opening(
            key=key(number),
            title="嘉奖",
            officer_id=officer,
            unit_path=path,
            line_path=path,
            fields={"award_id": "嘉奖"},
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
