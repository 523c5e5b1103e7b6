"""The settings, read once from DESCENT_* environment variables."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_PACKAGE = Path(__file__).resolve().parent
# pyproject.toml has the wheel hold there what a checkout has beside the package.
_RESOURCES = _PACKAGE / "resources"
IS_INSTALLED = _RESOURCES.is_dir()
# The folder of static, templates, models and data.
ROOT = _RESOURCES if IS_INSTALLED else _PACKAGE.parent
# What a user types before the name of a command.
PROGRAM = "descent" if IS_INSTALLED else "python -m app"
# 128 bits in base64 can't be guessed.
MIN_TOKEN_LENGTH = 22


class Settings(BaseSettings):
    """Frozen settings. Raises pydantic.ValidationError when a variable is invalid."""

    # An error must not print a refused token.
    model_config = SettingsConfigDict(
        # An empty variable is as one that is not set: as a folder, it would be the current one.
        env_prefix="DESCENT_",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    admin_token: SecretStr | None = Field(
        default=None,
        description="The token that allows training and publishing. If not set, a new one is made at each start.",
    )
    state_dir: Path = Field(
        default=user_data_path("descent-digits") if IS_INSTALLED else Path("state"),
        description="Folder for runs, their networks, published versions.",
    )
    mnist_dir: Path = Field(default=ROOT / "data" / "mnist", description="Folder with the four gzipped MNIST files.")
    datasets_dir: Path | None = Field(
        default=None, description="Folder of other data sets: one sub-folder each, with 28x28 IDX files."
    )
    models_dir: Path = Field(default=ROOT / "models", description="Folder with the networks published from the start.")
    root_path: str = Field(default="", description="Sub-path under which a proxy serves Descent, such as /digits.")
    database: SecretStr | None = Field(
        default=None,
        description="URL of a PostgreSQL database, postgresql://user:password@host/name, for all that is in the state"
        " folder otherwise.",
    )
    scheduler: str | None = Field(
        default=None,
        description="Address of a Dask scheduler, such as tcp://host:8786, whose workers train the runs. If not set,"
        " they are trained on this machine.",
    )
    lease_seconds: float = Field(
        default=15.0,
        ge=2,
        le=600,
        description="With a database: seconds after which a run whose worker has fallen silent passes to another.",
    )
    keep_days: int | None = Field(
        default=None,
        ge=1,
        le=36500,
        description="Days for which the checkpoints of a run are kept after its end. Its events, results and network"
        " are always kept. If not set, its checkpoints are too.",
    )
    room_days: int = Field(
        default=7, ge=1, le=366, description="Days after which a room is forgotten, with everything drawn in it."
    )
    keep_drawings: bool = Field(
        default=False,
        description="Whether users can say what a drawing is that was answered wrongly. The drawing and that digit are"
        " then kept, without anything about who drew it.",
    )
    address: str | None = Field(
        default=None,
        description="Address at which phones reach this server, such as http://192.168.1.20:8000, for the QR codes of"
        " rooms. If not set, that of the teacher's browser.",
    )
    log: Literal["json", "text"] | None = Field(
        default=None, description="Format of the log: json or text. If not set, text on a terminal, else json."
    )
    watchers: int = Field(default=2500, ge=1, description="Maximum number of open event streams, in each process.")
    watchers_per_address: int = Field(default=1200, ge=1, description="The same from one client address.")

    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="The origins, with commas between, whose pages may use the open calls."
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _origins(cls, value: str | Iterable[str]) -> tuple[str, ...]:
        texts = value.split(",") if isinstance(value, str) else value
        return tuple(_origin(text.strip()) for text in texts if text.strip())

    # Defined after the others of mode "before", so that it runs before them.
    @field_validator("*", mode="before")
    @classmethod
    def _refuse_quotes(cls, value: object) -> object:
        text = value.strip() if isinstance(value, str) else ""
        if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
            raise PydanticCustomError(
                "quoted", "Remove the quotes around the value. Docker's --env-file, for one, takes them as part of it"
            )
        return value

    @field_validator("state_dir", "mnist_dir", "datasets_dir", "models_dir")
    @classmethod
    def _expand_home(cls, value: Path | None) -> Path | None:
        try:
            return value.expanduser() if value else None
        except RuntimeError as error:
            raise PydanticCustomError("no_home", "There is no home folder for its ~. Write the whole path") from error

    @field_validator("database")
    @classmethod
    def _require_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise PydanticCustomError("not_postgresql", "Write it as postgresql://user:password@host/name")
        return value

    @field_validator("scheduler")
    @classmethod
    def _require_address(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"(tcp|tls)://[^/]+:\d{1,5}", value):
            raise PydanticCustomError("not_an_address", "Write it as tcp://host:8786 or tls://host:8786")
        return value

    @field_validator("address")
    @classmethod
    def _require_origin(cls, value: str | None) -> str | None:
        return _origin(value.strip()) if value else None

    @field_validator("root_path")
    @classmethod
    def _with_leading_slash_only(cls, value: str) -> str:
        path = value.strip("/")
        return f"/{path}" if path else ""

    @field_validator("admin_token")
    @classmethod
    def _strip_and_refuse_short(cls, value: SecretStr | None) -> SecretStr | None:
        token = value.get_secret_value().strip() if value else ""
        # The bytes of a variable that are not UTF-8 become lone surrogates.
        if not token.isprintable():
            raise PydanticCustomError(
                "token_not_text", "The token has bytes that are not text in UTF-8. Make another one"
            )
        if token and len(token) < MIN_TOKEN_LENGTH:
            raise PydanticCustomError(
                "token_too_short",
                f"A token of fewer than {MIN_TOKEN_LENGTH} characters can be guessed. Run"
                ' python3 -c "import secrets; print(secrets.token_urlsafe(32))" to make a longer one',
            )
        return SecretStr(token) if token else None

    @model_validator(mode="after")
    def _require_database(self) -> Settings:
        if self.scheduler and not self.database:
            raise PydanticCustomError(
                "no_database", "DESCENT_SCHEDULER needs DESCENT_DATABASE, where its workers find the runs"
            )
        return self

    def require_shared_token(self) -> None:
        """Raises ValueError if servers that share a database would each make an admin token of their own."""
        if self.database and not self.admin_token:
            raise ValueError(
                "DESCENT_DATABASE needs DESCENT_ADMIN_TOKEN, since each server would make a token of its own. Run"
                ' python3 -c "import secrets; print(secrets.token_urlsafe(32))" to make one for all servers.'
            )

    @property
    def sqlite_file(self) -> Path:
        return self.state_dir / "descent.sqlite3"

    @property
    def database_url(self) -> str | None:
        return self.database.get_secret_value() if self.database else None


def _origin(text: str) -> str:
    """The origin as a browser writes it: in lower case, without the scheme's own port."""
    with contextlib.suppress(ValidationError):
        origin = str(HttpUrl(text)).removesuffix("/")
        if origin.count("/") == 2 and "@" not in origin and "*" not in origin:
            return origin
    raise PydanticCustomError(
        "not_an_origin",
        "{text} is not an origin. Write scheme, host and port alone, such as https://school.example or"
        " http://localhost:3000",
        {"text": text[:200]},
    )
