"""The authority beside a running fleet: renews the fleet's own certificates before they end, keeps
the revocation list young, and has the broker read again what has changed on disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog
from cryptography import x509

from fleet.certificates import files
from fleet.errors import FleetError
from fleet.pki import authority, certs, tls
from fleet.pki.authority import Authority, Terms
from fleet.pki.certs import DAY

TRUST = "link.pem"  # the root, for terminals
CODE = "{}.enrol"  # an invitation, beside it
LOOK_SECONDS = 0.5
YOUNG = 1 / 3  # renewed when less of its life is left

log = structlog.get_logger("fleet.pki")


class Keeper:
    """`client`, `server`: TLS contexts that go on with the newest certificates."""

    def __init__(
        self, folder: Path, tenant: str, terms: Terms, trust: Path, workers: int = 0
    ) -> None:
        """Makes what is missing. `workers`: of the ingest. Raises `FleetError`."""
        self._workers = range(1, workers + 1)
        authority.found(folder, tenant, terms)
        self.authority = Authority(folder, tenant, terms)
        self._trust = trust
        self._listed = 0.0
        _keep(trust / TRUST, self.authority.root)
        self.client, self.server = tls.client(trust / TRUST), tls.server()
        self.tend()
        self._load()
        if (folder / "root" / "root.key").exists():
            log.info("root_key_is_here", remedy="keep it elsewhere: docs/security.md")

    @property
    def broker(self) -> Path:
        """What the broker reads."""
        return self.authority.broker

    def invite(self, terminal: str, hours: float) -> None:
        """Lays a code beside the root; the terminal uses it only if it has no good certificate."""
        code = self.authority.invite(terminal, hours)
        files.write(self._trust / CODE.format(terminal), f"{code}\n".encode())

    def tend(self) -> bool:
        """Renew what is due; was anything?"""
        own, clock = self.authority, self.authority.clock()
        server = self._due(own.broker / "server.pem", own.terms.reached)
        fleet = self._due(own.folder / "fleet.pem")
        if server:
            own.write_server()
        if fleet:
            own.write_fleet()
        for number in self._workers:
            if self._due(own.folder / authority.worker_file(number)):
                own.write_worker(number)
        if self._listed + own.terms.crl * DAY * YOUNG < clock:
            own.write_lists()
            self._listed = clock
        return server or fleet

    def start(self, stop: threading.Event, reload: Callable[[], None] | None) -> threading.Thread:
        """`reload`: has the broker read its files again; None: it is somebody else's broker."""
        thread = threading.Thread(target=self._watch, args=(stop, reload), name="pki", daemon=True)
        thread.start()
        return thread

    def _watch(self, stop: threading.Event, reload: Callable[[], None] | None) -> None:
        seen = self._seen()
        while not stop.wait(LOOK_SECONDS):
            try:
                if self.tend():
                    self._load()
                now = self._seen()
                if now != seen and reload is not None:
                    reload()
                    log.info("broker_reloads")
                seen = now
            except (FleetError, OSError) as error:
                log.error("pki_failed", error=type(error).__name__)

    def _seen(self) -> tuple[tuple[str, int, int], ...]:
        found = sorted(self.broker.iterdir())
        stats = [(path.name, path.stat()) for path in found if not path.name.startswith(".")]
        return tuple((name, stat.st_mtime_ns, stat.st_ino) for name, stat in stats)

    def _load(self) -> None:
        self.client.load_cert_chain(self.authority.folder / "fleet.pem")
        self.server.load_cert_chain(self.broker / "server.pem")

    def _due(self, file: Path, reached: Sequence[str] = ()) -> bool:
        """It is missing, near its end, or not of the names under which it is reached now."""
        try:
            found = x509.load_pem_x509_certificate(file.read_bytes())
        except (FileNotFoundError, ValueError):
            return True
        begin, end = (
            moment.timestamp() for moment in (found.not_valid_before_utc, found.not_valid_after_utc)
        )
        late = end - self.authority.clock() < (end - begin) * YOUNG
        return late or (bool(reached) and certs.reached(found) != set(reached))


def _keep(file: Path, content: bytes) -> None:
    """Terminals look whether it has changed: it is not written when it has not."""
    if not file.exists() or file.read_bytes() != content:
        files.write(file, content, files.PUBLIC)
