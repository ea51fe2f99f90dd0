"""A rest leave: its states and its two steps."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.roles import Role
from workflows.models import Case
from workflows.refusals import Unmet, besides_subject, by_line_manager, by_role
from workflows.steps import step


class State(models.TextChoices):
    PROPOSED = "proposed", _("待批准")  # HR has not said yes or no
    APPROVED = "approved", _("已批准")  # the unit is to let the person go
    TAKEN = "taken", _("已休假")  # over
    REFUSED = "refused", _("不批准")  # over


class RestCase(Case):
    """One person's rest leave."""

    State: ClassVar[type[State]] = State
    days = models.PositiveSmallIntegerField(default=5)

    class Meta:
        verbose_name = verbose_name_plural = _("疗休养")

    @step(State.PROPOSED, State.APPROVED, _("批准疗休养"), by=besides_subject(by_role(Role.HR)))
    def approve(self, *, days: int = 5) -> None:
        if days < 1:
            raise Unmet(_("至少一天"))
        self.days = days

    @step(State.PROPOSED, State.REFUSED, _("不批准"), by=besides_subject(by_role(Role.HR)), harm=True)
    def refuse(self) -> None:
        """Not this year."""

    @step(State.APPROVED, State.TAKEN, _("休假结束"), by=by_line_manager)
    def take(self, **_said: Any) -> None:
        """He is back."""
