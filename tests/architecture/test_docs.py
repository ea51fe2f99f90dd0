"""What the papers tell to type can be typed, and every variable the code reads is told."""

import argparse
import re

import pytest
from django.core.management import get_commands, load_command_class

from tests.architecture.tree import ROOT, files

TYPED = re.compile(r"(?:\./run|manage\.py)((?: [\w./=-]+)*)")
SCRIPT_WORDS = {"test", "bench"}  # known to the script `run` itself
READ = re.compile(r"""(?:env\.\w+\(|environ\.get\(|environ\[)\s*"([A-Z_]+)\"""")
NOT_FOR_PEOPLE = {"PATH", "DJANGO_SETTINGS_MODULE", "EMBEDDED_ROOT_MODE"}
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def told_commands():
    """Every command line in the papers: where it stands, its command, its options."""
    for path in files(".md"):
        for match in TYPED.finditer((ROOT / path).read_text()):
            words = match.group(1).split()
            if words and words[0].islower() and not words[0].startswith("-"):
                options = [word.split("=")[0] for word in words[1:] if word.startswith("--")]
                yield pytest.param(words[0].rstrip("."), options, id=f"{path}: {' '.join(words)}")


@pytest.mark.parametrize(("name", "options"), list(told_commands()))
def test_each_command_that_is_told_exists(name, options):
    if name in SCRIPT_WORDS:
        return
    assert name in get_commands()
    assert set(options) <= options_of(name)


def options_of(name):
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    parser = command.create_parser("manage.py", name)
    assert isinstance(parser, argparse.ArgumentParser)
    return {option for action in parser._actions for option in action.option_strings}


def test_each_variable_that_is_read_is_told():
    read = {
        name for path in files(".py") if path.parts[0] == "config" for name in READ.findall((ROOT / path).read_text())
    }
    told = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text()))
    assert read - NOT_FOR_PEOPLE - told == set()


def test_each_link_leads_somewhere():
    broken = [
        f"{path} -> {target}"
        for path in files(".md")
        for target in LINK.findall((ROOT / path).read_text())
        if not (ROOT / path.parent / target).exists()
    ]
    assert broken == []
