"""Which client a request counts for: an IPv4 address, or an IPv6 network."""

from __future__ import annotations

import ipaddress

from fastapi import Request

# A provider gives each customer a network of this size, so one client has every address in it.
_IPV6_PREFIX = 64


def client_key(request: Request) -> str:
    """The IPv4 address, or the IPv6 network, that a request comes from.

    uvicorn reads the address from X-Forwarded-For when the request comes from a trusted proxy.
    """
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host  # a name that a proxy sent
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((int(address), _IPV6_PREFIX), strict=False))
