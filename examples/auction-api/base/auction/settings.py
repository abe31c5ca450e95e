"""What the environment decides. App Service hands its app settings over as environment variables."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    database_url: str
    pool_size: int
    release: str


def sqlalchemy_url(url: str) -> str:
    """The same URL with the driver named: plain `postgresql://` would ask for psycopg2."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme in ("postgres", "postgresql") else url


def release_id() -> str:
    """The id in the release file that the deployment put beside the code."""
    try:
        return json.loads((ROOT / "augeo-release.json").read_text())["release"]
    except FileNotFoundError:
        return "unreleased"


def load() -> Settings:
    return Settings(
        database_url=sqlalchemy_url(os.environ["DATABASE_URL"]),
        pool_size=int(os.environ.get("DATABASE_POOL_SIZE", "5")),
        release=release_id(),
    )


settings = load()
