"""The sample bureau, read once."""

from pathlib import Path

import pytest

from linkage.rules import Policy, World, parse, read_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def haizhou() -> World:
    return read_folder(ROOT / "samples" / "haizhou")


@pytest.fixture(scope="session")
def pack() -> Policy:
    return parse((ROOT / "linkage" / "policies" / "reference.yaml").read_text("utf-8"))
