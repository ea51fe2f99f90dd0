"""What the Django admin opens to whom: by role, and only what an app has named. There are no superusers."""

from collections import defaultdict

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Model

from people.models import EVERYWHERE, Account

_allowed: defaultdict[str, set[str]] = defaultdict(set)


def allow(role: str, *models: type[Model], actions: tuple[str, ...] = ("view",)) -> None:
    """Let the holders of a role everywhere `view`, `add`, `change` or `delete` rows of these models in the admin.

    Called from the app's `ready`.
    """
    for model in models:
        label, name = model._meta.app_label, model._meta.model_name
        _allowed[role] |= {f"{label}.{action}_{name}" for action in actions}


class RoleBackend(BaseBackend):
    """Turns roles held everywhere into the permissions that the Django admin asks for. It signs nobody in."""

    def has_perm(self, user_obj: AbstractUser | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        return perm in self._permissions(user_obj)

    def has_module_perms(self, user_obj: AbstractUser | AnonymousUser, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self._permissions(user_obj))

    def _permissions(self, user: AbstractUser | AnonymousUser) -> set[str]:
        if not (isinstance(user, Account) and user.is_active):
            return set()
        return {perm for role, path in user.grants if path == EVERYWHERE for perm in _allowed[role]}
