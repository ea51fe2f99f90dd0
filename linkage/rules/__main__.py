"""python -m linkage.rules check|describe FILE, decide FILE FOLDER CYCLE DAY, schema: a policy tried from the shell."""

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from .check import check
from .describe import describe, describe_quota
from .folder import read_folder
from .model import Policy
from .parse import parse
from .parted import decide
from .reasons import reasons
from .refusals import PolicyError
from .schema import text


def checked(policy: Policy) -> Iterator[str]:
    for finding in check(policy):
        yield f"{finding.level}: {finding.rule} (line {finding.line}): {finding.text_zh} | {finding.text_en}"


def described(policy: Policy) -> Iterator[str]:
    for rule in policy.rules.values():
        yield "\n  ".join((rule.id, *describe(policy, rule)))
    for quota in policy.quotas.values():
        yield "\n  ".join((quota.id, *describe_quota(policy, quota)))


def decided(policy: Policy, folder: str, code: str, day: str) -> Iterator[str]:
    """One line per decision, with its sentence."""
    result = decide(policy, read_folder(folder), code, date.fromisoformat(day))
    for row in reasons(result).iter_rows(named=True):
        yield "\t".join(row[name] for name in ("rule", "subject", "status", "zh"))


COMMANDS: dict[str, Callable[..., Iterator[str]]] = {"check": checked, "describe": described, "decide": decided}


def main(arguments: Sequence[str]) -> int:
    if list(arguments) == ["schema"]:
        sys.stdout.write(text())
        return 0
    if len(arguments) < len(("command", "file")) or arguments[0] not in COMMANDS:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    command, path, *rest = arguments
    try:
        policy = parse(Path(path).read_text("utf-8"))
        for line in COMMANDS[command](policy, *rest):
            sys.stdout.write(f"{line}\n")
    except PolicyError as refusal:
        sys.stderr.write(f"{path}: {refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
