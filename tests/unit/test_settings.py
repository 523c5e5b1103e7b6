from __future__ import annotations

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
