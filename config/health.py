"""What monitors ask: is the process alive, can the product do its work, and its figures."""

import ipaddress
import secrets
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import metrics as counted
from workflows import readiness

TEXT = "text/plain; version=0.0.4; charset=utf-8"


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. It asks nothing else, the database least of all."""
    return JsonResponse({"alive": True})


@never_cache
@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Each part with whether it is well; 503 unless all are. No names, no addresses, no versions."""
    parts = readiness.parts()
    ready = all(part.ok for part in parts.values())
    said = {"ready": ready, "parts": {name: part.said() for name, part in parts.items()}}
    return JsonResponse(said, status=200 if ready else 503)


@never_cache
@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For a holder of METRICS_TOKEN, or from an address in METRICS_ALLOW; not there for anybody else."""
    if not (_knows_the_token(request) or _comes_from(request, settings.METRICS_ALLOW)):
        raise Http404
    return HttpResponse(counted.exposition(), content_type=TEXT)


def _knows_the_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())


def _comes_from(request: HttpRequest, networks: Sequence[str]) -> bool:
    """By the address of the connection itself: a header about it can be made up."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network, strict=False) for network in networks)
