"""The tests' PostgreSQL: databases that share nothing, data that outlives the server, and a network that can be cut."""

from __future__ import annotations

from typing import Literal

import psycopg
import pytest

from tests.support.line import Line
from tests.support.postgres import Postgres, running_postgres


def test_each_database_is_empty_and_one_of_its_own(postgres: Postgres, database_url: str) -> None:
    other = postgres.new_database()
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE digits (digit int)")
    with psycopg.connect(other) as connection:
        assert connection.execute("SELECT to_regclass('digits')").fetchone() == (None,)
    with psycopg.connect(other) as left:
        postgres.drop_database(other)
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")


@pytest.mark.slow
def test_a_server_of_its_own_keeps_data_when_it_restarts_and_its_network_can_be_cut() -> None:
    modes: tuple[Literal["fast", "immediate"], ...] = ("fast", "immediate")
    with running_postgres(tcp=True) as postgres:
        url = postgres.new_database()
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE stops (mode text)")
        for mode in modes:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("INSERT INTO stops VALUES (%s)", [mode])
                postgres.restart(mode)
                with pytest.raises(psycopg.OperationalError):
                    connection.execute("SELECT 1")
        with Line(url) as line:
            with psycopg.connect(line.url) as connection:
                assert connection.execute("SELECT mode FROM stops").fetchall() == [("fast",), ("immediate",)]
                line.cut()
                with pytest.raises(psycopg.OperationalError):
                    connection.execute("SELECT 1")
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(line.url)
            line.mend()
            psycopg.connect(line.url).close()
            postgres.stop()
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(line.url, connect_timeout=10)
            postgres.start()
            psycopg.connect(line.url, connect_timeout=10).close()
