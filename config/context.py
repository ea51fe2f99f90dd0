"""What every page's frame shows: navigation by role, counts of my work, unread messages."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from appraisal.permissions import holds_at_the_top
from config.navigation import GROUPS, Entry, entries
from people.models import Account, Unit
from people.roles import Role
from workflows import desk, messages
from workflows.refusals import Words
from workflows.words import listed

TABS = 4  # and one for everything else


@dataclass(frozen=True, kw_only=True)
class Link:
    url: str
    label: Words
    short: Words
    icon: str
    current: bool
    count: str = ""
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Links:
    title: Words
    entries: list[Link]


def address(route: str) -> str:
    """The page's address, or nothing where the page's app is not installed."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


class Shell:
    """Read lazily: a part of a page sent to htmx has no frame and costs no query for it."""

    def __init__(self, request: HttpRequest, account: Account) -> None:
        self.request = request
        self.account = account

    frame = "base.html"
    home = "/"

    @cached_property
    def held(self) -> frozenset[str]:
        own = {str(Role.OFFICER)} if self.account.officer_id else set()
        return frozenset({role for role, _path in self.account.grants} | own)

    @cached_property
    def groups(self) -> list[Links]:
        found = [Links(title=g.title, entries=[self._link(e) for e in entries(g) if self._shown(e)]) for g in GROUPS]
        return [group for group in found if group.entries]

    @cached_property
    def tabs(self) -> list[Link]:
        everything = address("menu")
        tabs = [entry for group in self.groups for entry in group.entries if entry.short][:TABS]
        more = Link(
            url=everything, label=_("更多"), short=_("更多"), icon="more", current=self.request.path == everything
        )
        return [*tabs, more]

    @cached_property
    def load(self) -> desk.Load:
        return desk.load(self.account)

    @cached_property
    def unread(self) -> str:
        return messages.unread(self.account)

    @cached_property
    def bureau(self) -> str:
        root = Unit.objects.filter(parent=None).order_by("path").values_list("name", flat=True).first()
        return root or ""

    @cached_property
    def roles(self) -> str:
        offices = [role for role in Role.values if role in self.held and role != Role.OFFICER]
        names = [str(Role(role).label) for role in offices or self.held]
        return listed(names[:2]) + (_("等") if len(names) > 2 else "")

    search_url = property(lambda self: address("people:search") if self._searches else "")
    messages_url = property(lambda self: address("workflows:messages"))
    account_url = property(lambda self: address("people:account"))
    logout_url = property(lambda self: address("people:logout"))
    menu_url = property(lambda self: address("menu"))

    @property
    def _searches(self) -> bool:
        return any(entry.route == "people:search" and self._shown(entry) for entry in self._all())

    def _all(self) -> Iterator[Entry]:
        for group in GROUPS:
            yield from group.entries

    def _shown(self, entry: Entry) -> bool:
        held = not entry.roles or bool(self.held & set(entry.roles))
        wide = not entry.whole or holds_at_the_top(self.account, *entry.roles)
        return bool(address(entry.route)) and held and wide

    def _link(self, entry: Entry) -> Link:
        url = address(entry.route)
        # The list of all cases and the list of one kind are one address with another filter.
        asked = {key: value for key, value in self.request.GET.items() if key == "kind"}
        wanted = dict(pair.split("=") for pair in entry.query.split("&") if pair)
        current = self.request.path == url and (asked == wanted or entry.route != "workflows:cases")
        return Link(
            url=f"{url}?{entry.query}" if entry.query else url,
            label=entry.label,
            short=entry.short,
            icon=entry.icon,
            current=current,
            count=self.load.shown if entry.counted else "",
            late=self.load.late if entry.counted else False,
        )


class Stranger:
    """Nobody has signed in: no navigation."""

    frame = "_bare.html"


def shell(request: HttpRequest) -> dict[str, Any]:
    account = getattr(request, "user", None)
    return {"shell": Shell(request, account) if isinstance(account, Account) else Stranger()}
