"""Named points of the product's work at which a test stops it. Found in what it sends to the database and by mail.

The product knows nothing of them: they are laid round its connection, so that they stay where they are however its
functions are cut.
"""

import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from django.core.mail import EmailMessage

from workflows.channels import webhook

Arrived = Callable[[str], None]


@dataclass(frozen=True)
class Statement:
    """A point before or after a statement that is like the pattern."""

    pattern: str
    after: bool = False

    def is_met_by(self, sql: str, *, after: bool) -> bool:
        return after == self.after and re.search(self.pattern, sql) is not None


STATEMENTS = {
    "before lock": Statement(r"FOR (NO KEY )?UPDATE"),
    "after lock": Statement(r"FOR (NO KEY )?UPDATE", after=True),
    "after update": Statement(
        r'UPDATE "?workflows_(case|workitem)|INSERT INTO "?workflows_(case|inboxentry)', after=True
    ),
    "after claim": Statement(r"UPDATE workflows_(outboxmessage|parcel) SET available_at", after=True),
    "before marking sent": Statement(r'UPDATE "?workflows_(outboxmessage|parcel)"? SET "?sent_at'),
}
BEFORE_COMMIT, AFTER_COMMIT, AFTER_SEND = "before commit", "after commit", "after send"
ANY = "any statement"  # before each statement and each commit: every place at which the database could be left


class Wrapper:
    """Tells of the points among the statements of one connection."""

    def __init__(self, arrived: Arrived) -> None:
        self._arrived = arrived

    def __call__(self, execute, sql, params, many, context):
        self._arrived(ANY)
        self._tell(sql, after=False)
        result = execute(sql, params, many, context)
        self._tell(sql, after=True)
        return result

    def _tell(self, sql: str, *, after: bool) -> None:
        for name, statement in STATEMENTS.items():
            if statement.is_met_by(str(sql), after=after):
                self._arrived(name)


@contextmanager
def laid(connection, arrived: Arrived):
    """Call `arrived` with the name of each point that the work of this connection passes."""
    commit = connection._commit

    def committing():
        arrived(ANY)
        arrived(BEFORE_COMMIT)
        commit()
        arrived(AFTER_COMMIT)

    with connection.execute_wrapper(Wrapper(arrived)), patch.object(connection, "_commit", committing):
        yield


@contextmanager
def laid_on_sending(arrived: Arrived):
    """The same for what this process sends outside, by mail and to the systems of others."""
    send, push = EmailMessage.send, webhook.post

    def told(act):
        def acting(*args, **kwargs):
            done = act(*args, **kwargs)
            arrived(AFTER_SEND)
            return done

        return acting

    with patch.object(EmailMessage, "send", told(send)), patch.object(webhook, "post", told(push)):
        yield
