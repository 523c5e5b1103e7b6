from __future__ import annotations

import pytest
from starlette.requests import Request

from app.server.addresses import home_of


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
def test_a_home_counts_as_one_and_a_name_that_a_proxy_gave_as_itself(host: str | None, counted: str) -> None:
    client = None if host is None else (host, 1234)

    assert home_of(Request({"type": "http", "client": client, "headers": []})) == counted
