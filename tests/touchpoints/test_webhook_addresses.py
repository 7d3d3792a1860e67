"""A webhook reaches public addresses only, whatever its name resolves to and wherever its receiver points."""

import shutil
import socket
import ssl
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address, ip_network
from threading import Thread

import httpcore
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_brand
from tests.touchpoints.receiving import RECEIVER, Receiver, canary, receiving
from touchpoints.models import Webhook
from touchpoints.webhooks import line
from touchpoints.webhooks.addresses import ForbiddenAddressError, is_allowed, is_public
from touchpoints.webhooks.line import PlainHttpError, call

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",  # noqa: S104
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.8", "198.18.0.1", "203.0.113.9",
    "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _receiver_may_be_called(settings):
    settings.WEBHOOK_NETWORKS = [ip_network(f"{RECEIVER}/32")]


@pytest.fixture
def names(monkeypatch):
    """What the resolver answers: for each name a list of answers, one for each time it is asked."""
    answers, real = {}, socket.getaddrinfo

    def resolve(host, port, *args, **options):
        if host not in answers:
            return real(host, port, *args, **options)
        found = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (it, port)) for it in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return answers


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_refused(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "8.8.8.8"])
def test_what_is_public_is_allowed(address):
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_ipv6_is_no_way_around(address):
    """However an address of IPv4 is dressed up, it is not more public than it is."""
    for dressed in (
        f"::ffff:{address}",
        f"64:ff9b::{address}",
        f"2002:{int(address) >> 16:x}:{int(address) & 65535:x}::",
    ):
        assert is_public(ip_address(address)) or not is_public(ip_address(dressed))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
def test_no_spelling_of_this_machine_is_called(host):
    with canary() as (port, visitors), pytest.raises((ForbiddenAddressError, httpcore.ConnectError, OSError)):
        call(f"https://{host}:{port}/", content=b"{}", headers={})
    assert not visitors


def test_a_name_that_turns_to_another_address_is_not_followed(names):
    with canary() as (port, visitors), receiving(Receiver(port=port)) as receiver:
        names["hook.example"] = [[RECEIVER], ["127.0.0.1"]]
        url = f"http://hook.example:{port}/"
        assert call(url, content=b"{}", headers={}) == 204
        with pytest.raises(ForbiddenAddressError):
            call(url, content=b"{}", headers={})
    assert len(receiver.calls) == 1
    assert not visitors


def test_of_several_addresses_only_the_allowed_are_called(names):
    with canary() as (port, visitors), receiving(Receiver(port=port)) as receiver:
        names["hook.example"] = [["127.0.0.1", RECEIVER]]
        assert call(f"http://hook.example:{port}/", content=b"{}", headers={}) == 204
    assert len(receiver.calls) == 1
    assert not visitors


def test_a_redirect_is_an_answer_and_not_followed():
    with canary() as (port, visitors), receiving() as receiver:
        receiver.answer = lambda _told: 307
        receiver.headers = {"location": f"http://127.0.0.1:{port}/"}
        assert call(receiver.url, content=b"{}", headers={}) == 307
    assert not visitors


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch):
    with canary() as (port, visitors), receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        assert call(receiver.url, content=b"{}", headers={}) == 204
    assert not visitors


def test_plain_http_goes_only_where_the_operator_said(names, settings):
    names["hook.example"] = [["93.184.216.34"]]
    with pytest.raises(PlainHttpError):
        call("http://hook.example/", content=b"{}", headers={})
    settings.WEBHOOK_NETWORKS = []
    with pytest.raises(ValidationError, match="https"):
        Webhook(name="W", url="http://hook.example/").clean()
    assert not is_allowed(ip_address(RECEIVER))


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "example.com"])
def test_no_other_scheme_is_taken(url):
    with pytest.raises(ValidationError):
        Webhook(name="W", url=url, brand=make_brand()).full_clean()


def test_a_receiver_that_drips_does_not_hold_us(monkeypatch):
    monkeypatch.setattr(line, "CALL_SECONDS", 0.5)
    with socket.create_server((RECEIVER, 0)) as server:

        def drip():
            connection, _visitor = server.accept()
            try:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while True:
                    connection.sendall(b"x-a: b\r\n")
            except OSError:
                connection.close()

        Thread(target=drip, daemon=True).start()
        with pytest.raises((httpcore.TimeoutException, httpcore.RemoteProtocolError)):
            call(f"http://{RECEIVER}:{server.getsockname()[1]}/", content=b"{}", headers={})


def test_the_certificate_is_checked_against_the_name(names, tmp_path, monkeypatch):
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate of this test and is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=hook.example",
         "-addext", "subjectAltName=DNS:hook.example", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    class Server(HTTPServer):
        def handle_error(self, *_):
            """The client hangs up when the name is wrong."""

    server = Server((RECEIVER, 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    line.trusted.cache_clear()
    try:
        names["hook.example"] = names["other.example"] = [[RECEIVER]]
        port = server.server_address[1]
        assert call(f"https://hook.example:{port}/", content=b"{}", headers={}) == 200
        with pytest.raises(httpcore.ConnectError):
            call(f"https://other.example:{port}/", content=b"{}", headers={})
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        line.trusted.cache_clear()
