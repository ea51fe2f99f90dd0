"""A deployment on servers of one's own is told what is still missing."""

import pytest
from django.db import connections

from config.checks import SECRET_OF_ITS_OWN, shares_its_secret


@pytest.mark.parametrize(
    ("database", "secret", "said"),
    [({}, "", [SECRET_OF_ITS_OWN]), ({}, "given", []), ({"EMBEDDED": {}}, "", [])],
)
def test_machines_must_share_a_secret(monkeypatch, database, secret, said):
    monkeypatch.setattr(connections["default"], "settings_dict", database)
    monkeypatch.setenv("SECRET_KEY", secret)
    assert shares_its_secret(None) == said
