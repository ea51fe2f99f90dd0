"""`python -m tests.bench.loop CASES`: open and move cases one by one; the seconds of both as JSON."""

import json
import os
import sys
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.loop.settings"
django.setup()

from django.core.management import call_command  # noqa: E402 - the settings come first
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_fsm import has_transition_perm  # noqa: E402
from django_fsm_log.models import StateLog  # noqa: E402

from people.models import Account, Officer  # noqa: E402
from tests.bench.figures import stopwatch  # noqa: E402
from tests.bench.loop.models import LoopItem, LoopMessage, LoopTraining  # noqa: E402


def main(cases: int) -> None:
    call_command("migrate", run_syncdb=True, verbosity=0)
    actor = Account.objects.get(username="bench-hr")
    officers = list(Officer.objects.select_related("unit").order_by("id")[:cases])
    opening: list[float] = []
    moving: list[float] = []
    with stopwatch(opening):
        keys = [open_one(officer, actor) for officer in officers]
    with stopwatch(moving):
        for key in keys:
            move_one(key, actor)
    sys.stdout.write(json.dumps({"open": opening[0], "move": moving[0]}))


@transaction.atomic
def open_one(officer: Officer, actor: Account) -> int:
    now, path = timezone.now(), officer.unit.path
    case = LoopTraining.objects.create(
        kind="training",
        key=f"2025:P04:{officer.badge}",
        title="能力提升班",
        officer=officer,
        unit_path=path,
        line_path=path,
        opened_at=now,
        state_since=now,
        focus="信息采集率",
    )
    StateLog.objects.create(content_object=case, transition="open", state=case.state, by=actor)
    tell(case, role="hr", desk="/B00/")
    return case.pk


@transaction.atomic
def move_one(key: int, actor: Account) -> None:
    case = LoopTraining.objects.select_for_update(of=("self",)).get(pk=key)
    assert has_transition_perm(case.review, actor)
    case.review(by=actor)
    case.state_since = timezone.now()
    case.save()
    case.work_items.filter(closed_at=None).update(closed_at=case.state_since, closed_by=actor)
    tell(case, role="unit_head", desk=case.line_path)


def tell(case: LoopTraining, *, role: str, desk: str) -> None:
    now = timezone.now()
    LoopItem.objects.create(
        case=case, duty=case.state, role=role, desk=desk, opened_at=now, due_at=now + timedelta(days=14)
    )
    LoopMessage.objects.create(case=case, topic=f"training.{case.state}", role=role, desk=desk, written_at=now)


if __name__ == "__main__":
    main(int(sys.argv[1]))
