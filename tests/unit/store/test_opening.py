"""A database that can't be used is said with what to change, and never with its password."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from app.store import postgres_connection
from app.store.opening import open_store
from app.store.records import StoreError
from tests.support.postgres import Postgres, free_port, running_postgres
from tests.support.server import wait_until

PASSWORD = "pa55-word"


@pytest.fixture
def unprivileged(database_url: str) -> Iterator[str]:
    """The URL for a user who owns nothing."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        connection.execute("CREATE USER guest")
        yield database_url.replace("postgres@", "guest@")
        connection.execute("DROP OWNED BY guest")
        connection.execute("DROP USER guest")


def _refused(url: str) -> str:
    with pytest.raises(StoreError) as refused:
        open_store(Path("unused"), url)
    said = str(refused.value)
    assert "DESCENT_DATABASE" in said
    assert PASSWORD[:4] not in said
    assert said.endswith(".")
    return said


@pytest.mark.parametrize(
    "rest",
    [
        f"user:{PASSWORD}@@host/name",
        f"user:{PASSWORD[:4]}@{PASSWORD[4:]}@host/name",
        f"user:{PASSWORD[:4]}/{PASSWORD[4:]}@host/name",
        f"user:{PASSWORD[:4]} {PASSWORD[4:]}@host/name",
        f"user:{PASSWORD}%zz@host/name",
        f"user:{PASSWORD}@[host/name",
        f"user:{PASSWORD}@host/name?colour=red",
    ],
)
def test_a_url_that_can_not_be_read_is_never_quoted(rest: str) -> None:
    assert "%40 for @" in _refused(f"postgresql://{rest}")


def test_a_password_may_have_any_character(postgres: Postgres, database_url: str) -> None:
    parts = conninfo_to_dict(database_url)
    url = f"postgresql://postgres:{quote('p@/ :%?#', safe='')}@/{parts['dbname']}?host={postgres.folder}"

    open_store(Path("unused"), url).close()


def test_an_unknown_host_is_named() -> None:
    said = _refused(f"postgresql://user:{PASSWORD}@no-such-host.invalid/name")

    assert "no-such-host.invalid" in said
    assert "Check its address" in said


def test_a_port_where_nothing_listens_is_named() -> None:
    port = free_port()

    assert str(port) in _refused(f"postgresql://user:{PASSWORD}@127.0.0.1:{port}/name")


def test_a_database_that_is_not_there_is_named(database_url: str) -> None:
    assert '"nothing" does not exist' in _refused(re.sub("test_[0-9]+", "nothing", database_url))


@pytest.mark.slow
def test_a_wrong_password_is_not_quoted() -> None:
    with running_postgres(tcp=True) as postgres:
        url = postgres.new_database()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE USER ada PASSWORD 'right'")
            (postgres.folder / "data" / "pg_hba.conf").write_text(
                "host all ada all scram-sha-256\nlocal all all trust\n"
            )
            connection.execute("SELECT pg_reload_conf()")
        url = url.replace("postgres@", f"ada:{PASSWORD}@")

        wait_until(lambda: "password authentication failed" in _refused(url), "the rules to be read")


def test_a_user_who_may_make_no_tables_needs_rights(unprivileged: str) -> None:
    assert "Make the user the database's owner" in _refused(unprivileged)


def test_a_user_who_may_only_use_the_tables_is_enough(unprivileged: str, database_url: str) -> None:
    open_store(Path("unused"), database_url).close()
    with psycopg.connect(database_url) as owner:
        owner.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guest")

    store = open_store(Path("unused"), unprivileged)

    assert store.create_run({}, 9).id == 1
    store.close()


def test_a_server_of_an_old_version_is_refused(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_connection, "MIN_VERSION", 99)

    assert "99 or newer" in _refused(database_url)


def test_another_encoding_is_refused(postgres: Postgres, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    url = postgres.url("latin")

    assert "LATIN1" in _refused(url)
    postgres.drop_database(url)


def test_tables_of_a_newer_version_are_left_alone(database_url: str) -> None:
    open_store(Path("unused"), database_url).close()
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE schema_version SET version = 99")

    with pytest.raises(StoreError, match=r"version 99.*Start the newer program"):
        open_store(Path("unused"), database_url)


def test_the_tables_of_another_program_are_left_alone(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE runs (miles int)")

    assert "Give Descent a database of its own" in _refused(database_url)
    with psycopg.connect(database_url) as connection:
        assert (
            connection.execute("SELECT to_regclass('events'), to_regclass('schema_version')").fetchone() == (None,) * 2
        )


def test_without_psycopg_the_lock_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg_pool", None)

    assert "requirements-cluster.lock" in _refused("postgresql://host/name")


def test_of_many_that_open_an_empty_database_at_once_none_is_in_the_way_of_another(database_url: str) -> None:

    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: open_store(Path("unused"), database_url), range(8)))

    stores[0].create_run({}, 1)
    assert all(len(store.runs()) == 1 for store in stores)
    for store in stores:
        store.close()
