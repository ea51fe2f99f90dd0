"""The allow list, asked when something is sent: what an administrator has not allowed is not reached."""

import ipaddress
import logging
import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection
from django.utils import timezone

from workflows.channels.base import NotAllowed, NotSent
from workflows.models import AllowedAddress

log = logging.getLogger(__name__)

Kind = AllowedAddress.Kind
PORTS = {"http": 80, "https": 443}
# Addresses that carry another address inside: they would lead past the check of the outer one.
TUNNELS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))

REFUSED = """
INSERT INTO workflows_refusedaddress (kind, value, times, first_at, last_at)
VALUES (%(kind)s, %(value)s, 1, %(now)s, %(now)s)
ON CONFLICT (kind, value) DO UPDATE
SET times = workflows_refusedaddress.times + 1, last_at = excluded.last_at
"""


def is_allowed(kind: str, value: str) -> bool:
    return AllowedAddress.objects.filter(kind=kind, value=value, ended_at=None).exists()


def insist(kind: str, value: str) -> None:
    """Go on if the address is allowed; else note the refusal, for the administrator to see, and raise."""
    if not is_allowed(kind, value):
        refuse(kind, value)


def refuse(kind: str, value: str) -> None:
    value = value[:300]
    with connection.cursor() as cursor:
        cursor.execute(REFUSED, {"kind": kind, "value": value, "now": timezone.now()})
    log.warning("an address is not allowed", extra={"action": "address_refused", "kind": kind})
    raise NotAllowed(f"not allowed: {value}")


# Mail ------------------------------------------------------------------------------------------------------------
def domain(address: str) -> str:
    """What stands behind the last `@`; nothing where there is none."""
    return address.rpartition("@")[2].strip().lower().rstrip(".") if "@" in address else ""


# Web -------------------------------------------------------------------------------------------------------------
def origin(url: str) -> str:
    """`https://host:443` of an address of the web; empty when it is none of ours."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in PORTS or not parts.hostname or parts.username or parts.password:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.lower()
    return f"{parts.scheme}://{host}:{port or PORTS[parts.scheme]}"


def checked_host(url: str) -> str:
    """The numeric address to connect to: the host is allowed, and so is where its name leads just now.

    A name that leads into the local network is refused unless that very address is allowed beside it: whoever keeps the
    name could else lead us to anything inside. The caller connects to the answer and asks no name server again.
    """
    allowed = origin(url)
    if not allowed:
        raise NotAllowed("not an address of the web")
    insist(Kind.WEB, allowed)
    parts = urlsplit(allowed)
    for found in _resolved(parts.hostname or "", parts.port or 0):
        at = f"{parts.scheme}://{_in_url(found)}:{parts.port}"
        if not (is_public(found) or is_allowed(Kind.WEB, at)):
            refuse(Kind.WEB, at)
        return found
    raise NotSent("no address")


def _resolved(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent("the name is not known") from error
    return [str(address[4][0]) for address in found]


def _in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def is_public(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # with a zone: of this machine's own network
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            found = found.ipv4_mapped
        elif any(found in tunnel for tunnel in TUNNELS):
            return False
    return found.is_global and not found.is_multicast


# Folders ---------------------------------------------------------------------------------------------------------
def checked_folder(allowed: AllowedAddress | None) -> Path:
    """The folder, if it is still allowed and still is what its path says: a link put there later leads elsewhere."""
    if allowed is None:
        raise NotSent("no folder")
    if allowed.ended_at or allowed.kind != Kind.FOLDER:
        refuse(Kind.FOLDER, allowed.value)
    if not os.path.isdir(allowed.value):
        raise NotSent("the folder is not there")
    if os.path.realpath(allowed.value) != os.path.normpath(allowed.value):
        refuse(Kind.FOLDER, allowed.value)
    return Path(allowed.value)
