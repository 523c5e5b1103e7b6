"""Whose request it is, as far as counting goes: an address, or all those that one home has."""

from __future__ import annotations

import ipaddress

from fastapi import Request

# Whoever has one IPv6 address has all that begin with these bits.
_HOME_BITS = 64


def home_of(request: Request) -> str:
    """The IPv4 address, or the IPv6 network, that a request comes from.

    uvicorn takes the address out of X-Forwarded-For where it trusts the proxy that the request came by.
    """
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host  # as a proxy told it
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((int(address), _HOME_BITS), strict=False))
