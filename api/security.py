"""Who may do what: API keys with scopes, and a limit on the rate of requests."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from api.problems import Problem
from api.settings import ServerSettings
from api.store import Store

SCOPES = ("read", "plan", "admin")  # each holds those before it
PREFIX = "isf_"
LOCAL = ("127.0.0.1", "localhost", "[::1]", "::1")
MOST_CLIENTS = 10_000
KEY_SECONDS = 5.0  # a key that was found good is not looked up again for so long


@dataclass(frozen=True)
class Caller:
    """Who asks: key id (empty = nobody in particular) and the scopes it has."""

    key: str
    scopes: frozenset[str]


def holds(scope: str) -> frozenset[str]:
    """A scope and those below it."""
    return frozenset(SCOPES[: SCOPES.index(scope) + 1])


def new_key(store: Store, name: str, scope: str, expires: str = "") -> tuple[str, str]:
    """Makes a key; its id and the secret, which is told once and kept only as a hash. ValueError for a scope that is none."""
    if scope not in SCOPES:
        raise ValueError(f"scope '{scope}' is none of {', '.join(SCOPES)}")
    secret, ident = PREFIX + secrets.token_urlsafe(32), secrets.token_hex(6)
    store.add_key({"id": ident, "name": name, "hash": digest(secret), "scopes": scope, "expires": expires, "revoked": False})
    return ident, secret


def digest(secret: str) -> str:
    """What the database keeps of a key: the secret is 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_of(headers: Headers) -> str:
    """The secret of a request: Authorization: Bearer, or X-Api-Key; empty if there is none."""
    given = headers.get("authorization", "")
    return given[7:].strip() if given[:7].lower() == "bearer " else headers.get("x-api-key", "")


class Doorkeeper:
    """Knows callers by their keys."""

    def __init__(self, settings: ServerSettings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.known: OrderedDict[str, tuple[float, dict[str, Any] | None]] = OrderedDict()

    def caller(self, request: Request) -> Caller:
        """Problem 401 for a key that is unknown, expired or revoked; without a key the tourism side, or all on a local server."""
        secret = secret_of(request.headers)
        if not secret:
            return Caller("", holds("admin") if self.settings.auth == "local" else frozenset())
        row = self._row(digest(secret))
        if row is None or row["revoked"] or not hmac.compare_digest(row["hash"], digest(secret)):
            raise Problem(401, "key", "this API key is not known", "API 密钥无效", {"WWW-Authenticate": "Bearer"})
        if row["expires"] and row["expires"] <= datetime.now(UTC).isoformat():
            raise Problem(401, "key-expired", "this API key has expired", "API 密钥已过期", {"WWW-Authenticate": "Bearer"})
        return Caller(row["id"], holds(row["scopes"]))

    def knows(self, hashed: str) -> bool:
        """Whether a key was found good a moment ago; asks no database."""
        found = self.known.get(hashed)
        return found is not None and found[1] is not None

    def forget(self) -> None:
        """After a key was revoked."""
        self.known.clear()

    def _row(self, hashed: str) -> dict[str, Any] | None:
        found = self.known.get(hashed)
        if found is None or time.monotonic() - found[0] > KEY_SECONDS:
            found = (time.monotonic(), self.store.key(hashed))
            self.known[hashed] = found
            while len(self.known) > MOST_CLIENTS:
                self.known.popitem(last=False)
        return found[1]


def needs(scope: str) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency: 401 without a key, 403 with one that lacks the scope."""

    async def check(request: Request) -> Caller:
        doorkeeper: Doorkeeper = request.app.state.doorkeeper
        # only who shows a key asks the database, and it is not waited for where all requests run
        caller = await run_in_threadpool(doorkeeper.caller, request) if secret_of(request.headers) else doorkeeper.caller(request)
        if scope in caller.scopes:
            return caller
        if not caller.key:
            raise Problem(
                401,
                "no-key",
                f"an API key with the scope {scope} is needed",
                f"需要具有 {scope} 权限的 API 密钥",
                {"WWW-Authenticate": "Bearer"},
            )
        raise Problem(403, "scope", f"this API key lacks the scope {scope}", f"该 API 密钥缺少 {scope} 权限")

    return check


class RateLimit:
    """A bucket of tokens for each client, by key or address."""

    def __init__(self, rate: int, burst: int) -> None:
        self.each, self.burst = rate / 60, float(burst)
        self.buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str, moment: float) -> float:
        """Seconds until the client may ask again; 0 takes a token."""
        if not self.each:
            return 0.0
        tokens, since = self.buckets.pop(client, (self.burst, moment))
        tokens = min(self.burst, tokens + (moment - since) * self.each)
        allowed = tokens >= 1
        self.buckets[client] = (tokens - 1 if allowed else tokens, moment)
        if len(self.buckets) > MOST_CLIENTS:
            self.buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self.each


def local_fault(headers: Headers, method: str, path: str, hosts: tuple[str, ...]) -> str:
    """Why a request to a local server is refused; empty if it is not.

    A page from elsewhere that a person on this machine looks at must not reach the server: neither under a name of its own that
    points here, nor by a form or script that changes something (a question for trips changes nothing).
    """
    host = headers.get("host", "").rsplit(":", 1)[0] if not headers.get("host", "").endswith("]") else headers.get("host", "")
    if host not in (*LOCAL, *hosts):
        return "host"
    origin = headers.get("origin", "")
    if (
        method not in ("GET", "HEAD", "OPTIONS")
        and path != "/itineraries"
        and origin
        and origin.split("://", 1)[-1] != headers.get("host", "")
    ):
        return "origin"
    return ""
