"""Webhooks reach public addresses and no others, however they are spelt."""

import socket
from ipaddress import ip_address

import pytest

from service.http.addresses import AddressRefused, is_public, networks, resolve
from service.http.webhooks import attempt
from service.store.webhooks import Webhook, WebhookState


def _words(text: str) -> list[str]:
    return text.split()


PRIVATE = _words("""
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 127.0.0.1 127.1.2.3 169.254.169.254
    172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7
    203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1
    2001:db8::1 2002:7f00:1:: 2002:a00:1:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1
    ff02::1
""")
HOSTILE = _words("""
    http://127.1/ http://2130706433/ http://0x7f000001/ http://0/ http://127.0.0.1/ https://[::1]/
    https://[::ffff:7f00:1]/ https://x@127.0.0.1/ http://127.0.0.1#@ok.gov.vn/
    https://ok.gov.vn@127.0.0.1/ http://127.0.0.1\\@ok.gov.vn/ https://127。0。0。1/ https://localhost/
    ftp://example.org/ file:///etc/passwd gopher://127.0.0.1/ https:///path https://
    https://example.org:0/ https://example.org:99999/ https://[fe80::1%25eth0]/ //example.org/
    javascript:alert(1) https://example.org/\u00a0 https://exa%6dple.org/
""")


@pytest.mark.parametrize("text", PRIVATE)
def test_private_addresses_are_not_public(text):
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are(text):
    assert is_public(ip_address(text))


@pytest.mark.parametrize("url", HOSTILE)
def test_hostile_urls_are_refused(url):
    with pytest.raises(AddressRefused):
        resolve(url)


def answers(*addresses):
    """A resolver that gives each address in turn, once a call."""
    turns = iter(addresses)
    return lambda host, port, **_: [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(turns)
    ]


def test_one_private_address_among_others_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers(["8.8.8.8", "10.0.0.1"]))
    with pytest.raises(AddressRefused, match="not public"):
        resolve("https://example.org/")


def test_plain_http_is_for_allowed_networks(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers(["8.8.8.8"], ["10.1.0.9"]))
    with pytest.raises(AddressRefused, match="https"):
        resolve("http://example.org/")
    assert resolve("http://intranet/", networks("10.1.0.0/16")).address == ip_address("10.1.0.9")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers(["8.8.8.8"], ["127.0.0.1"]))
    reached = []

    def connect(address, *_rest, **_options):
        reached.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    webhook = Webhook(
        job_id="j",
        url="https://example.org/hook",
        secret="a-secret-of-words",
        state=WebhookState.ARMED,
        attempts=0,
        last_status=None,
        last_error=None,
        delivered_at=None,
    )
    status, error = attempt(webhook, "{}")
    assert (status, error) == (None, "The host could not be reached (ConnectError).")
    assert reached == [("8.8.8.8", 443)]
