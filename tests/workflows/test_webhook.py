"""Webhooks: signed, to allowed addresses only, checked when they are sent, against a real server on this machine."""

import json
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time

import pytest
from django.utils import timezone

from people.roles import Role
from workflows import outbox, packing, parcels
from workflows.channels import allowed, signature, webhook
from workflows.models import AllowedAddress, Channel, DeskChoice, Parcel, RefusedAddress

pytestmark = pytest.mark.django_db


class Receiver:
    """A server that keeps what it was sent and answers as it is told."""

    def __init__(self):
        self.requests, self.answer, self.headers, self.body = [], 200, {}, b""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.requests.append((self.path, dict(self.headers), body))
                self.send_response(outer.answer)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(outer.body)

            def do_GET(self):
                outer.requests.append((self.path, dict(self.headers), b""))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def allow(hr):
    def allow(value, kind="web"):
        return AllowedAddress.objects.create(kind=kind, value=value, reason="x", added_by=hr, added_at=timezone.now())

    return allow


@pytest.fixture
def choice(hr, bureau, receiver):
    """The desk of HR wants its messages at the receiver."""
    return DeskChoice.objects.create(
        role=Role.HR,
        path=bureau.path,
        to_members=False,
        webhook=f"http://127.0.0.1:{receiver.port}/in?from=trilink",
        secret_number=1,
        changed_by=hr,
        changed_at=timezone.now(),
    )


@pytest.fixture
def post(make, clock):
    """Open an errand and send what it tells."""

    def post(n=1):
        make(n)
        outbox.deliver_all(now=clock.at)
        parcels.deliver(Channel.WEBHOOK, now=clock.at + packing.GATHER)
        return Parcel.objects.latest("pk")

    return post


@pytest.fixture
def allowed_receiver(allow, receiver):
    return allow(f"http://127.0.0.1:{receiver.port}")


def test_a_department_s_system_gets_one_signed_call_with_the_list(post, choice, allowed_receiver, receiver):
    parcel = post(3)
    ((path, headers, body),) = receiver.requests
    assert path == "/in?from=trilink"
    secret = webhook.secret_of(choice, 1)
    assert signature.verify(secret, headers, body, now=time()) == str(parcel.key)
    said = json.loads(body)
    assert (said["count"], said["role"], said["topic"]) == (3, "hr", "errand")
    assert {message["state"] for message in said["messages"]} == {"asked"}
    assert parcel.sent_at is not None


def test_it_names_nobody(post, choice, allowed_receiver, receiver):
    post()
    body = receiver.requests[0][2].decode()
    assert "民警" not in body
    assert "2200001" not in body


def test_the_key_is_the_same_at_every_try(post, choice, allowed_receiver, receiver, clock):
    receiver.answer = 503
    parcel = post()
    assert (parcel.error, parcel.sent_at) == ("answered 503", None)
    receiver.answer = 204
    parcels.deliver(Channel.WEBHOOK, now=clock.at + timedelta(hours=2))
    keys = {headers["Idempotency-Key"] for _path, headers, _body in receiver.requests}
    assert (len(receiver.requests), keys) == (2, {str(parcel.key)})
    assert Parcel.objects.get().sent_at is not None


def test_what_is_not_allowed_is_not_called_and_the_refusal_is_seen(post, choice, receiver):
    parcel = post()
    assert receiver.requests == []
    assert parcel.error == f"not allowed: http://127.0.0.1:{receiver.port}"
    refused = RefusedAddress.objects.get()
    assert (refused.kind, refused.value, refused.times) == ("web", f"http://127.0.0.1:{receiver.port}", 1)


def test_what_is_no_longer_allowed_is_not_called(post, choice, allowed_receiver, receiver):
    """Checked when it is sent, not only when the choice was saved."""
    allowed_receiver.ended_at = timezone.now()
    allowed_receiver.save()
    post()
    assert receiver.requests == []


def test_another_port_is_another_address(post, choice, allow, receiver):
    allow(f"http://127.0.0.1:{receiver.port + 1}")
    post()
    assert receiver.requests == []


def test_a_name_that_leads_inside_is_refused_unless_that_address_is_allowed_too(post, choice, allow, receiver, clock):
    choice.webhook = f"http://localhost:{receiver.port}/"
    choice.save()
    allow(f"http://localhost:{receiver.port}")
    parcel = post()
    assert receiver.requests == []
    assert "not allowed: http://" in parcel.error
    allow(f"http://127.0.0.1:{receiver.port}")
    allow(f"http://[::1]:{receiver.port}")
    parcels.deliver(Channel.WEBHOOK, now=clock.at + timedelta(hours=2))
    assert receiver.requests or Parcel.objects.get().error == "ConnectionRefusedError"  # ::1 has no server here


