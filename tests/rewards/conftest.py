"""What the tests of rewards share: the catalogue and cases to walk."""

import pytest

from rewards.kind import RESOURCE, REWARD
from rewards.models import Award
from tests.walk import begin

# code, English, organ, notice days, entitlement, inspection office asked
AWARDS = [
    ("晋档", "Wage step", "branch", 0, True, False),
    ("通报表扬", "Commendation notice", "branch", 0, False, False),
    ("嘉奖", "Commendation", "branch", 5, False, False),
    ("三等功", "Third-class merit", "bureau", 7, False, True),
]


@pytest.fixture
def catalogue(db):
    """As the migration seeds it; made again, for a transactional test empties the tables."""
    names = ("name_en", "organ", "notice_days", "entitlement", "needs_discipline")
    for rank, (code, *terms) in enumerate(AWARDS):
        Award.objects.update_or_create(code=code, defaults=dict(zip(names, terms, strict=True)) | {"rank": rank})


@pytest.fixture
def reward(catalogue, hr, officer):
    """A reward of the officer, just detected."""

    def reward(award="三等功", **more):
        return begin(REWARD, title=award, subject=officer.officer, actor=hr, fields={"award_id": award}, **more)

    return reward


@pytest.fixture
def resource(hr, station):
    return lambda **more: begin(RESOURCE, title="优先保障", subject=station, actor=hr, **more)
