"""The sample bureau, loaded and carried to its open cases; what was interrupted is finished at the next start."""

from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.utils.translation import gettext as _

from config.env import BASE_DIR
from people.models import Officer, Unit

FOLDER = BASE_DIR / "samples" / "haizhou"
# Cycle and the day of knowledge: the latest of each in samples/haizhou/expected.
RUNS = (("2025", "2026-03-31"), ("2025Q4", "2026-01-10"), ("2025-12", "2026-01-05"))


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A file beside the data that remembers whether the demo was begun and ended."""

    path: Path

    @property
    def is_begun(self) -> bool:
        return self.path.exists() and not self.is_finished

    @property
    def is_finished(self) -> bool:
        return self.path.exists() and self.path.read_text() == "finished\n"

    def begin(self) -> None:
        self.path.write_text("begun\n")

    def finish(self) -> None:
        self.path.write_text("finished\n")


def is_wanted(*, mark: Mark, embedded: bool, asked: bool) -> bool:
    """Never by itself on a database that is not our own, and never into one that holds something else."""
    if asked:
        return True
    return embedded and (mark.is_begun or is_empty())


def is_empty() -> bool:
    return not (Officer.objects.exists() or Unit.objects.exists())


def load(*, mark: Mark, say: Callable[[str], None]) -> None:
    """Every command can be run again: after an interruption each does what is left of its part."""
    mark.begin()
    say(_("载入示例公安局：%(folder)s …") % {"folder": FOLDER.relative_to(BASE_DIR)})
    call_command("load_bureau", str(FOLDER), stdout=StringIO())
    call_command("demo_accounts", demo=True, stdout=StringIO())
    call_command("demo_training", demo=True, stdout=StringIO())
    for cycle, as_of in RUNS:
        say(_("认定并开立事项：%(cycle)s，截至 %(day)s 已知 …") % {"cycle": cycle, "day": as_of})
        call_command("evaluate", cycle, as_of=as_of, stdout=StringIO())
        call_command("open_cases", cycle, as_of=as_of, stdout=StringIO())
    call_command("demo_policy", demo=True, stdout=StringIO())
    mark.finish()
