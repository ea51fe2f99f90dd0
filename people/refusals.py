"""Why an action on people was not taken. Each carries the words for the reader; none knows HTTP."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Refused(Exception):
    """The action was not taken and nothing was saved."""

    code = "refused"

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words

    def __str__(self) -> str:
        return str(self.words)


class NotPermitted(Refused):
    """The actor holds none of the roles that may do this here."""

    code = "not_permitted"

    def __init__(self, words: Words = "") -> None:
        super().__init__(words or _("你没有办理这项操作的权限"))


class Clash(Refused):
    """It does not go together with what is already there."""

    code = "clash"


class Unfit(Refused):
    """What was said cannot be so: a day, a role, a name."""

    code = "unfit"
