"""A policy tried from the shell."""

from pathlib import Path

import pytest

from linkage.rules.__main__ import main

ROOT = Path(__file__).parents[2]
PACK = str(ROOT / "linkage" / "policies" / "reference.zh.yaml")


def test_it_checks(capsys):
    assert main(["check", PACK]) == 0
    assert capsys.readouterr().out.startswith("warning: P03 (line ")


def test_it_describes(capsys):
    assert main(["describe", PACK]) == 0
    assert "P13\n  年度考核，单位凡等次为较差的，认定为：培训—单位整改计划。" in capsys.readouterr().out


def test_it_decides(capsys):
    assert main(["decide", PACK, str(ROOT / "samples" / "haizhou"), "2025-12", "2026-01-05"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 25


def test_it_names_the_place_of_a_refusal(tmp_path, capsys):
    (tmp_path / "bad.yaml").write_text("policy: x\nrule: y\n")

    assert main(["check", str(tmp_path / "bad.yaml")]) == 1
    assert "line 2, column 1: 'rule' is not a word of the language; did you mean 'rules'?" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["check"], ["burn", PACK]])
def test_it_says_how_it_is_called(arguments, capsys):
    assert main(arguments) == 2
    assert "check|describe FILE" in capsys.readouterr().err
