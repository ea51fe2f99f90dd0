"""The in-app inbox: each message is there exactly once, however often it is delivered."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.utils import timezone, translation

from workflows import kinds
from workflows.kinds import Kind
from workflows.models import Cause, InboxEntry, OutboxMessage, TransitionRecord
from workflows.refusals import Words

NAMESPACE = UUID("6f1c2a52-3f0e-5c0b-9a57-2f6d3b7e5a10")
GROWS_FOR = timedelta(minutes=1)
LONGEST = InboxEntry._meta.get_field("title_zh").max_length
REMINDER = ("{subject}：{title}“{duty}”将于{due}到期", "{subject}: {title}, {duty} is due on {due}")
ESCALATION = ("{subject}：{title}“{duty}”已于{due}逾期", "{subject}: {title}, {duty} was due on {due}")
PLAIN = ("{subject}：{title}", "{subject}: {title}")
LANGUAGES = ("zh-hans", "en")


def put(messages: Sequence[OutboxMessage], now: datetime) -> None:
    """Lay the messages in the inboxes of their readers. What one act told a desk lies in one pile."""
    states = states_told(messages)
    # A replay of what had arrived must not lead a pile: its row would be refused, and the rest stay unseen behind it.
    replayed = [message.replay_of_id for message in messages if message.replay_of_id]
    there = set(InboxEntry.objects.filter(message__in=replayed).values_list("message", flat=True)) if replayed else ()
    fresh = [message for message in messages if message.replay_of_id not in there]
    piles = {message.pk: pile_of(message) for message in fresh}
    # Only a fresh pile grows unseen: what comes later begins a new one, which is unread.
    growing = InboxEntry.objects.filter(pile__in=set(piles.values()), leads=True, at__gte=now - GROWS_FOR)
    led = set(growing.values_list("pile", flat=True))
    entries = []
    for message in fresh:
        pile = piles[message.pk]
        entries.append(_entry(message, states.get((message.case_id, message.number), ""), now))
        entries[-1].pile, entries[-1].leads = pile, pile is None or pile not in led
        led.add(pile)
    InboxEntry.objects.bulk_create(entries, ignore_conflicts=True)


def pile_of(message: OutboxMessage) -> UUID | None:
    """The same for all that was written to a desk on one topic at one moment, however many rounds deliver it."""
    if message.officer_id:
        return None
    said = (message.topic, message.cause, message.role, message.desk, message.written_at.isoformat())
    return uuid5(NAMESPACE, "|".join(said))


def states_told(messages: Iterable[OutboxMessage]) -> dict[tuple[object, object], str]:
    """The state that was entered with the history row a message tells of: the case may be elsewhere by now."""
    cases = {message.case_id for message in messages if message.number}
    told = TransitionRecord.objects.filter(case__in=cases, number__in={m.number for m in messages if m.number})
    return {(case, number): target for case, number, target in told.values_list("case", "number", "target")}


def _entry(message: OutboxMessage, state: str, now: datetime) -> InboxEntry:
    zh, en = titles(message, state)
    return InboxEntry(
        message_id=message.replay_of_id or message.pk,
        topic=message.topic,
        case_id=message.case_id,
        role=message.role,
        desk=message.desk,
        officer_id=message.officer_id,
        cause=message.cause,
        title_zh=zh[:LONGEST],
        title_en=en[:LONGEST],
        at=now,
    )


def titles(message: OutboxMessage, state: str) -> tuple[str, str]:
    """What the message says in one line, in Chinese and in English."""
    case = message.case
    if case is None:
        return message.payload.get("title_zh", message.topic), message.payload.get("title_en", message.topic)
    kind = kinds.get(case.kind)
    zh, en = (
        _filled(
            template,
            {
                "subject": case.officer.name if case.officer else case.unit.name if case.unit else "",
                "title": case.title,
                "kind": _said(kind.title, language),
                "state": _said(kind.label_of(state), language) if state else "",
                "duty": _duty(kind, message, language),
                "due": _due(message),
            },
        )
        for template, language in zip(_templates(kind, message, state), LANGUAGES, strict=True)
    )
    return zh, en


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Not `str.format`: a payload may carry what a person wrote, braces included."""
    return re.sub(r"\{(\w+)\}", lambda name: values.get(name[1], name[0]), template)


def _templates(kind: Kind, message: OutboxMessage, state: str) -> tuple[str, str]:
    if "title_zh" in message.payload:
        return message.payload["title_zh"], message.payload["title_en"]
    if message.cause == Cause.REMINDER:
        return REMINDER
    if message.cause == Cause.ESCALATION:
        return ESCALATION
    for dispatch in kind.dispatches.get(state, ()):
        if dispatch.topic == message.topic and message.role in (dispatch.role, *_stand_ins(dispatch.role)):
            return dispatch.title_zh, dispatch.title_en
    return PLAIN


def _stand_ins(role: str) -> tuple[str, ...]:
    """What is told to the subject goes to the unit's head when the subject is a unit."""
    return ("unit_head",) if role == "officer" else ()


def _duty(kind: Kind, message: OutboxMessage, language: str) -> str:
    duty = kind.duties.get(message.payload.get("duty", ""))
    return _said(duty.title, language) if duty else ""


def _due(message: OutboxMessage) -> str:
    due = message.payload.get("due")
    return timezone.localdate(datetime.fromisoformat(due)).isoformat() if due else ""


def _said(words: Words, language: str) -> str:
    with translation.override(language):
        return str(words)
