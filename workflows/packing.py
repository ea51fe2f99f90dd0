"""Messages into parcels: what a desk or a person is told outside the product, by the channels they have chosen.

Runs in the transaction that marks the messages: each is packed exactly once. What still waits for the same receiver is
laid together, so that a department gets one list and not a letter for each case.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from people.models import Account, RoleGrant, StandIn
from workflows import rows
from workflows.channels.mail import address_of_account
from workflows.models import Channel, DeskChoice, OutboxMessage, PersonalChoice

GATHER = timedelta(seconds=10)  # what follows within this time goes with it
MORNING = time(8)
# A message of the last minutes goes with the next day's digest: nobody is still packing when the day's digest leaves.
CUT_OFF = timedelta(minutes=5)

Box = tuple[str, str, int | None]

PACK = """
INSERT INTO workflows_parcel
    (channel, fold, role, desk, account_id, topic, digest_day, written_at, available_at, messages)
SELECT p.channel, p.fold, p.role, p.desk, p.account, p.topic, p.digest_day, %(now)s, p.available_at,
    p.messages::bigint[]
FROM unnest(
    %(channel)s::text[], %(fold)s::text[], %(role)s::text[], %(desk)s::text[], %(account)s::int[], %(topic)s::text[],
    %(digest_day)s::date[], %(available_at)s::timestamptz[], %(messages)s::text[]
) AS p(channel, fold, role, desk, account, topic, digest_day, available_at, messages)
ON CONFLICT (fold) WHERE attempts = 0 AND sent_at IS NULL AND dead_at IS NULL AND replay_of_id IS NULL
DO UPDATE SET messages = workflows_parcel.messages || excluded.messages
"""
COLUMNS = ("channel", "fold", "role", "desk", "account", "topic", "digest_day", "available_at")


@dataclass(slots=True)
class Bundle:
    """What of this batch goes the same way."""

    channel: str
    fold: str
    available_at: datetime
    role: str = ""
    desk: str = ""
    account: int | None = None
    topic: str = ""
    digest_day: date | None = None
    ids: list[int] = field(default_factory=list)


def pack(messages: Sequence[OutboxMessage], now: datetime) -> None:
    """Write the parcels of a batch: five reads and one write, however many messages and receivers."""
    choices = _choices(messages)
    readers = _readers(messages)
    bundles: dict[str, Bundle] = {}
    for message in messages:
        # Who holds a desk and stands in for another of its holders is one reader.
        for fold, bundle in {way.fold: way for way in _ways(message, choices, readers, now)}.items():
            bundles.setdefault(fold, bundle).ids.append(message.pk)
    # In one order: two that pack for the same receivers wait for each other, and never both.
    write([bundles[fold] for fold in sorted(bundles)], now)


def write(bundles: Sequence[Bundle], now: datetime) -> None:
    if not bundles:
        return
    columns = {name: [getattr(bundle, name) for bundle in bundles] for name in COLUMNS}
    lists = [rows.array(bundle.ids) for bundle in bundles]
    with connection.cursor() as cursor:
        cursor.execute(PACK, {**columns, "messages": lists, "now": now})


def box_of(message: OutboxMessage) -> Box:
    return ("", "", message.officer_id) if message.officer_id else (message.role, message.desk, None)


def _choices(messages: Iterable[OutboxMessage]) -> Mapping[tuple[str, str], DeskChoice]:
    wanted = Q(pk__in=[])
    for role, path in {(m.role, m.desk) for m in messages if not m.officer_id}:
        wanted |= Q(role=role, path=path)
    return {(choice.role, choice.path): choice for choice in DeskChoice.objects.filter(wanted)}


def _readers(messages: Iterable[OutboxMessage]) -> Mapping[Box, list[Account]]:
    """Who reads each box: the officer, or the accounts that hold the role of the desk today or stand in for one."""
    readers: defaultdict[Box, list[Account]] = defaultdict(list)
    officers = {message.officer_id for message in messages if message.officer_id}
    accounts = Account.objects.filter(is_active=True, officer__in=officers)
    for account in accounts.select_related("officer", "message_choice"):
        readers["", "", account.officer_id].append(account)
    desks = Q(pk__in=[])
    for role, path in {(m.role, m.desk) for m in messages if not m.officer_id}:
        desks |= Q(role=role, path=path)
    grants = RoleGrant.objects.in_force(timezone.localdate()).filter(desks, account__is_active=True)
    for grant in grants.select_related("account__officer", "account__message_choice"):
        readers[grant.role, grant.path, None].append(grant.account)
    places = StandIn.objects.in_force(timezone.localdate()).filter(desks, substitute__is_active=True)
    for place in places.select_related("substitute__officer", "substitute__message_choice"):
        readers[place.role, place.path, None].append(place.substitute)
    return readers


def _ways(
    message: OutboxMessage,
    choices: Mapping[tuple[str, str], DeskChoice],
    readers: Mapping[Box, Sequence[Account]],
    now: datetime,
) -> Iterator[Bundle]:
    choice = None if message.officer_id else choices.get((message.role, message.desk))
    if choice:
        yield from _to_desk(message, choice, now)
    if choice is None or choice.to_members:
        for account in readers.get(box_of(message), ()):
            if bundle := to_person(account, now):
                yield bundle


def _to_desk(message: OutboxMessage, choice: DeskChoice, now: datetime) -> Iterator[Bundle]:
    for channel in channels_of(choice):
        yield Bundle(
            channel=channel,
            fold=f"{channel}:{message.role}:{message.desk}:{message.topic}",
            role=message.role,
            desk=message.desk,
            topic=message.topic,
            available_at=now + GATHER,
        )


def channels_of(choice: DeskChoice) -> list[str]:
    """The ways out that a desk has chosen for itself, besides letters to its members."""
    chosen = {
        Channel.MAIL: choice.mailbox,
        Channel.WEBHOOK: choice.webhook and choice.secret_number,
        Channel.DROP: choice.folder_id,
    }
    return [channel.value for channel, value in chosen.items() if value]


def to_person(account: Account, now: datetime) -> Bundle | None:
    """A letter at once, the next morning's digest, or nothing."""
    choice = getattr(account, "message_choice", None)
    mail = choice.mail if choice else PersonalChoice.Mail.SINGLE
    if mail == PersonalChoice.Mail.NONE or not address_of_account(account):
        return None
    if mail == PersonalChoice.Mail.SINGLE:
        return Bundle(
            channel=Channel.MAIL.value, fold=f"mail:{account.pk}", account=account.pk, available_at=now + GATHER
        )
    return digest_of(account.pk, digest_day(now))


def digest_day(now: datetime) -> date:
    """The day whose digest a message of this moment goes with."""
    local = timezone.localtime(now + CUT_OFF)
    return local.date() if local.time() < MORNING else local.date() + timedelta(days=1)


def digest_of(account: int, day: date) -> Bundle:
    return Bundle(
        channel=Channel.MAIL.value,
        fold=f"digest:{account}:{day}",
        account=account,
        digest_day=day,
        available_at=timezone.make_aware(datetime.combine(day, MORNING)),
    )
