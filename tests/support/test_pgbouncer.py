"""What PgBouncer's transaction mode lets through: queries, but no notifications."""

from __future__ import annotations

import psycopg

from tests.support.pgbouncer import running_pgbouncer
from tests.support.postgres import Postgres


def test_queries_pass_and_notifications_do_not(postgres: Postgres, database_url: str) -> None:
    with running_pgbouncer(postgres) as bouncer:
        pooled = bouncer.url(database_url)
        with (
            psycopg.connect(pooled, autocommit=True, prepare_threshold=None) as listener,
            psycopg.connect(pooled, autocommit=True, prepare_threshold=None) as sender,
            psycopg.connect(database_url, autocommit=True) as direct,
        ):
            for connection in (listener, direct):
                connection.execute("LISTEN events")
            assert sender.execute("SELECT 1 + %s", [1]).fetchone() == (2,)
            sender.execute("NOTIFY events, 'sent'")
            (heard,) = direct.notifies(timeout=10, stop_after=1)
            assert heard.payload == "sent"
            assert list(listener.notifies(timeout=0.5)) == []
