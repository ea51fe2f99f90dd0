"""English is complete: every text of the product has its translation, and what is compiled is what is written."""

import re
import shutil

import polib
import pytest
from django.core.management import call_command
from django.test import override_settings

from tests.architecture.tree import ROOT

APPS = ("config", "people", "workflows", "appraisal", "linkage", "rewards", "talent_pool", "training")
ENGLISH = ROOT / "config" / "locale" / "en" / "LC_MESSAGES"


@pytest.fixture
def written():
    return polib.pofile(ENGLISH / "django.po")


def test_every_text_has_its_english(written, tmp_path, monkeypatch):
    """Texts are collected in a copy: the collector leaves files beside the templates while it works."""
    for app in APPS:
        ignored = shutil.ignore_patterns("__pycache__", "locale", "static")
        shutil.copytree(ROOT / app, tmp_path / "tree" / app, ignore=ignored)
    monkeypatch.chdir(tmp_path / "tree")
    with override_settings(LOCALE_PATHS=[str(tmp_path)]):
        call_command("makemessages", locale=["en"], no_location=True, verbosity=0)
    found = polib.pofile(tmp_path / "en" / "LC_MESSAGES" / "django.po")
    known = {(entry.msgctxt, entry.msgid) for entry in written if entry.translated()}
    assert [entry.msgid for entry in found if (entry.msgctxt, entry.msgid) not in known] == []
    assert len(found) > 1000


def test_no_translation_waits_for_a_second_look(written):
    assert [entry.msgid for entry in written if entry.fuzzy] == []


def test_placeholders_are_kept(written):
    for entry in written:
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            if text:
                assert placeholders(text) <= placeholders(entry.msgid) | placeholders(entry.msgid_plural), entry.msgid
        assert entry.msgid_plural or placeholders(entry.msgid) == placeholders(entry.msgstr), entry.msgid


def placeholders(text):
    """The named ones; what stands between a percent sign and its letter, or between braces."""
    return set(re.findall(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w+\}", text))


def test_what_is_compiled_is_what_is_written(written):
    compiled = polib.mofile(ENGLISH / "django.mo")
    assert {(e.msgctxt, e.msgid, e.msgstr) for e in compiled} == {
        (e.msgctxt, e.msgid, e.msgstr) for e in written if e.translated()
    }
