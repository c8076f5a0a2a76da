"""What a command brings, to the fleet: logs, or a picture of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import httpx

from kiosk.gateway import trust
from kiosk.wire import ATTACHMENTS

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Counter:
    """`ca`: whom to trust where `url` is https."""

    url: str
    token_file: Path
    ca: Path

    def put(self, command: str, kind: str, body: bytes) -> bool:
        """Waits for the answer. False: it did not get there, or was not taken. `kind`: logs or
        picture."""
        try:
            token = self.token_file.read_text("ascii").strip()
            verify = trust.context(self.ca) if self.url.startswith("https:") else True
            with httpx.Client(verify=verify, trust_env=False, timeout=SECONDS) as http:
                said = http.put(
                    f"{self.url.rstrip('/')}{ATTACHMENTS}/{command}",
                    content=body,
                    params={"kind": kind},
                    headers={"Authorization": f"Bearer {token}"},
                )
        except (httpx.HTTPError, OSError, UnicodeDecodeError):
            return False
        return said.status_code in {httpx.codes.OK, httpx.codes.CREATED}
