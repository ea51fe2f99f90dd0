"""The accounts of machines, which act beside people: the clock, the loader, the console."""

from django.db import transaction
from django.utils import timezone

from people.models import EVERYWHERE, Account, RoleGrant
from people.roles import Role

UNUSABLE = "!"


@transaction.atomic
def machine(name: str) -> Account:
    """The machine account of this name, made when first asked for: no password, the system's role everywhere."""
    account, made = Account.objects.get_or_create(
        username=name, is_machine=True, defaults={"password": UNUSABLE, "language": "zh-hans"}
    )
    if made:
        RoleGrant.objects.create(
            account=account,
            role=Role.SYSTEM,
            path=EVERYWHERE,
            from_day=timezone.localdate(account.date_joined),
            granted_by=account,
        )
    return account
