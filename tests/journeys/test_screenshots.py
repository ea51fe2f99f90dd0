"""The pictures of the README, taken from the running product; kept with `--screenshots`."""

import pytest

from tests.journeys.scene import REWARDED, TRAINED
from tests.journeys.test_every_page import PHONE, WIDE
from tests.product import ROOT

FOLDER = ROOT / "docs" / "screenshots"
LARGEST = 300_000  # bytes
PICTURES = [
    ("desk", "hr", "/", WIDE),
    ("run", "hr", "/linkage/2025/", WIDE),
    ("case", "committee-1", "/cases/{merit}/", WIDE),
    ("enrollment-list", "training", "/training/classes/{class}/", WIDE),
    ("my-plan", TRAINED, "/training/my-plan/", PHONE),
    ("my-results", REWARDED, "/my/", WIDE),
]


@pytest.fixture
def folder(request, tmp_path):
    return FOLDER if request.config.getoption("--screenshots") else tmp_path


@pytest.fixture
def keys(keys, bureau):
    ((merit,),) = bureau.rows(
        "SELECT c.id FROM workflows_case c JOIN people_officer o ON o.id = c.officer_id"
        " WHERE c.kind = 'reward' AND c.title = '三等功' AND o.badge = %s",
        REWARDED,
    )
    return keys | {"merit": str(merit)}


@pytest.mark.parametrize(("name", "username", "path", "size"), PICTURES, ids=[picture[0] for picture in PICTURES])
def test_a_picture_is_taken(person, keys, folder, name, username, path, size):
    page = person(username).page
    page.set_viewport_size(size)
    person(username).go(path.format(**keys))
    page.screenshot(path=folder / f"{name}.png")
    page.set_viewport_size(WIDE)
    assert (folder / f"{name}.png").stat().st_size < LARGEST
