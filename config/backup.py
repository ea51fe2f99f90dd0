"""The whole state in one file, and back: the database by pg_dump, the anchors of the history, and what they must be.

The file is a tar archive of `manifest.json` (versions, and the SHA-256 of each other part), `database.dump` (pg_dump's
own format) and `anchors.jsonl`. Restoring is one transaction: all of it is there afterwards, or nothing changed.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _

from config.embedded.errors import EmbeddedError
from config.embedded.programs import postgres_folder
from config.env import home
from workflows.verification import anchors_file

FORMAT = 1
MANIFEST, DUMP, ANCHORS = "manifest.json", "database.dump", "anchors.jsonl"
BLOCK = 1 << 20
# Renewed as initdb makes it, so that the next dump takes the schema for granted as this one did.
EMPTY = b"""
BEGIN;
SET lock_timeout = '10s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
TABLES = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"


class BackupRefused(Exception):
    """It was not done, and nothing was changed. The argument says why."""


def backup(file: Path) -> dict[str, Any]:
    """Write the file; nothing is there under its name until it is whole."""
    if file.exists():
        raise BackupRefused(_("%(file)s 已存在，不覆盖。") % {"file": file})
    with _workshop(file.parent) as folder:
        # Before the database: an anchor that speaks of records made after the dump would not hold.
        if anchors_file().exists():
            shutil.copyfile(anchors_file(), folder / ANCHORS)
        else:
            (folder / ANCHORS).touch()
        _run([_program("pg_dump"), "--format=custom", "--no-owner", "--file", str(folder / DUMP)])
        manifest = _manifest(folder)
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        whole = folder / "whole.tar"
        with tarfile.open(whole, "w") as archive:
            for name in (MANIFEST, DUMP, ANCHORS):
                archive.add(folder / name, arcname=name)
        whole.chmod(0o600)
        os.link(whole, file)
    return manifest


def _manifest(folder: Path) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (server,) = cursor.fetchone()
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        applied = [f"{app}.{name}" for app, name in cursor.fetchall()]
    parts = {
        name: {"sha256": _digest(folder / name), "bytes": (folder / name).stat().st_size} for name in (DUMP, ANCHORS)
    }
    stamp = timezone.now().isoformat(timespec="seconds")
    return {"format": FORMAT, "made_at": stamp, "postgresql": server, "migrations": applied, "parts": parts}


def restore(file: Path, *, replace: bool = False) -> dict[str, Any]:
    """Put the file's state in the place of what is there. Refused before anything is touched where it would not do."""
    with _workshop(home()) as folder:
        manifest = _unpack(file, folder)
        _refuse_unknown(manifest)
        _refuse_occupied(replace=replace)
        connection.close()
        _load(folder / DUMP)
        _put_anchors(folder / ANCHORS)
    return manifest


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file) as archive:
            for name in (MANIFEST, DUMP, ANCHORS):
                source = archive.extractfile(name)
                with (folder / name).open("wb") as target:
                    shutil.copyfileobj(source or _missing(), target, BLOCK)
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        told = {name: part["sha256"] for name, part in manifest["parts"].items()}
        fits = manifest["format"] == FORMAT and {DUMP, ANCHORS} == told.keys()
    except (OSError, tarfile.TarError, KeyError, ValueError, AttributeError) as error:
        raise BackupRefused(_("%(file)s 不是完整的备份文件。") % {"file": file}) from error
    if not fits or any(_digest(folder / name) != digest for name, digest in told.items()):
        raise BackupRefused(_("%(file)s 的校验和不符，文件已损坏或被改动。") % {"file": file})
    return manifest


def _missing() -> Any:
    raise KeyError


def _refuse_unknown(manifest: Mapping[str, Any]) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if unknown := set(manifest["migrations"]) - known:
        words = _("备份来自更新的版本（%(name)s），请先升级程序。")
        raise BackupRefused(words % {"name": min(unknown)})


def _refuse_occupied(*, replace: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        (tables,) = cursor.fetchone()
        cursor.execute(OTHERS)
        (others,) = cursor.fetchone()
    if others:
        raise BackupRefused(_("还有 %(count)d 个连接在使用数据库，请先停止全部程序。") % {"count": others})
    if tables and not replace:
        raise BackupRefused(_("数据库不是空的。确要以备份取代现有全部数据，请加 --replace。"))


def _load(dump: Path) -> None:
    """One transaction, committed only once the whole script was made and taken: a half restored database is none."""
    make = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file", "-", str(dump)]
    take = [_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
    surroundings = _surroundings()
    with subprocess.Popen(take, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings) as taker:
        assert taker.stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            taker.stdin.write(EMPTY)
            with subprocess.Popen(make, stdout=subprocess.PIPE, env=surroundings) as maker:
                assert maker.stdout is not None  # noqa: S101
                shutil.copyfileobj(maker.stdout, taker.stdin, BLOCK)
            taker.stdin.write(b"\nCOMMIT;\n" if maker.returncode == 0 else b"\nROLLBACK;\n")
        except BrokenPipeError:
            pass  # its own words say why it went away
        said = taker.communicate()[1]
    if taker.returncode or maker.returncode:
        raise BackupRefused(_("没有恢复，数据库未改动：%(why)s") % {"why": said.decode(errors="replace").strip()[:500]})


def _put_anchors(anchors: Path) -> None:
    """The anchors that were here stay beside: they may speak of history that the backup does not have."""
    file = anchors_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.read_bytes() != anchors.read_bytes():
        file.replace(file.with_name(f"history.{timezone.now():%Y%m%dT%H%M%S}.jsonl"))
    shutil.copyfile(anchors, file)


def _run(argv: list[str]) -> None:
    done = subprocess.run(argv, env=_surroundings(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(done.stderr.strip()[:500])


def _program(name: str) -> str:
    """Beside the server's own programs, or on the path."""
    try:
        found = postgres_folder() / name
    except EmbeddedError:
        found = Path(name)
    program = str(found) if found.exists() else shutil.which(name)
    if program is None:
        raise BackupRefused(_("找不到程序 %(name)s：请安装 PostgreSQL 客户端，或设置 PG_BIN。") % {"name": name})
    return program


def _surroundings() -> dict[str, str]:
    """How the programs find the database; the password is not on a command line that others can read."""
    connection.ensure_connection()  # starts the embedded server
    said = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    found = {name: str(said[key]) for name, key in names.items() if said.get(key)}
    if mode := said.get("OPTIONS", {}).get("sslmode"):
        found["PGSSLMODE"] = str(mode)
    if not connection.in_atomic_block:
        connection.close()
    return dict(os.environ) | found


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def _workshop(beside: Path) -> Iterator[Path]:
    """A private folder on the same file system, gone afterwards."""
    with TemporaryDirectory(prefix=".trilink-", dir=beside) as folder:
        yield Path(folder)
