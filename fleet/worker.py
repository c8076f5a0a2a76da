"""`python -m fleet.worker`: one of several processes that file what terminals send.

The manager starts them (`fleet.workers`), with a `Post` as the first line on stdin. They share the
messages (`$share/ingest/…`): the broker gives each message to one of them. What they know is in the
database alone, so any of them can end at any moment: what it had not acknowledged, the terminals
send again, to another. Each says on stdout, one `Took` a line, what it has done.
"""

from __future__ import annotations

import signal
import ssl
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import msgspec

from fleet import process
from fleet.counts import Took
from fleet.errors import FleetError
from fleet.ingest import Ingest
from fleet.link import Link
from fleet.pki import tls
from fleet.pki.access import KEPT
from fleet.pki.authority import worker_file
from fleet.store.database import Store

OVERTAKING = 2.0  # seconds by which one worker's message may overtake another's
BEAT_SECONDS = 0.5


class Post(msgspec.Struct, frozen=True):
    """Where a worker works. `number`: from 1. `secure`: the authority's folder, and the root that
    the broker's certificate must come from; None: in clear."""

    number: int
    tenant: str
    store_url: str
    broker: tuple[str, int]
    secure: tuple[str, str] | None = None


def main() -> int:
    process.log_to_stderr()
    try:
        return run(msgspec.json.decode(sys.stdin.buffer.readline(), type=Post))
    except (FleetError, msgspec.DecodeError) as error:
        print(f"fleet worker: {error}", file=sys.stderr)
        return 2


def run(post: Post) -> int:
    """Until stdin ends, or SIGTERM. Raises `FleetError`."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_orphaned, args=(stop,), daemon=True).start()
    with ExitStack() as stack:
        store = Store(post.store_url)
        stack.callback(store.close)
        voice = _Voice()
        ingest = Ingest(store, post.tenant, voice, patience=OVERTAKING)
        badge = _Badge(post)
        link = Link(
            post.broker, post.tenant, put=ingest.put, next_session=badge.renewed,
            secure=badge.context, leaves=KEPT, online=None, name=f"ingest{post.number}",
        )  # fmt: skip
        ingest.start(link.send)
        stack.callback(ingest.stop)
        stack.callback(link.stop)
        link.start(0)
        while not stop.wait(BEAT_SECONDS):
            voice.took(Took(ready=link.connected, healthy=ingest.healthy))
    return 0


class _Voice:
    """Says it to whoever started us; whoever does not listen any more has ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def took(self, took: Took) -> None:
        line = msgspec.json.encode(took) + b"\n"
        with self._lock:
            try:
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
            except OSError:
                return


class _Badge:
    """The worker's certificate, read again before each connection: it is renewed meanwhile."""

    def __init__(self, post: Post) -> None:
        self.context: ssl.SSLContext | None = None
        if post.secure is not None:
            folder, root = map(Path, post.secure)
            self._file = folder / worker_file(post.number)
            self.context = tls.client(root)

    def renewed(self) -> int:
        if self.context is not None:
            self.context.load_cert_chain(self._file)
        return 0


def _orphaned(stop: threading.Event) -> None:
    """The manager holds the other end of stdin: when it ends, however it ends, so do we."""
    while sys.stdin.buffer.read(1):
        pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
