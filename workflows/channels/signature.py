"""How our webhooks are signed, and how a receiver makes sure of it. Plain Python: a receiver may copy this file.

    Trilink-Timestamp: 1795334400
    Trilink-Signature: v1=6ff2..., v1=91ab...
    Idempotency-Key: 0b9d6a1e-...

Each `v1` is the HMAC-SHA256, in hexadecimal, of the time stamp, a full stop and the body, with one of the secrets in
force. While a secret is being changed there are two of them; one that fits is enough.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

STAMP = "Trilink-Timestamp"
SIGNATURE = "Trilink-Signature"
KEY = "Idempotency-Key"
VERSION = "v1"
WINDOW = 300  # seconds that a receiver's clock may differ, and that a stolen request stays of use


class BadSignature(Exception):
    """The request was not signed with this secret, or not now."""


def digest(secret: str, stamp: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def headers(secrets: Sequence[str], *, stamp: int, body: bytes, key: str) -> dict[str, str]:
    """What a signed request carries."""
    signatures = ", ".join(f"{VERSION}={digest(secret, stamp, body)}" for secret in secrets)
    return {STAMP: str(stamp), SIGNATURE: signatures, KEY: key}


def verify(secret: str, received: Mapping[str, str], body: bytes, *, now: float) -> str:
    """Return the idempotency key of a genuine request. Who keeps the keys he has seen does nothing twice."""
    said = {name.lower(): value for name, value in received.items()}
    stamp, key = said.get(STAMP.lower(), ""), said.get(KEY.lower(), "")
    if not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12:
        raise BadSignature("no time stamp")
    if abs(now - int(stamp)) > WINDOW:
        raise BadSignature("outside the window")
    expected = digest(secret, int(stamp), body)
    given = [part.strip().removeprefix(f"{VERSION}=") for part in said.get(SIGNATURE.lower(), "").split(",")]
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise BadSignature("no signature fits")
    if not key:
        raise BadSignature("no idempotency key")
    return key
