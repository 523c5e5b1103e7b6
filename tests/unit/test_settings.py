from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings

PATHS = ("STATE_DIR", "MNIST_DIR", "DATASETS_DIR", "MODELS_DIR")
TOKEN = "0123456789abcdefghijkl"


def test_a_path_may_begin_with_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in PATHS:
        monkeypatch.setenv(f"DESCENT_{name}", f"~/{name}")

    settings = Settings()

    assert [getattr(settings, name.lower()) for name in PATHS] == [tmp_path / name for name in PATHS]


def test_the_home_folder_of_nobody_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESCENT_STATE_DIR", "~nobody-of-that-name/state")

    with pytest.raises(ValidationError, match="no home folder"):
        Settings()


def test_an_empty_variable_is_as_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PATHS, "ADMIN_TOKEN", "ROOT_PATH", "LOG", "WATCHERS", "CORS_ORIGINS"):
        monkeypatch.delenv(f"DESCENT_{name}", raising=False)
    usual = Settings()
    for name in (*PATHS, "ADMIN_TOKEN", "ROOT_PATH", "LOG", "WATCHERS", "CORS_ORIGINS"):
        monkeypatch.setenv(f"DESCENT_{name}", "")

    assert Settings() == usual


def test_a_token_with_bytes_that_are_not_utf_8_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESCENT_ADMIN_TOKEN", os.fsdecode(b"0123456789abcdefghijkl\xff"))

    with pytest.raises(ValidationError) as refused:
        Settings()

    assert "UTF-8" in refused.value.errors()[0]["msg"]
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize("origin", ["*", "https://*", "https://*.school.example", "https://school.example/page"])
def test_what_is_no_origin_of_a_browser_is_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("DESCENT_CORS_ORIGINS", f"https://other.example,{origin}")

    with pytest.raises(ValidationError, match="is not an origin"):
        Settings()


@pytest.mark.parametrize("name", [*PATHS, "ADMIN_TOKEN", "ROOT_PATH", "LOG", "WATCHERS", "CORS_ORIGINS"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_quotes_around_a_value_are_named_without_the_value(
    monkeypatch: pytest.MonkeyPatch, name: str, quote: str
) -> None:
    monkeypatch.setenv(f"DESCENT_{name}", f"{quote}{TOKEN}{quote} ")

    with pytest.raises(ValidationError, match="Remove the quotes around the value") as refused:
        Settings()

    assert TOKEN not in str(refused.value)


def test_quotes_within_a_value_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESCENT_STATE_DIR", "/srv/the school's/state")
    monkeypatch.setenv("DESCENT_ADMIN_TOKEN", f'"{TOKEN}')

    assert Settings().state_dir == Path("/srv/the school's/state")
