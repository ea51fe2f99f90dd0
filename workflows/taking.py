"""What pages and API share when a step is taken: the step's form, and what a refusal answers."""

from workflows.forms import StepForm
from workflows.kinds import Kind
from workflows.refusals import Reason

# HTTP's word for each reason. Hidden and missing are one.
STATUS = {
    Reason.NOT_FOUND: 404,
    Reason.NOT_PERMITTED: 403,
    Reason.NOT_POSSIBLE: 409,
    Reason.OUTRUN: 409,
    Reason.KEY_REUSED: 409,
    Reason.UNMET: 422,
}


def form_for(kind: Kind, step: str) -> type[StepForm]:
    """What the step asks for: the kind's own form, or a note."""
    form = kind.forms.get(step, StepForm)
    if not issubclass(form, StepForm):
        raise TypeError(f"{form.__name__} is not a StepForm")
    return form
