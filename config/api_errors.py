"""What the API answers when it refuses: a stable word, a sentence, and the fields that were wrong."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from config.errors import HIDDEN
from people.refusals import Clash, NotPermitted, Refused, Unfit

STATUS: dict[type[Refused], int] = {NotPermitted: 403, Clash: 409, Unfit: 422}


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """`{"code", "words", "fields"}`. None, for what nobody foresaw, becomes a 500 without a word of its insides."""
    if isinstance(error, (*HIDDEN, Http404)):
        set_rollback()
        return problem(404, "not_found", _("没有这一项，或你没有查看的权限。"))
    if isinstance(error, Refused):
        set_rollback()
        return problem(STATUS.get(type(error), 422), error.code, str(error))
    if isinstance(error, PermissionDenied):
        set_rollback()
        return problem(403, "not_permitted", _("你没有办理这项操作的权限"))
    found = exception_handler(error, context)
    if found is not None and isinstance(error, APIException):
        return worded(found, error)
    return found


def worded(found: Response, error: APIException) -> Response:
    """The framework's own refusals in the form of ours."""
    if isinstance(error, ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        found.data = {"code": "invalid", "words": _("有内容不对，什么也没有保存。"), "fields": fields}
    else:
        found.data = {"code": error.get_codes(), "words": str(error.detail)}
    return found


def problem(status: int, code: str, words: str) -> Response:
    return Response({"code": code, "words": words}, status=status)
