"""Deadlines as events of RFC 5545: just what a deadline needs. Plain Python."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRODUCT = "-//Trilink//Deadlines 1//ZH"
FOLD = 75  # bytes of a line
TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One deadline: the whole of its last day. A higher `sequence` under the same `uid` replaces what was told."""

    uid: str
    sequence: int
    stamp: datetime
    day: date
    summary: str
    description: str = ""
    url: str = ""
    attendee: str = ""  # whose calendar it is; a feed has none
    is_cancelled: bool = False


def calendar(events: Iterable[Event], *, method: str, name: str = "") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{method}"]
    if name:
        lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for event in events:
        lines += _lines(event)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _lines(event: Event) -> Sequence[str]:
    optional = {"DESCRIPTION": escaped(event.description), "URL": event.url.replace("\n", "").replace("\r", "")}
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{event.stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(event.summary)}",
        *(f"{name}:{value}" for name, value in optional.items() if value),
        *_people(event),
        "TRANSP:TRANSPARENT",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        *(() if event.is_cancelled else _alarm(event)),
        "END:VEVENT",
    ]


def _people(event: Event) -> Iterator[str]:
    """A request names who asks and who is asked; nobody has to answer."""
    if event.attendee:
        address = "".join(character for character in event.attendee if character.isprintable() and character != '"')
        yield "ORGANIZER;CN=Trilink:mailto:trilink@invalid"
        yield f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{address}"


def _alarm(event: Event) -> Iterator[str]:
    """At nine on the day before."""
    yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(event.summary)}", "TRIGGER:-PT15H")
    yield "END:VALARM"


def escaped(text: str) -> str:
    """Text as a value: no character of it can end the line or begin another property."""
    kept = "".join(character for character in text if character == "\n" or character.isprintable())
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> bytes:
    """Lines of 75 bytes at most, broken between characters; each but the first begins with a space."""
    parts, part = [], b""
    for character in line:
        encoded = character.encode()
        if len(part) + len(encoded) > FOLD:
            parts.append(part)
            part = b" "
        part += encoded
    return b"\r\n".join([*parts, part]) + b"\r\n"
