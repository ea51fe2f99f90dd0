"""Who stands on whom: imports by the contracts of pyproject.toml, foreign keys and migrations here."""

import re
import tomllib

from django.db.migrations.loader import MigrationLoader
from django.db.models import ForeignKey

from tests.architecture.tree import ROOT, contracts, files, layers, our_apps

OURS = {name for place in layers() for name in place}


def heights():
    """App name to its height; the lowest is 0."""
    return {name: height for height, place in enumerate(reversed(layers())) for name in place}


def test_each_installed_app_is_in_the_import_contracts():
    installed = {config.name for config in our_apps()}
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert installed <= OURS
    assert installed <= set(linter["root_packages"])
    inside = next(contract for contract in contracts() if "containers" in contract)
    assert installed - {"config"} <= set(inside["containers"])


def test_foreign_keys_point_down():
    height = heights()
    upward = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for config in our_apps()
        for model in config.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and field.related_model._meta.app_label in height
        and field.related_model._meta.app_label != config.label
        and height[field.related_model._meta.app_label] >= height[config.label]
    ]
    assert upward == []


def test_each_app_with_models_has_migrations():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    without = [
        config.name for config in our_apps() if any(config.get_models()) and config.label not in loader.migrated_apps
    ]
    assert without == []


def test_no_migration_imports_our_code():
    importing = re.compile(rf"^\s*(from|import) ({'|'.join(OURS)})\b", re.MULTILINE)
    # django-fsm, Django's contrib apps and the UUID default are named in migrations by Django itself.
    guilty = [
        f"{path}: {match.group().strip()}"
        for path in files(".py")
        if "migrations" in path.parts and path.parts[0] in OURS and not path.name.startswith("0001_")
        for match in importing.finditer((ROOT / path).read_text())
    ]
    assert guilty == []
