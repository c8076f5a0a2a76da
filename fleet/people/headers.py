"""What every answer tells the browser about itself: no frames, nothing from outside."""

from __future__ import annotations

from collections.abc import Iterable

# The console's own pages build their view in the browser, which needs `eval` and inline scripts;
# pages of sign-in and accounts have no script at all.
CONSOLE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:;"
    " connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self';"
    " frame-ancestors 'none'"
)
PLAIN = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
EVERY = (
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
HSTS = (b"strict-transport-security", b"max-age=31536000")

Headers = list[tuple[bytes, bytes]]


def dressed(given: Iterable[tuple[bytes, bytes]], *, secure: bool, private: bool) -> Headers:
    """`given` and what is missing. `private`: for one person, so no cache may keep it."""
    headers = list(given)
    known = {name.lower() for name, _ in headers}
    wanted = [*EVERY, (b"content-security-policy", CONSOLE.encode())]
    if secure:
        wanted.append(HSTS)
    if private:
        wanted.append((b"cache-control", b"no-store"))
    return headers + [(name, value) for name, value in wanted if name not in known]