def test_it_connects_to_the_address_that_was_checked(allow, receiver, monkeypatch):
    """The name leads elsewhere at a second asking: there is none."""
    asked = []

    def resolve(host, port, **_):
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: (
            resolve(host, *rest, **more) if "." in host and not host[0].isdigit() else real(host, *rest, **more)
        ),
    )
    allow(f"http://training.police.example:{receiver.port}")
    allow(f"http://127.0.0.1:{receiver.port}")
    assert webhook.post(f"http://training.police.example:{receiver.port}/", b"{}", {}) == 200
    assert asked == ["training.police.example"]
    assert receiver.requests[0][1]["Host"] == f"training.police.example:{receiver.port}"


def test_a_redirect_is_not_followed(post, choice, allowed_receiver, receiver):
    receiver.answer = 302
    receiver.headers = {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"}
    assert post().error == "answered 302"
    assert [path for path, *_ in receiver.requests] == ["/in?from=trilink"]


def test_the_answer_is_not_trusted(post, choice, allowed_receiver, receiver):
    receiver.body = b"x" * 5_000_000
    assert post().sent_at is not None


def test_one_that_does_not_answer_is_given_up(post, choice, allow, monkeypatch):
    monkeypatch.setattr(webhook, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        allow(f"http://127.0.0.1:{port}")
        choice.webhook = f"http://127.0.0.1:{port}/"
        choice.save()
        assert post().error == "TimeoutError"


def test_one_that_drips_its_answer_is_cut_off(allow, monkeypatch):
    monkeypatch.setattr(webhook, "LONGEST", 0.5)
    done = threading.Event()

    def drip(server):
        peer, _ = server.accept()
        with peer:
            while not done.wait(0.1):
                try:
                    peer.sendall(b"H")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        allow(f"http://127.0.0.1:{port}")
        thread = threading.Thread(target=drip, args=[server])
        thread.start()
        begun = time()
        with pytest.raises(webhook.NotSent):
            webhook.post(f"http://127.0.0.1:{port}/", b"{}", {})
        assert time() - begun < 5
        done.set()
        thread.join()


def test_without_a_secret_nothing_is_pushed(post, choice, allowed_receiver, receiver):
    choice.secret_number = 0
    choice.save()
    post_count = Parcel.objects.filter(channel="webhook").count()
    assert (receiver.requests, post_count) == ([], 0)


# Secrets ---------------------------------------------------------------------------------------------------------
def test_while_the_secret_is_changed_both_fit(post, choice, allowed_receiver, receiver):
    choice.secret_number, choice.older_until = 2, timezone.now() + timedelta(days=1)
    choice.save()
    post()
    _path, headers, body = receiver.requests[0]
    for number in (1, 2):
        signature.verify(webhook.secret_of(choice, number), headers, body, now=time())
    with pytest.raises(signature.BadSignature):
        signature.verify(webhook.secret_of(choice, 3), headers, body, now=time())


def test_a_retired_secret_signs_no_more(choice):
    choice.secret_number, choice.older_until = 2, timezone.now() - timedelta(seconds=1)
    assert webhook.secrets_of(choice, timezone.now()) == [webhook.secret_of(choice, 2)]


def test_no_secret_lies_in_the_database(choice):
    secret = webhook.secret_of(choice, 1)
    assert secret not in str(DeskChoice.objects.values().get())
    assert secret != webhook.secret_of(choice, 2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"now": 1_000 + 301}, "window"),  # kept and sent again later
        ({"now": 1_000 - 301}, "window"),
        ({"body": b"[]"}, "no signature"),
        ({"secret": "other"}, "no signature"),
        ({"stamp": "1001"}, "no signature"),  # a newer time written onto an old request
        ({"stamp": "x"}, "time stamp"),
        ({"stamp": "-1000"}, "time stamp"),
        ({"signature": ""}, "no signature"),
        ({"key": ""}, "key"),
    ],
)
def test_a_false_request_is_known(change, words):
    headers = signature.headers(["secret"], stamp=1_000, body=b"{}", key="k")
    said = {"secret": "secret", "body": b"{}", "now": 1_000} | change
    headers["Trilink-Timestamp"] = said.get("stamp", "1000")
    headers["Trilink-Signature"] = said.get("signature", headers["Trilink-Signature"])
    headers["Idempotency-Key"] = said.get("key", "k")
    with pytest.raises(signature.BadSignature, match=words):
        signature.verify(said["secret"], headers, said["body"], now=said["now"])


# Addresses -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://a.example/x?y", "https://a.example:443"),
        ("HTTP://A.Example", "http://a.example:80"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("ftp://a.example", ""),
        ("file:///etc/passwd", ""),
        ("https://user:pass@a.example/", ""),  # reads like one host and is another
        ("https://a.example:99999/", ""),
        ("https:///x", ""),
        ("a.example", ""),
    ],
)
def test_an_address_is_written_in_one_way(url, origin):
    assert allowed.origin(url) == origin


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # the metadata of clouds
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),  # 127.0.0.1 behind NAT64
        ("2002:7f00:1::", False),  # and behind 6to4
    ],
)
def test_what_lies_inside_is_known(address, public):
    assert allowed.is_public(address) is public
