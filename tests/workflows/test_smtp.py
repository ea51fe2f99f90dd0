"""E-mail over SMTP leaves for allowed domains only, whatever in the product sends it: against a real server."""

import socketserver
import threading

import pytest
from django.core import mail
from django.utils import timezone

from workflows.channels.base import NotAllowed
from workflows.models import AllowedAddress, RefusedAddress

pytestmark = pytest.mark.django_db


class Conversation(socketserver.StreamRequestHandler):
    """Just enough of RFC 5321 to take a letter."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"RCPT":
                self.server.receivers.append(line.decode().split("<")[1].split(">")[0])
            if word == b"DATA":
                self.wfile.write(b"354 go\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def server(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.receivers = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "workflows.channels.smtp.AllowedOnly"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
        server.shutdown()


@pytest.fixture
def police(hr):
    said = {"reason": "x", "added_by": hr, "added_at": timezone.now()}
    return AllowedAddress.objects.create(kind="mail", value="police.example", **said)


def letter(*to, **more):
    return mail.EmailMessage(subject="x", body="y", from_email="a@b.example", to=to, **more)


def test_a_letter_to_an_allowed_domain_leaves(server, police):
    assert letter("hr@police.example", "HR2@POLICE.EXAMPLE").send() == 1
    assert server.receivers == ["hr@police.example", "HR2@POLICE.EXAMPLE"]


@pytest.mark.parametrize("more", [{}, {"cc": ["x@evil.example"]}, {"bcc": ["x@evil.example"]}])
def test_a_letter_to_another_domain_does_not(server, police, more):
    to = ["hr@police.example"] if more else ["x@evil.example"]
    with pytest.raises(NotAllowed):
        letter(*to, **more).send()
    assert server.receivers == []
    assert RefusedAddress.objects.get().value == "evil.example"


@pytest.mark.parametrize("address", ["x@sub.police.example", "x@police.example.evil.example", "police.example", "x@"])
def test_what_only_looks_allowed_is_not(server, police, address):
    with pytest.raises(NotAllowed):
        letter(address).send()


def test_refusals_of_one_address_are_counted(server, police):
    for _ in range(3):
        assert letter("x@evil.example").send(fail_silently=True) == 0
    assert RefusedAddress.objects.get().times == 3


def test_a_forgotten_password_goes_nowhere_else_and_tells_nothing(server, hr, client):
    hr.email = "hr@evil.example"
    hr.save()
    answer = client.post("/password/forgotten/", {"email": "hr@evil.example"})
    assert answer.status_code == 302
    assert server.receivers == []
    assert RefusedAddress.objects.get().value == "evil.example"
