from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.settings import Settings


def _origins(monkeypatch: pytest.MonkeyPatch, text: str) -> tuple[str, ...]:
    monkeypatch.setenv("DESCENT_CORS_ORIGINS", text)
    return Settings().cors_origins


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", ()),
        ("https://school.example,http://localhost:3000", ("https://school.example", "http://localhost:3000")),
        (" https://School.example:443/ , ", ("https://school.example",)),
        ("http://[::1]:3000", ("http://[::1]:3000",)),
        ("https://müller.example", ("https://xn--mller-kva.example",)),
    ],
)
def test_origins_are_read_as_browsers_write_them(
    monkeypatch: pytest.MonkeyPatch, text: str, origins: tuple[str, ...]
) -> None:
    assert _origins(monkeypatch, text) == origins


@pytest.mark.parametrize(
    "text", ["*", "school.example", "ftp://school.example", "https://school.example/page", "https://me@school.example"]
)
def test_what_is_not_an_origin_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _origins(monkeypatch, f"https://good.example,{text}")

    assert f"{text} is not an origin. Write scheme, host and port" in str(refused.value)
