"""What every request passes through: its id, limits, strict headers, ETag and 304, log line and counters. Plain ASGI, no copy of streams."""

from __future__ import annotations

import hashlib
import re
import time
import uuid
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import logger
from api.problems import Problem, problem
from api.security import Doorkeeper, RateLimit, digest, local_fault, secret_of
from api.settings import ServerSettings

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
MOST_ETAG_BYTES = 8_000_000
PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()", "Content-Security-Policy": PAGE_POLICY, "X-Frame-Options": "DENY",
}  # fmt: skip


class Counters:
    """Counters of one application, for /metrics."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("islandflow_requests", "requests", ["method", "route", "status"], registry=self.registry)
        buckets = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
        self.seconds = Histogram("islandflow_request_seconds", "time to the last byte", ["route"], buckets=buckets, registry=self.registry)


class Gate:
    """The outermost layer."""

    def __init__(self, app: ASGIApp, settings: ServerSettings, counters: Counters, doorkeeper: Doorkeeper) -> None:
        self.app, self.settings, self.counters, self.doorkeeper = app, settings, counters, doorkeeper
        self.limit = RateLimit(settings.rate, settings.burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        ident = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=ident)
        begun, seen = time.perf_counter(), {"status": 500}
        answer = _Answer(send, ident, headers, scope["method"], seen)
        refused = self._refusal(scope, headers)
        size = 0
        most = self.settings.body_mb * 1_000_000

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > most:
                raise Problem(413, "too-large", *_too_large(most))
            return message

        try:
            if refused is not None:
                await refused(scope, receive, answer)
            else:
                # whoever asks for the head alone gets that of the answer; the server sends no body then
                await self.app({**scope, "method": "GET"} if scope["method"] == "HEAD" else scope, counted, answer)
        finally:
            route = getattr(scope.get("route"), "path", "") or "-"
            took = time.perf_counter() - begun
            self.counters.requests.labels(scope["method"], route, str(seen["status"])).inc()
            self.counters.seconds.labels(route).observe(took)
            if route not in ("/healthz", "/readyz"):
                logger().info("request", method=scope["method"], path=scope["path"], status=seen["status"], ms=round(took * 1000, 1))

    def _refusal(self, scope: Scope, headers: Headers) -> Any:
        if self.settings.auth == "local" and (fault := local_fault(headers, scope["method"], scope["path"], self.settings.hosts)):
            return problem(403, f"foreign-{fault}", f"a local server takes no requests under this {fault}", "本机服务拒绝该来源的请求")
        if "\x00" in scope["path"] or b"%00" in scope.get("query_string", b""):
            return problem(422, "invalid", "an address holds no NUL", "地址不能含空字符(NUL)")
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self.settings.body_mb * 1_000_000:
            return problem(413, "too-large", *_too_large(self.settings.body_mb * 1_000_000))
        if self.limit.each and scope["path"] not in ("/healthz", "/readyz"):
            # a key that is not known to be good opens no bucket of its own: else each guess would
            hashed = digest(secret_of(headers))
            client = hashed if self.doorkeeper.knows(hashed) else (scope.get("client") or ("?", 0))[0]
            wait = self.limit.wait(client, time.monotonic())
            if wait:
                return problem(429, "rate", "too many requests", "请求过于频繁", {"Retry-After": str(int(wait) + 1)})
        return None


def _too_large(most: int) -> tuple[str, str]:
    return f"a body may have {most // 1_000_000} MB at most", f"请求体最大 {most // 1_000_000} MB"


class _Answer:
    """Adds headers; a whole answer to a GET gets an ETag, and becomes a 304 if the caller has it."""

    def __init__(self, send: Send, ident: str, asked: Headers, method: str, seen: dict[str, int]) -> None:
        self.send, self.ident, self.asked, self.method, self.seen = send, ident, asked, method, seen
        self.held: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.seen["status"] = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.ident
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            # what was told to the holder of a key is nobody else's to keep
            headers.setdefault("Cache-Control", "private, no-cache" if secret_of(self.asked) else "no-cache")
            stream = headers.get("content-type", "").startswith("text/event-stream")
            if self.method in ("GET", "HEAD") and message["status"] == 200 and not stream and "no-store" not in headers["Cache-Control"]:
                self.held = message
                return
            await self.send(message)
            return
        if self.held is None:
            await self.send(message)
            return
        held, self.held = self.held, None
        headers = MutableHeaders(scope=held)
        body = message.get("body", b"")
        if not message.get("more_body") and len(body) <= MOST_ETAG_BYTES and (body or "etag" in headers):
            if "etag" not in headers:
                headers["ETag"] = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
            if matches(self.asked.get("if-none-match", ""), headers["etag"]):
                self.seen["status"] = 304
                for name in ("content-length", "content-type", "content-encoding"):
                    if name in headers:
                        del headers[name]
                await self.send({**held, "status": 304})
                await self.send({"type": "http.response.body", "body": b""})
                return
        await self.send(held)
        await self.send(message)


def matches(asked: str, tag: str) -> bool:
    """Whether an If-None-Match names the tag (weak comparison)."""
    return asked.strip() == "*" or tag.removeprefix("W/") in {x.strip().removeprefix("W/") for x in asked.split(",") if x.strip()}
