"""The addresses of this machine at which the phones on its network may reach it."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import socket
import subprocess

# Packets to these would leave the machine as those to the internet do. RFC 5737 and 3849 keep them for documentation.
_ELSEWHERE = {socket.AF_INET: "203.0.113.1", socket.AF_INET6: "2001:db8::1"}
# Networks within this machine, of its containers and virtual machines.
_INNER = ("br-", "docker", "veth", "virbr")
_SECONDS = 2.0


def phone_addresses(listening: socket.socket) -> list[str]:
    """The IP addresses at which other machines may reach the socket, the likeliest first. Empty if there is none.

    For a socket that listens on all addresses, those are this machine's own; IPv6 ones only where it has no other.
    """
    host = str(listening.getsockname()[0])
    if not ipaddress.ip_address(host).is_unspecified:
        return _for_others([host])
    is_six = listening.family == socket.AF_INET6
    takes_four = not is_six or not listening.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
    return (_own(socket.AF_INET) if takes_four else []) or (_own(socket.AF_INET6) if is_six else [])


def _own(family: socket.AddressFamily) -> list[str]:
    return _for_others([*_of_default_route(family), *_of_interfaces(family), *_of_name(family)])


def _of_default_route(family: socket.AddressFamily) -> list[str]:
    # Connecting a UDP socket chooses its address and sends nothing.
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.connect((_ELSEWHERE[family], 9))
        return [str(sock.getsockname()[0])]
    return []


def _of_interfaces(family: socket.AddressFamily) -> list[str]:
    """As Linux's `ip` lists them, where it is installed."""
    command = ["ip", "-json", "-4" if family == socket.AF_INET else "-6", "address", "show", "up", "scope", "global"]
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        listed = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True).stdout  # noqa: S603
        return [
            str(address["local"])
            for interface in json.loads(listed)
            if interface and not interface["ifname"].startswith(_INNER)
            for address in interface["addr_info"]
        ]
    return []


def _of_name(family: socket.AddressFamily) -> list[str]:
    """As the name of this machine is resolved, which macOS does by the addresses of its interfaces."""
    with contextlib.suppress(OSError):
        return [str(found[4][0]) for found in socket.getaddrinfo(socket.gethostname(), None, family)]
    return []


def _for_others(addresses: list[str]) -> list[str]:
    found = map(ipaddress.ip_address, addresses)
    return list(dict.fromkeys(str(one) for one in found if not (one.is_loopback or one.is_link_local)))
