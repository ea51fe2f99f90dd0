"""The receiver in the papers is run as it stands there, against a call that the product made."""

import re
import sys
from time import time

import pytest

from tests.architecture.tree import ROOT
from workflows.channels import signature

BODY = b'{"count": 1}'


@pytest.fixture
def receive(monkeypatch):
    monkeypatch.setitem(sys.modules, "signature", signature)
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "post.md").read_text(), re.DOTALL)
    names = {}
    exec(example, names)  # noqa: S102 - our own paper
    return names["receive"]


@pytest.fixture
def call():
    return signature.headers(["whsec_new", "whsec_old"], stamp=int(time()), body=BODY, key="k")


def test_it_takes_a_genuine_call_once(receive, call):
    assert [receive(call, BODY, "whsec_old") for _ in range(2)] == [204, 200]


def test_it_refuses_a_false_one(receive, call):
    assert receive(call, BODY + b" ", "whsec_new") == 400
    assert receive(call, BODY, "whsec_other") == 400


def test_the_verifier_needs_nothing_but_the_standard_library():
    source = (ROOT / "workflows" / "channels" / "signature.py").read_text()
    modules = set(re.findall(r"^(?:import|from) ([\w.]+)", source, re.MULTILINE))
    assert {module.partition(".")[0] for module in modules} <= sys.stdlib_module_names
