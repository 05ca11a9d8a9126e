"""Settings of the server: from the environment, with defaults for one machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

AUTH = ("local", "keys")


@dataclass(frozen=True)
class ServerSettings:
    """``home`` holds database, queue, scenarios and plans. ``auth``: ``local`` lets whoever reaches the loopback do everything,
    ``keys`` asks for an API key on all but the tourism side. Limits: ``rate`` requests a minute and client (0 = none),
    ``burst`` at once, ``body_mb`` of a request, ``zip_mb`` and ``zip_files`` of an unpacked upload, ``workers`` solves at once.
    ``thinking``: trips and figures are computed by a process of their own (`islandflow serve` does so).
    """

    home: Path = Path("out/server")
    database_url: str = ""
    auth: str = "local"
    rate: int = 0
    burst: int = 60
    body_mb: int = 32
    zip_mb: int = 96
    zip_files: int = 64
    workers: int = 1
    origins: tuple[str, ...] = ("*",)
    demo: Path = Path("out/zhoushan")
    longest_solve_s: int = 3600
    hosts: tuple[str, ...] = ()
    thinking: bool = False

    def __post_init__(self) -> None:
        """ValueError for a value out of range."""
        if self.auth not in AUTH:
            raise ValueError(f"ISLANDFLOW_AUTH: '{self.auth}' is none of {', '.join(AUTH)}")
        if min(self.body_mb, self.zip_mb, self.zip_files, self.workers, self.burst, self.longest_solve_s) < 1 or self.rate < 0:
            raise ValueError("server limits must be 1 or more, and ISLANDFLOW_RATE 0 or more")

    @property
    def url(self) -> str:
        """The database, SQLite in ``home`` unless another is named."""
        url = self.database_url or f"sqlite:///{self.home.resolve() / 'islandflow.db'}"
        # SQLAlchemy needs the driver named; people write what their database tells them
        for short in ("postgresql://", "postgres://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        return url

    @property
    def scenarios(self) -> Path:
        """Folder of the scenarios."""
        return self.home / "scenarios"

    @property
    def plans(self) -> Path:
        """Folder of the plan folders."""
        return self.home / "plans"

    def environment(self) -> dict[str, str]:
        """What a child process needs in its environment to have the same settings."""
        return {
            "ISLANDFLOW_HOME": str(self.home), "ISLANDFLOW_DATABASE_URL": self.database_url, "ISLANDFLOW_AUTH": self.auth,
            "ISLANDFLOW_RATE": str(self.rate), "ISLANDFLOW_BURST": str(self.burst), "ISLANDFLOW_BODY_MB": str(self.body_mb),
            "ISLANDFLOW_ZIP_MB": str(self.zip_mb), "ISLANDFLOW_ZIP_FILES": str(self.zip_files), "ISLANDFLOW_WORKERS": str(self.workers),
            "ISLANDFLOW_ORIGINS": ",".join(self.origins), "ISLANDFLOW_DEMO": str(self.demo), "ISLANDFLOW_HOSTS": ",".join(self.hosts),
            "ISLANDFLOW_LONGEST_SOLVE_S": str(self.longest_solve_s),
        }  # fmt: skip


def server_settings(environment: Mapping[str, str] | None = None, **changes: object) -> ServerSettings:
    """Settings from ``ISLANDFLOW_*``; ValueError with the name of what cannot be read."""
    env = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for name in ("rate", "burst", "body_mb", "zip_mb", "zip_files", "workers", "longest_solve_s"):
        text = env.get(f"ISLANDFLOW_{name.upper()}", "")
        if text:
            try:
                values[name] = int(text)
            except ValueError:
                raise ValueError(f"ISLANDFLOW_{name.upper()}: '{text}' is no whole number") from None
    for name in ("home", "demo"):
        if env.get(f"ISLANDFLOW_{name.upper()}"):
            values[name] = Path(env[f"ISLANDFLOW_{name.upper()}"])
    for name in ("database_url", "auth"):
        if env.get(f"ISLANDFLOW_{name.upper()}"):
            values[name] = env[f"ISLANDFLOW_{name.upper()}"]
    for name in ("origins", "hosts"):
        if env.get(f"ISLANDFLOW_{name.upper()}"):
            values[name] = tuple(x.strip() for x in env[f"ISLANDFLOW_{name.upper()}"].split(",") if x.strip())
    return ServerSettings(**(values | changes))  # type: ignore[arg-type]
