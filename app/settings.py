"""What a host can set, read once from DESCENT_* variables."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
# 128 bits in the alphabet of base64.
SHORTEST_TOKEN = 22


class Settings(BaseSettings):
    """Frozen settings. Raises pydantic.ValidationError when a variable makes no sense."""

    model_config = SettingsConfigDict(env_prefix="DESCENT_", frozen=True, extra="ignore")

    admin_token: SecretStr | None = Field(
        default=None, description="Whoever has it may train and publish. Without it one is made at each start."
    )
    state_dir: Path = Field(default=Path("state"), description="Runs, their networks, and what is published.")
    mnist_dir: Path = Field(default=ROOT / "data" / "mnist", description="The four gzipped MNIST files.")
    datasets_dir: Path | None = Field(
        default=None, description="A folder of other sets of 28x28 IDX files, each in a sub-folder of its own."
    )
    models_dir: Path = Field(default=ROOT / "models", description="The networks that are served from the start.")
    root_path: str = Field(default="", description="The sub-path under which a proxy shows Descent, such as /digits.")
    watchers: int = Field(default=2000, ge=1, description="How many may watch runs at a time, in each process.")
    watchers_per_address: int = Field(default=1200, ge=1, description="How many of them from one address.")

    @field_validator("datasets_dir", mode="before")
    @classmethod
    def _none_for_empty(cls, value: object) -> object:
        return value or None

    @field_validator("root_path")
    @classmethod
    def _slash_before_none_behind(cls, value: str) -> str:
        path = value.strip("/")
        return f"/{path}" if path else ""

    @field_validator("admin_token")
    @classmethod
    def _without_blanks_around(cls, value: SecretStr | None) -> SecretStr | None:
        token = value.get_secret_value().strip() if value else ""
        return SecretStr(token) if token else None

    @property
    def weak_token(self) -> str:
        """What to say of a token that may be guessed, though wrong ones are slowed; empty of any other."""
        if self.admin_token is None or len(self.admin_token.get_secret_value()) >= SHORTEST_TOKEN:
            return ""
        return (
            "DESCENT_ADMIN_TOKEN is so short that it may be guessed. Make one of 256 random bits:"
            ' python -c "import secrets; print(secrets.token_urlsafe(32))"'
        )

    @property
    def database(self) -> Path:
        return self.state_dir / "descent.sqlite3"

    @property
    def attempts(self) -> Path:
        """Where the server's processes count wrong tokens."""
        return self.state_dir / "attempts.sqlite3"

    @property
    def key_file(self) -> Path:
        return self.state_dir / "key"

    def run_dir(self, run_id: int) -> Path:
        """Where a run keeps its checkpoint and its network."""
        return self.state_dir / "runs" / str(run_id)
