"""A fourth linkage is one folder and one line in the settings: a whole one is added here, and used."""

import os
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT


@pytest.mark.slow
def test_a_folder_and_a_line_are_all_it_takes():
    """In a process of its own, because the apps of a process are fixed."""
    words = [
        "-m",
        "pytest",
        "tests/fourth_linkage/proof.py",
        "-q",
        "--ds",
        "tests.fourth_linkage.settings",
        "--create-db",
    ]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO_SETTINGS"))}
    proof = subprocess.run([sys.executable, *words], cwd=ROOT, env=plain, capture_output=True, text=True, check=False)
    assert proof.returncode == 0, proof.stdout[-4000:]
    assert "passed" in proof.stdout
