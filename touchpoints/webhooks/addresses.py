"""Which addresses a webhook may reach: public ones. A receiver inside our own network would be a way into it."""

import ipaddress
import socket
from collections.abc import Iterator

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# What Python calls global and leads elsewhere: protocol assignments (RFC 6890), NAT64 (RFC 6052, RFC 8215).
NEVER = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "64:ff9b::/96", "64:ff9b:1::/48")))


class ForbiddenAddressError(Exception):
    pass


def reachable(host: str, port: int) -> Iterator[str]:
    """The addresses of a host that may be called, in the order of the resolver.

    Raises ForbiddenAddressError when there is none but forbidden ones, OSError when there is none at all.
    """
    found = [str(it[4][0]) for it in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    allowed = [it for it in found if is_allowed(ipaddress.ip_address(it))]
    if not allowed:
        raise ForbiddenAddressError(f"{host} is not a public address")
    yield from allowed


def is_allowed(address: Address) -> bool:
    return is_public(address) or is_own_choice(address)


def is_own_choice(address: Address) -> bool:
    """Named by the operator in WEBHOOK_NETWORKS."""
    return any(address in network for network in settings.WEBHOOK_NETWORKS)


def is_public(address: Address) -> bool:
    if any(address in network for network in NEVER):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if inside is not None:
            return is_public(inside)
        if address.is_site_local or address.scope_id:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)
