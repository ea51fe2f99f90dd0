"""What every test shares: a database whose history may be emptied, and the cast."""

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let a transactional test flush its tables: the history refuses TRUNCATE in every other database."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE \"{name}\" SET workflows.truncate = 'test database'")
        connection.close()
