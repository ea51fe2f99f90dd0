"""Message settings: a person's own, and those of the departments he answers for."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.http import AuthenticatedRequest, posted
from people.refusals import Refused
from workflows import choices, packing
from workflows.channels.mail import address_of_account
from workflows.choices import Desk
from workflows.forms_post import DeskForm, PersonalForm
from workflows.models import Channel


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: AuthenticatedRequest) -> HttpResponse:
    account = request.user
    choice = choices.personal(account)
    form = PersonalForm(posted(request), initial={"mail": choice.mail, "calendar": choice.calendar})
    if form.is_valid():
        choices.choose_personal(account, **form.cleaned_data)
        messages.success(request, _("消息设置已保存。"))
        return redirect("workflows:message_settings")
    context = {
        "form": form,
        "address": address_of_account(account),
        "results": choices.results_of_person(account),
        "has_feed": choice.feed_digest is not None,
        "has_desks": bool(account.holds(*choices.CHOOSERS)),
    }
    return render(request, "workflows/message_settings.html", context)


@require_POST
def test_mine(request: AuthenticatedRequest) -> HttpResponse:
    if not address_of_account(request.user):
        messages.error(request, _("没有发送：你的账户还没有邮箱，请联系系统管理员登记。"))
    else:
        choices.send_test(Channel.MAIL, account=request.user)
        messages.success(request, _("测试消息已交付发送，几秒后刷新本页看结果。"))
    return redirect("workflows:message_settings")


@require_POST
@sensitive_variables("secret")
def feed_mine(request: AuthenticatedRequest) -> HttpResponse:
    if "revoke" in request.POST:
        choices.revoke_feed(request.user)
        messages.success(request, _("日历订阅地址已停用。"))
        return redirect("workflows:message_settings")
    secret = choices.issue_feed(request.user)
    return _shown_once(request, feed=secret, back=reverse("workflows:message_settings"))


@require_safe
def desk_list(request: AuthenticatedRequest) -> HttpResponse:
    if not request.user.holds(*choices.CHOOSERS):
        raise Http404
    words = request.GET.get("unit", "").strip()[:50]
    found = choices.desks(request.user, words)
    context = {"desks": found[: choices.SHOWN], "more": len(found) > choices.SHOWN, "words": words}
    return render(request, "workflows/desk_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: AuthenticatedRequest, role: str, code: str) -> HttpResponse:
    where = choices.get_desk(request.user, role, code)
    choice = choices.of_desk(where)
    fields = ("to_members", "mailbox", "webhook", "format")
    initial: dict[str, Any] = {**{name: getattr(choice, name) for name in fields}, "folder": choice.folder_id}
    form = DeskForm(posted(request), initial=initial)
    if form.is_valid():
        choices.choose_for_desk(where, form.cleaned_data, actor=request.user)
        messages.success(request, _("部门消息设置已保存。"))
        return _to(where)
    context = {
        "form": form,
        "desk": where,
        "choice": choice,
        "chosen": packing.channels_of(choice),
        "results": choices.results_of_desk(where),
        "older": choices.is_older_in_force(choice, timezone.now()),
    }
    return render(request, "workflows/desk_settings.html", context)


@require_POST
def test_desk(request: AuthenticatedRequest, role: str, code: str) -> HttpResponse:
    where = choices.get_desk(request.user, role, code)
    channel = request.POST.get("channel", "")
    if channel not in packing.channels_of(choices.of_desk(where)):
        messages.error(request, _("没有发送：这一渠道还没有设置好。"))
    else:
        choices.send_test(channel, desk=where)
        messages.success(request, _("测试消息已交付发送，几秒后刷新本页看结果。"))
    return _to(where)


@require_POST
@sensitive_variables("secret")
def secret(request: AuthenticatedRequest, role: str, code: str) -> HttpResponse:
    where = choices.get_desk(request.user, role, code)
    try:
        if "retire" not in request.POST:
            issued = choices.issue_secret(where, actor=request.user)
            return _shown_once(request, secret=issued, back=_address(where))
        choices.retire_secret(where, actor=request.user)
        messages.success(request, _("旧密钥已停用。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return _to(where)


@require_POST
@sensitive_variables("secret")
def feed_desk(request: AuthenticatedRequest, role: str, code: str) -> HttpResponse:
    where = choices.get_desk(request.user, role, code)
    if "revoke" in request.POST:
        choices.revoke_desk_feed(where, actor=request.user)
        messages.success(request, _("日历订阅地址已停用。"))
        return _to(where)
    secret = choices.issue_desk_feed(where, actor=request.user)
    return _shown_once(request, feed=secret, back=_address(where))


def _address(where: Desk) -> str:
    return reverse("workflows:desk_settings", args=[where.role, where.code])


def _to(where: Desk) -> HttpResponse:
    return redirect(_address(where))


@sensitive_variables("secret", "feed")
def _shown_once(request: AuthenticatedRequest, *, back: str, secret: str = "", feed: str = "") -> HttpResponse:
    """Not a redirect: what is secret must neither be kept in the session nor be shown a second time."""
    url = request.build_absolute_uri(reverse("workflows:feed", args=[feed])) if feed else ""
    answer = render(request, "workflows/shown_once.html", {"secret": secret, "url": url, "back": back})
    answer["Cache-Control"] = "no-store"
    return answer
