from __future__ import annotations

import pytest
from starlette.requests import Request

from app.server.addresses import client_key


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("made up", "made up"),
        (None, ""),
    ],
)
def test_an_ipv6_network_is_one_client_and_so_is_a_name_that_a_proxy_sent(host: str | None, counted: str) -> None:
    client = None if host is None else (host, 1234)

    assert client_key(Request({"type": "http", "client": client, "headers": []})) == counted
