"""What a branch's own value decides: its own people by it, everybody else by the policy's, and pages say so."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appraisal.models import Result
from linkage import evaluation
from linkage.models import Decision, LocalParameter
from people.models import Unit

LOW = "low months"


@pytest.fixture
def december(cycle, loader):
    return lambda: evaluation.evaluate(cycle("2025-12"), as_of=date(2026, 1, 5), actor=loader)


def told(run, *, below):
    """The badges of P10, of a branch or of everybody else."""
    found = Decision.objects.filter(run=run, rule="P10")
    path = {"officer__unit__path__startswith": below}
    inside, outside = found.filter(**path), found.exclude(**path)
    return tuple({decision.officer.badge for decision in part.select_related("officer")} for part in (inside, outside))


def test_a_branch_is_decided_by_its_own_value_and_the_others_by_the_policys(december, hr_of_haizhou, as_account):
    before = december()
    poor = Result.objects.filter(cycle__code="2025-12", grade="较差", officer__isnull=False)
    spared = poor.exclude(officer__decisions__run=before, officer__decisions__rule="P10").first()
    branch = Unit.objects.get(code=spared.officer.unit.path.split("/")[2])
    # Written as it would have been in time: the page itself refuses days gone by.
    LocalParameter.objects.create(
        unit=branch,
        code="reference",
        name=LOW,
        value="1",
        from_day=date(2025, 1, 1),
        set_by=hr_of_haizhou,
        note="从严",
        at=timezone.now() - timedelta(days=400),
    )
    after = december()
    then, now = told(before, below=branch.path), told(after, below=branch.path)
    assert now[0] >= then[0] | {spared.officer.badge}
    assert now[1] == then[1]

    client = as_account(hr_of_haizhou)
    mine = Decision.objects.get(run=after, rule="P10", officer=spared.officer)
    assert f"按{branch.name}的本地取值：low months = 1（政策为 3）" in page(client, "decision", mine.pk)
    assert "不少于1期" in page(client, "decision", mine.pk)
    assert "分局的本地取值" in page(client, "run", "2025-12")
    theirs = Decision.objects.filter(run=after, rule="P10").exclude(officer__unit__path__startswith=branch.path).first()
    if theirs:
        assert "low months" not in page(client, "decision", theirs.pk)


def page(client, name, *args):
    return client.get(reverse(f"linkage:{name}", args=args)).text
