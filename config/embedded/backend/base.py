"""Django's PostgreSQL backend, which starts the embedded server with the first connection and not before."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.postgresql.client import DatabaseClient as PostgresClient
from psycopg import sql

from config.embedded import places
from config.embedded.postgres import Postgres
from config.embedded.programs import postgres_folder

TEST_PREFIX = "test_"  # Django makes and drops test databases itself


class DatabaseClient(PostgresClient):
    """`dbshell` on the embedded server."""

    connection: "DatabaseWrapper"

    def runshell(self, parameters: Iterable[str]) -> None:
        server = self.connection.server()
        server.acquire()
        ensure_database(server, self.connection.settings_dict["NAME"])
        os.environ["PATH"] = f"{postgres_folder()}{os.pathsep}{os.environ['PATH']}"  # the server's own psql
        super().runshell(list(parameters))


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def server(self) -> Postgres:
        embedded: dict[str, Any] = self.settings_dict["EMBEDDED"]
        return places.postgres(Path(embedded["home"]), durable=embedded["durable"])

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        server = self.server()
        server.acquire()
        ensure_database(server, conn_params["dbname"])
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            if not server.restart_if_down():
                raise
            return super().get_new_connection(conn_params)


_known: set[tuple[Path, str]] = set()


def ensure_database(server: Postgres, name: str) -> None:
    """Create the database itself, once; another process may do the same at the same moment."""
    if name == "postgres" or name.startswith(TEST_PREFIX) or (server.folder, name) in _known:
        return
    with psycopg.connect(host=str(server.sockets), user="postgres", dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    _known.add((server.folder, name))
