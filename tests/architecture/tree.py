"""The files and the apps of the product, as the architecture tests look at them."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import AppConfig, apps

ROOT = Path(__file__).resolve().parents[2]
# What the tree may hold beside the product: made by tools, never committed.
NOT_OURS = {".git", ".venv", ".data", "__pycache__", "htmlcov", ".hypothesis"}
TEXT = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".svg",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".yaml",
    ".yml",
    ".po",
    ".json",
    ".csv",
    "",
}


def layers() -> list[list[str]]:
    """The apps from the top down, as the first import contract names them; siblings share a place."""
    contract = contracts()[0]
    return [[name.strip() for name in place.split("|")] for place in contract["layers"]]


def contracts() -> list[dict]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def our_apps() -> list[AppConfig]:
    """The apps of the product; those that only tests bring are not among them."""
    return [config for config in apps.get_app_configs() if (ROOT / config.name).is_dir()]


def files(*suffixes: str) -> Iterator[Path]:
    """Every file of ours, paths from the root."""
    for path in sorted(_walk(ROOT)):
        if path.suffix in (suffixes or TEXT):
            yield path.relative_to(ROOT)


def code() -> Iterator[Path]:
    """Python written by people: migrations that Django wrote are left out."""
    return (path for path in files(".py") if "migrations" not in path.parts)


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_OURS or path.name.endswith("_cache"):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path
