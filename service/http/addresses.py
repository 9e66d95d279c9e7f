"""Where the service itself may connect to: public addresses, resolved once and then kept.

`ipaddress.is_global` is no such filter: Python 3.11.7 calls 192.0.0.8, NAT64 and 6to4 forms of
127.0.0.1 and all of multicast global (CVE-2024-4032). So: a list of our own, and IPv4 addresses
are taken out of the IPv6 forms that carry them.
"""

import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IANA's registries of special-purpose addresses (RFC 6890), as of 2026, and multicast.
_REFUSED = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/32",
        "2001:2::/48",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
# A name of letters, digits and hyphens in dotted parts; what else URLs may hold, such as user
# information or a backslash, is where parsers disagree.
_URL = re.compile(
    r"https?://(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?(?:[/?][!-\[\]-~]*)?"
)
MAX_URL_CHARS = 2000


class AddressRefused(ValueError):
    """The address may not be connected to; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads: one checked address of its host."""

    scheme: str
    host: str
    port: int
    path: str  # with the query
    address: Address


def check_url(url: str) -> None:
    """Raises AddressRefused where a URL cannot be one that we connect to.

    >>> check_url("https://example.com/hook?a=1")
    >>> check_url("https://ok.example@127.0.0.1/")
    Traceback (most recent call last):
    service.http.addresses.AddressRefused: The URL must be http(s)://host[:port]/path.
    """
    if len(url) > MAX_URL_CHARS or not _URL.fullmatch(url):
        message = "The URL must be http(s)://host[:port]/path."
        raise AddressRefused(message)
    try:
        port = urlsplit(url).port
    except ValueError:
        port = 0
    if port == 0:
        message = "The URL's port is no port."
        raise AddressRefused(message)


def resolve(url: str, allowed: Sequence[Network] = ()) -> Target:
    """One address of the URL's host, every one of which is public or in an `allowed` network.

    Plain http is for `allowed` networks only. Raises AddressRefused.
    """
    check_url(url)
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = "The URL's host has no address."
        raise AddressRefused(message) from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    trusted = [any(_in(address, network) for network in allowed) for address in addresses]
    if not addresses or not all(map(_acceptable, addresses, trusted)):
        message = "The URL's host has an address that is not public."
        raise AddressRefused(message)
    if parts.scheme != "https" and not all(trusted):
        message = "The URL must begin with https://."
        raise AddressRefused(message)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, addresses[0])


def _acceptable(address: Address, trusted: bool) -> bool:
    return trusted or is_public(address)


def is_public(address: Address) -> bool:
    """Whether an address is anybody's on the internet.

    >>> texts = ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "2002:7f00:1::")
    >>> [is_public(ip_address(text)) for text in texts]
    [True, False, False, False]
    """
    inner = _carried(address)
    if inner is not None:
        return is_public(inner)
    return not any(_in(address, network) for network in _REFUSED)


def _carried(address: Address) -> IPv4Address | None:
    """The IPv4 address inside a mapped, 6to4 or NAT64 one; Teredo and others are refused whole."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def _in(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network


def networks(text: str) -> tuple[Network, ...]:
    """Networks written with commas between them; raises ValueError.

    >>> networks("127.0.0.0/8, ::1/128")
    (IPv4Network('127.0.0.0/8'), IPv6Network('::1/128'))
    """
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
