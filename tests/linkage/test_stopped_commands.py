"""Ctrl-C in a command that takes long: nothing is half done, and it says how to go on."""

import pytest
from django.core.management import CommandError, call_command

from linkage.models import Decision, Run
from workflows.models import Case

pytestmark = pytest.mark.django_db
DAY = ("--as-of", "2026-03-31")


@pytest.fixture
def interrupt(monkeypatch):
    """Press Ctrl-C when a command says these words."""

    def interrupt(command, words):
        def tell(done, total, said):
            if words in said and done:
                raise KeyboardInterrupt

        name = f"linkage.management.commands.{command}.to_terminal"
        monkeypatch.setattr(name, lambda output: tell)

    return interrupt


def stopped(command):
    with pytest.raises(CommandError) as refused:
        call_command(command, "2025", *DAY)
    assert refused.value.returncode == 130
    return str(refused.value)


def test_deciding_saves_nothing(haizhou, db, interrupt):
    interrupt("evaluate", "正在写入")
    assert "没有保存任何认定" in stopped("evaluate")
    assert not Run.objects.exists()
    assert not Decision.objects.exists()


def test_opening_keeps_what_was_opened_and_goes_on_from_there(haizhou, db, interrupt, monkeypatch):
    interrupt("open_cases", "正在开立")
    assert "从停下的地方继续" in stopped("open_cases")
    assert 0 < Case.objects.count() < 931
    monkeypatch.undo()
    call_command("open_cases", "2025", *DAY, "--json")
    assert Case.objects.count() == 931
    call_command("check_invariants")
