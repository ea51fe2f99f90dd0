"""Nothing leaves the product but through the channels, and these ask the allow list."""

import ast

from tests.architecture.tree import ROOT, code, layers

# What can open a connection to another machine.
CONNECTS = {
    "socket",
    "ssl",
    "http",
    "urllib",
    "smtplib",
    "ftplib",
    "imaplib",
    "telnetlib",
    "requests",
    "httpx",
    "aiohttp",
}
HARMLESS = {"urllib.parse", "http.cookies", "http"}  # `http.HTTPStatus`
CHANNELS = {"workflows/channels/allowed.py", "workflows/channels/webhook.py"}
SMTP = "django.core.mail.backends.smtp"


def imported(path):
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def product():
    apps = {app for place in layers() for app in place} - {"config"}
    return [path for path in code() if path.parts[0] in apps]


def test_only_the_channels_open_connections():
    found = {
        str(path)
        for path in product()
        for name in imported(path)
        if name not in HARMLESS and name.partition(".")[0] in CONNECTS
    }
    assert found == CHANNELS


def test_smtp_is_spoken_through_the_check_alone():
    assert {str(path) for path in product() if SMTP in imported(path)} == {"workflows/channels/smtp.py"}
    settings = (ROOT / "config" / "settings.py").read_text()
    assert SMTP not in settings
    assert 'env.str("EMAIL_BACKEND"' not in settings
