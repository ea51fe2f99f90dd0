"""Signed webhooks: one POST per parcel, to an allowed address, with the same idempotency key at every try.

The connection goes to the very address that was checked, follows no redirect, and reads nothing but the status.
"""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Timer
from time import time
from typing import Any
from urllib.parse import urlsplit

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.crypto import salted_hmac

from workflows.channels import allowed, signature
from workflows.channels.base import NotSent, Pack, Send, Told, Withdrawn
from workflows.models import DeskChoice

PATIENCE = 10  # seconds for each answer of the other side
LONGEST = 20  # seconds for all of it: one that drips its answer is cut off
OVERLAP = timedelta(days=7)  # how long the secret before still signs
SALT = "trilink.webhook"


def secret_of(choice: DeskChoice, number: int) -> str:
    """Made from the product's own key, and so in no table and no dump. It is shown when it is made, and never again."""
    return f"whsec_{salted_hmac(SALT, f'{choice.webhook_key}:{number}', algorithm='sha256').hexdigest()}"


def secrets_of(choice: DeskChoice, now: datetime) -> list[str]:
    """The secret in force, and the one before while a change is under way."""
    numbers = [choice.secret_number]
    if choice.older_until and choice.older_until > now and choice.secret_number > 1:
        numbers.append(choice.secret_number - 1)
    return [secret_of(choice, number) for number in numbers]


@contextmanager
def opened() -> Iterator[Send]:
    yield send


def send(pack: Pack) -> None:
    choice = pack.choice
    if choice is None or not choice.webhook or not choice.secret_number:
        raise Withdrawn
    body = json.dumps(content(pack), ensure_ascii=False, cls=DjangoJSONEncoder).encode()
    secrets = secrets_of(choice, timezone.now())
    headers = signature.headers(secrets, stamp=int(time()), body=body, key=str(pack.parcel.key))
    status = post(choice.webhook, body, {"Content-Type": "application/json", "User-Agent": "Trilink/1", **headers})
    if not 200 <= status < 300:
        raise NotSent(f"answered {status}")


def content(pack: Pack) -> dict[str, Any]:
    """Numbers, words of the product and the payloads of the messages: nobody by name."""
    parcel = pack.parcel
    return {
        "key": parcel.key,
        "topic": parcel.topic,
        "role": parcel.role,
        "desk": parcel.desk,
        "written_at": parcel.written_at,
        "count": len(pack.told),
        "messages": [_row(one) for one in pack.told],
    }


def _row(told: Told) -> dict[str, Any]:
    message, case = told.message, told.message.case
    return {
        "key": message.replay_of.key if message.replay_of else message.key,
        "cause": message.cause,
        "written_at": message.written_at,
        "case": case and {"id": case.pk, "kind": case.kind, "key": case.key, "number": message.number},
        "state": told.state,
        "payload": message.payload,
    }


class Pinned(http.client.HTTPConnection):
    """Connects to an address that was checked, whatever the name says by now."""

    def __init__(self, host: str, port: int, *, address: str, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=PATIENCE)
        self.address = address
        self.context = context

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), PATIENCE)
        self.sock = self.context.wrap_socket(plain, server_hostname=self.host) if self.context else plain


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer. The rest of it is not read."""
    address = allowed.checked_host(url)
    parts = urlsplit(url)
    context = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or allowed.PORTS[parts.scheme]
    connection = Pinned(parts.hostname or "", port, address=address, context=context)
    cut = Timer(LONGEST, _cut_off, [connection])
    cut.daemon = True
    cut.start()
    try:
        connection.request("POST", _target(url), body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotSent(type(error).__name__) from error
    finally:
        cut.cancel()
        connection.close()


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _cut_off(connection: Pinned) -> None:
    """Wakes the thread that waits on the socket; it closes it itself."""
    if connection.sock:
        connection.sock.shutdown(socket.SHUT_RDWR)
