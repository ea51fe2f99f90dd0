"""A policy in a file, as the commands read it: what is wrong with it is said with its line and column."""

from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linkage import rules
from linkage.management.arguments import BAD_INPUT


def policy_in(file: Path) -> rules.Policy:
    """The policy of a file, or what keeps it from being one."""
    try:
        return rules.parse(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}", returncode=BAD_INPUT) from None
    except UnicodeDecodeError as error:
        words = _("第 %(byte)d 个字节不是 UTF-8 文字") % {"byte": error.start + 1}
        raise CommandError(f"{file}: {words}", returncode=BAD_INPUT) from None
    except rules.PolicyError as refused:
        raise refused_at(file, refused) from None


def refused_at(file: Path, refused: rules.PolicyError) -> CommandError:
    """`plan.yaml:12:5: ...`, as an editor takes it."""
    said = refused.en if (get_language() or "").startswith("en") else refused.zh
    return CommandError(f"{file}:{refused.line}:{refused.column}: {said}", returncode=BAD_INPUT)
