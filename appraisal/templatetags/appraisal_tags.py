"""How cycles and results are shown: `{% load appraisal_tags %}`."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from appraisal.models import Cycle, CycleState

register = template.Library()

TONES = {
    CycleState.COLLECTING: "mute",
    CycleState.CHECKED: "info",
    CycleState.ON_NOTICE: "info",
    CycleState.OBJECTIONS: "warn",
    CycleState.FINAL: "ok",
    CycleState.LINKED: "ok",
}


@register.simple_tag
def cycle_badge(cycle: Cycle) -> SafeString:
    """The state of a cycle: icon, word and colour."""
    shown = {"label": cycle.get_state_display(), "tone": TONES[CycleState(cycle.state)]}
    return render_to_string("appraisal/_badge.html", shown)
