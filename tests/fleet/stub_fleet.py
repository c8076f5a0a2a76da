"""A fleet manager as a process of its own, with a platform that can kill it at the worst moment.

Arguments: folder, broker port, how to end: `never`, or `platform` = kill -9 once, after the
platform has decided and before the fleet has committed. Each call of the platform adds a line to
`<folder>/calls`; its answers are kept in `<folder>/answers`, as a real platform keeps them.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from fleet.handling.plan import Duty
from fleet.identity.senders import NoSender
from fleet.manager import start
from fleet.place import Outside, Place
from fleet.platform.adapters import routing
from fleet.platform.contract import Decision, Standing
from fleet.platform.persons import SamplePersons
from kiosk import wire


class KeepingPlatform:
    def __init__(self, folder: Path, end: str) -> None:
        self._folder = folder
        self._end = end
        (folder / "answers").mkdir(exist_ok=True)

    def decide(self, case: wire.CasePayload) -> Decision:
        answer = self._folder / "answers" / case.case_no
        if not answer.exists():
            answer.write_text(f"C-{len(list(answer.parent.iterdir())) + 1}")
        with (self._folder / "calls").open("a") as calls:
            calls.write(f"{case.case_no}\n")
        if self._end == "platform":
            os.kill(os.getpid(), signal.SIGKILL)
        number = answer.read_text()
        return Decision(Standing.APPROVED, certificate_no=number, certificate=number.encode())


def main() -> None:
    folder, port, end = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    place = Place(
        tenant="sample",
        var=folder / "var",
        trust=folder / "trust",
        store_url=f"sqlite:///{folder}/var/fleet.db",
        broker=("127.0.0.1", port),
        own_broker=True,
        stale_seconds=90,
        items={},
        duty=Duty("值班长"),
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with ExitStack() as stack:
        outside = Outside(routing.only(KeepingPlatform(folder, end)), SamplePersons(), NoSender())
        start(place, lambda: outside, stack)
        print("ready", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
