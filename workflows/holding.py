"""A case that another case may hold (an objection, an inquiry), and let go to where it was. For a kind's own model."""

from django.db import models


class Holdable(models.Model):
    """What it takes to stand still and go on: the state it was held in, and how many hold it.

    The steps themselves belong to the kind, because a step belongs to one kind; their bodies call these two.
    """

    held_from = models.CharField(max_length=50, default="", editable=False)
    holds = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def be_held(self, state: str, *, held: str) -> None:
        """Note one holder more. `state` is the present one; a case already held keeps where it came from."""
        if state != held:
            self.held_from = str(state)
        self.holds += 1

    def be_released(self, *, held: str) -> str:
        """Drop one holder, and say the state to go to: it stays held until the last one lets go."""
        self.holds -= 1
        return str(held) if self.holds else self.held_from
