"""A message of no meaning that goes the whole way each minute: tick, task, outbox row, delivery, receiver."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from people.roles import Role
from workflows import outbox
from workflows.models import Canary, Cause, OutboxMessage, ReceivedMessage

TOPIC = "canary"
KEPT = timedelta(days=2)


@transaction.atomic
def send() -> None:
    now = timezone.now()
    message = OutboxMessage.objects.create(
        topic=TOPIC, cause=Cause.NOTICE, role=Role.SYSTEM, desk="", written_at=now, available_at=now
    )
    Canary.objects.create(message_id=message.pk, sent_at=now)


def arrive(message: OutboxMessage) -> None:
    """The receiver's end. Delivered twice, it arrived the first time."""
    Canary.objects.filter(message_id=message.pk, arrived_at=None).update(arrived_at=timezone.now())


def newest() -> Canary | None:
    """The last one that came through."""
    return Canary.objects.exclude(arrived_at=None).order_by("-sent_at").first()


def forget_old() -> int:
    """Canaries are the one kind of message that nobody will ask for again."""
    old = Canary.objects.filter(sent_at__lt=Now() - KEPT)
    messages = OutboxMessage.objects.filter(pk__in=old.values("message_id"), topic=TOPIC)
    ReceivedMessage.objects.filter(receiver=f"{TOPIC}:", key__in=list(messages.values_list("key", flat=True))).delete()
    messages.delete()
    gone, _of = old.delete()
    return gone


def listen() -> None:
    """Called from the app's `ready`."""
    outbox.receive(TOPIC, arrive)
