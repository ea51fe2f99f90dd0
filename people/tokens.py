"""API tokens at the door of the API: whose they are, and what they may be used for."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import TokenAuthentication as HeaderAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from people.models import Account, ApiToken, TokenScopes, token_digest

if TYPE_CHECKING:
    # At run time the views read this module's name from the settings while they are imported themselves.
    from rest_framework.views import APIView


USE_NOTED_EVERY = timedelta(minutes=1)


class TokenAuthentication(HeaderAuthentication):
    """`Authorization: Token SECRET`. Unknown, ended and revoked tokens are refused in the same words."""

    def authenticate_credentials(self, key: str) -> tuple[Account, ApiToken]:
        now = timezone.now()
        live = ApiToken.objects.live(now).select_related("account__officer")
        token = live.filter(digest=token_digest(key), account__is_active=True).first()
        if token is None:
            raise AuthenticationFailed(_("令牌无效、已到期或已撤销"))
        if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.account, token


class TokenScope(BasePermission):
    """Somebody is signed in, and a token is used within its scope: to read, or also to act."""

    message = _("没有登录，或令牌的权限不够")

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not (request.user and request.user.is_authenticated):
            return False
        if isinstance(request.auth, ApiToken) and request.method not in SAFE_METHODS:
            return request.auth.scope == TokenScopes.ACT
        return True
