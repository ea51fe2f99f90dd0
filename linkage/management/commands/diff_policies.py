"""`diff_policies A B`: what two versions of a policy say differently, in words."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from linkage import comparing, register, rules
from linkage.management.arguments import BAD_INPUT
from linkage.models import Policy, PolicyState
from linkage.templatetags.linkage_tags import part_title

LANGUAGES = {"zh": "zh-hans", "en": "en"}


class Command(BaseCommand):
    help = "用句子说出两份政策的不同：新增、删去、修改，改动的部分加标记。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name in ("old", "new"):
            parser.add_argument(name, help="文件，或版本：2026.1、reference@2026.1")
        parser.add_argument("--language", choices=LANGUAGES, default="zh", help="句子的语言")

    def handle(self, *args: Any, **options: Any) -> None:
        lang = options["language"]
        with translation.override(LANGUAGES[lang]):
            old, new = (_text(options[name], lang) for name in ("old", "new"))
            found = comparing.compare(old, new, lang)
            for difference in found:
                for line in _lines(difference):
                    self.stdout.write(line)
            if not found:
                self.stdout.write(_("没有不同。"))


def _text(named: str, lang: str) -> str:
    """The text of a file or version, already known to be readable."""
    text = _found(named)
    try:
        rules.parse(text)
    except rules.PolicyError as error:
        told = {"name": named, "line": error.line, "words": error.en if lang == "en" else error.zh}
        raise CommandError(_("%(name)s：第 %(line)s 行，%(words)s") % told, returncode=BAD_INPUT) from None
    return text


def _found(named: str) -> str:
    path = Path(named)
    if path.is_file():
        try:
            return path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{named}: {error}", returncode=BAD_INPUT) from None
    code, _at, version = named.rpartition("@")
    kept = Policy.objects.filter(code=code or register.REFERENCE, version=version).exclude(state=PolicyState.DISCARDED)
    policy = kept.first()
    if policy is None:
        raise CommandError(_("没有文件或版本“%(name)s”。") % {"name": named}, returncode=BAD_INPUT)
    return policy.text


def _lines(found: comparing.Difference) -> Iterator[str]:
    how = {
        "added": _("新增"),
        "removed": _("删去"),
        "changed": _("修改"),
        "renamed": _("改了编号"),
        "detail": _("读法相同"),
    }[found.how]
    title = _("《%(title)s》") % {"title": found.title} if found.title else ""
    yield f"{how} {part_title(found.part)} {found.name}{title}"
    if found.name_before:
        yield f"  {found.name_before} → {found.name}"
    if found.before:
        yield "  - " + "".join(f"[-{piece.text}-]" if piece.changed else piece.text for piece in found.before)
    if found.after:
        yield "  + " + "".join(f"{{+{piece.text}+}}" if piece.changed else piece.text for piece in found.after)
