"""What the tests of the talent pool share: cases to walk."""

import pytest

from talent_pool.kind import POST_ADJUSTMENT, RESERVE
from tests.walk import begin


@pytest.fixture
def reserve(hr, officer):
    """A candidate just detected."""
    return lambda: begin(RESERVE, title="提名", subject=officer.officer, actor=hr, fields={"window": "2025"})


@pytest.fixture
def adjustment(hr, officer):
    """A post adjustment just proposed."""

    def adjustment(measure="降职"):
        return begin(POST_ADJUSTMENT, title=measure, subject=officer.officer, actor=hr, fields={"measure": measure})

    return adjustment
