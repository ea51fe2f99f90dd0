"""What the engine shows on pages composed elsewhere: the cases on a person's record."""

from collections.abc import Mapping
from typing import Any

from people.http import AuthenticatedRequest
from people.models import Officer
from workflows import access

MOST = 100


def cases(request: AuthenticatedRequest, officer: Officer) -> Mapping[str, Any]:
    """His cases, open ones first, as far as the reader may see them."""
    seen = access.visible(request.user).filter(officer=officer).select_related("officer__unit", "unit")
    return {"cases": seen.order_by("-closed_at", "-opened_at")[:MOST]}
