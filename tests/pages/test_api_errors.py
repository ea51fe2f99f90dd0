"""What the API answers when it refuses: a stable word, a sentence, and the fields that were wrong."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.http import Http404
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated, ValidationError

from config.api_errors import answer
from people.access import NotFound
from people.refusals import Clash, NotPermitted, Unfit
from workflows.access import CaseNotFound


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (CaseNotFound(), 404, "not_found"),
        (NotFound(), 404, "not_found"),
        (Http404(), 404, "not_found"),
        (NotPermitted(), 403, "not_permitted"),
        (PermissionDenied(), 403, "not_permitted"),
        (Clash("已有一个"), 409, "clash"),
        (Unfit("日期不对"), 422, "unfit"),
        (ValidationError({"note": ["太长"]}), 400, "invalid"),
        (ValidationError(["太长"]), 400, "invalid"),
        (MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (NotAuthenticated(), 401, "not_authenticated"),
    ],
)
def test_each_refusal_has_its_code_and_its_words(error, status, code):
    said = answer(error, {})
    assert (said.status_code, said.data["code"]) == (status, code)
    assert said.data["words"]


def test_what_was_wrong_is_named():
    assert answer(ValidationError({"note": ["太长"]}), {}).data["fields"] == {"note": ["太长"]}


def test_what_nobody_foresaw_is_not_explained():
    assert answer(ValueError("secret"), {}) is None


def test_the_schema_is_whole(tmp_path, capsys):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
