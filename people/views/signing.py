"""Signing in and out, passwords, and the language an account reads."""

from http import HTTPStatus
from typing import Any

from axes.helpers import get_cool_off, get_failure_limit
from axes.utils import reset as unlock
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_cookie

from people.actions import remember_language
from people.forms.signing import ChangeForm, ForgottenForm, ResetForm, SignInForm
from people.models import Account


@method_decorator(login_not_required, name="dispatch")
class SignIn(views.LoginView):
    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """After signing in the pages speak the language the account chose, on whatever machine."""
        response = super().form_valid(form)
        account = form.get_user()
        if account.language:
            keep_language(response, account.language)
        return response


class SignOut(views.LogoutView):
    """By POST only: a link on another page must not sign anybody out."""

    def get_success_url(self) -> str:
        messages.success(self.request, _("已退出登录。"))
        return super().get_success_url()


class ChangePassword(views.PasswordChangeView):
    template_name = "people/password.html"
    form_class = ChangeForm
    success_url = reverse_lazy("people:account")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, _("口令已更换，其他设备上的登录已失效。"))
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class ForgotPassword(views.PasswordResetView):
    template_name = "people/password_forgotten.html"
    form_class = ForgottenForm
    subject_template_name = "people/mail/password_reset_subject.txt"
    email_template_name = "people/mail/password_reset.txt"
    success_url = reverse_lazy("people:reset_sent")


@method_decorator(login_not_required, name="dispatch")
class ResetSent(views.PasswordResetDoneView):
    """Says the same whether there is such an account or not."""

    template_name = "people/password_reset_sent.html"


@method_decorator(login_not_required, name="dispatch")
class ResetPassword(views.PasswordResetConfirmView):
    template_name = "people/password_reset.html"
    form_class = ResetForm
    success_url = reverse_lazy("people:login")

    def form_valid(self, form: "SetPasswordForm[Account]") -> HttpResponse:
        # Who proved to be the owner need not wait out the lock that his forgotten password brought about.
        unlock(username=form.user.get_username())
        messages.success(self.request, _("口令已重设，请用新口令登录。"))
        return super().form_valid(form)


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the pages; for somebody signed in, also of his next session and his mail."""
    response = set_cookie(request)
    if isinstance(request.user, Account):
        remember_language(account=request.user, language=request.POST.get("language", ""))
    return response


def locked(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """What django-axes shows instead of the sign-in page after too many wrong passwords."""
    wait = get_cool_off(request)
    told = {"limit": get_failure_limit(request, credentials), "minutes": int(wait.total_seconds() // 60) if wait else 0}
    return render(request, "people/locked.html", told, status=HTTPStatus.TOO_MANY_REQUESTS)


def keep_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
