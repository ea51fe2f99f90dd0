"""Calendar feeds: a secret address that a calendar program reads by itself, without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.models import Account
from people.roles import Role
from workflows import agenda, choices
from workflows.channels import calendar, ical, mail


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The open deadlines of a person or a desk. A wrong secret is answered as a page that does not exist."""
    owner, now = choices.feed_of(secret), timezone.now()
    base = request.build_absolute_uri("/").rstrip("/")
    if isinstance(owner, Account):
        language, items = owner.language or mail.CHINESE, agenda.open_items(owner, now)
    else:
        language, items = mail.CHINESE, agenda.open_items_of_desk(owner.role, owner.path, now)
    with translation.override(language):
        name = _("三挂钩：我的期限") if isinstance(owner, Account) else _("三挂钩：%s期限") % Role(owner.role).label
        moves = agenda.moves(items)
        events = [calendar.event_of(item, moves[item.pk], now, base) for item in items]
        content = ical.calendar(events, method="PUBLISH", name=name)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
    return HttpResponse(content, content_type=ical.TYPE, headers=headers)
