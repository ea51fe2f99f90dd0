"""What must not stand in the tree: package hosts, paths of one machine, unfinished work, drawers for everything."""

import re

from tests.architecture.tree import ROOT, files

# Put together here, so that this file does not find itself.
HOSTS = re.compile(
    "|".join(["pypi" + r"\.org", "pythonhosted" + r"\.org", "--(extra-)?index" + "-url[ =]", "--find" + "-links[ =]"])
)
MACHINE_PATHS = re.compile("|".join([r"(?<![\w.])/" + name + "/" for name in ("work", "root", "home")]))
UNFINISHED = re.compile("|".join([r"\bTO" + "DO", r"\bFIX" + "ME", r"\bX" + "XX\b", "NotImplemented" + "Error"]))
DRAWERS = {"common", "core", "utils", "helpers", "misc", "api", "web"}


def found(pattern, *suffixes):
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for path in files(*suffixes)
        for number, line in enumerate((ROOT / path).read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_package_host_is_named():
    assert found(HOSTS) == []


def test_no_path_of_one_machine_is_named():
    assert found(MACHINE_PATHS, ".py", ".md", ".toml", ".txt", ".in", "", ".yaml", ".html") == []


def test_nothing_is_left_unfinished():
    assert found(UNFINISHED, ".py", ".html", ".js", ".md", ".toml", "") == []


def test_no_folder_is_a_drawer():
    assert [path.name for path in ROOT.iterdir() if path.is_dir() and path.name in DRAWERS] == []
