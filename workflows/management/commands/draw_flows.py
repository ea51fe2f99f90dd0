"""`draw_flows`: write the pages of the state machines, `docs/flows/KIND.md`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from workflows import flows, kinds


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("由代码生成各类事项的流程图。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "docs" / "flows", help=_("写到哪里"))

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        for kind in kinds.registered():
            (folder / f"{kind.name}.md").write_text(flows.page(kind), encoding="utf-8")
            self.stdout.write(f"{kind.name}.md")
