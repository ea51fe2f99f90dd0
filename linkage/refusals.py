"""Why the linkage did not do what it was asked. The argument says it in words for the reader."""


class LinkageRefused(Exception):
    """What was asked cannot be done; nothing was saved."""

    code = "refused"


class NoPolicy(LinkageRefused):
    """No policy is in force on that day."""

    code = "no_policy"


class PolicyNotSound(LinkageRefused):
    """The rules about rules found errors, or the version is there already."""

    code = "policy_not_sound"


class CycleNotFinal(LinkageRefused):
    """Only a final cycle is decided and opens cases; any cycle can be previewed."""

    code = "cycle_not_final"


class NotPermitted(LinkageRefused):
    """The actor may not do this."""

    code = "not_permitted"


class UnknownKind(LinkageRefused):
    """A decision names a linkage that is not installed."""

    code = "unknown_kind"


class StaleDraft(LinkageRefused):
    """Somebody else has written the draft since it was read."""

    code = "stale_draft"


class StepNotPossible(LinkageRefused):
    """The policy's state does not allow the step."""

    code = "step_not_possible"


class RunIsLater(LinkageRefused):
    """A later day has been decided already: what came late is late against the latest run."""

    code = "run_is_later"


class ValueRefused(LinkageRefused):
    """The policy does not leave that value to a branch."""

    code = "value_refused"
