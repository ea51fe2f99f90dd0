"""The rules about rules, put to a policy with what this bureau knows: its directory and its kinds of outcome."""

from linkage import outcomes, rules
from linkage.frames import FIELDS


def findings(policy: rules.Policy) -> list[rules.Finding]:
    return rules.check(policy, fields=FIELDS, nearest_outcome=outcomes.nearest)
