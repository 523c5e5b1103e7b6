from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.server.phone_addresses import phone_addresses
from app.server.serving import listen


def _addresses(host: str) -> list[str]:
    with listen(host, 0) as sock:
        return phone_addresses(sock)


@pytest.fixture
def networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine has two networks, and another one for its containers."""
    listed = [
        {"ifname": name, "addr_info": [{"local": address}]}
        for name, address in (("docker0", "172.17.0.1"), ("wlan0", "10.1.2.3"), ("eth7", "10.4.5.6"))
    ]
    program = tmp_path / "ip"
    program.write_text(f"#!/bin/sh\necho '{json.dumps(listed)}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_socket_for_this_machine_alone_has_no_address_for_phones(host: str) -> None:
    assert _addresses(host) == []


@pytest.mark.usefixtures("networks")
@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_all_networks_are_named_but_those_within_the_machine(host: str) -> None:
    found = _addresses(host)

    assert {"10.1.2.3", "10.4.5.6"} <= set(found)
    assert len(set(found)) == len(found)
    assert not any(address.startswith(("127.", "172.17.", "169.254.")) for address in found)


def test_where_no_program_lists_the_networks_there_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert not any(address.startswith("127.") for address in _addresses("0.0.0.0"))
