"""The sample platform and both simulated back ends behind one handle, for the scenario suite."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec

from fleet.platform.adapters.city import CityPlatform
from fleet.platform.adapters.county import CountyPlatform
from fleet.platform.adapters.spec import Spec, read
from fleet.platform.contract import Decision, StepReport
from fleet.platform.office import Office
from fleet.platform.sample import SamplePlatform, china_now
from kiosk.wire import CaseMaterial, CasePayload
from paperwork import AUTHORITY_EN, AUTHORITY_ZH, CATALOGUE, RESIDENCE, case, items

ROOT = Path(__file__).parents[1]
PLATFORMS = ROOT / "config/platforms"
SECONDS = 20.0
PROOF = "residence_proof"
SCANNED = CaseMaterial(PROOF, "scan", ["ab" * 32, "cd" * 32])
PROMISED = CaseMaterial(PROOF, "promise", due="2026-12-20")

Adapter = Any  # a Platform that is Reporting and Concluding, too


def residence(case_no: str, *materials: CaseMaterial, **more: Any) -> CasePayload:
    """A promise item with steps side by side and one secondary material."""
    made = case(case_no, RESIDENCE, **{"proof": "", **more})
    return msgspec.structs.replace(made, materials=list(materials))


class NoPapers:
    """Decisions as they come: sealing is measured and tested elsewhere, and slow."""

    def issue(self, case: CasePayload, decision: Decision) -> Decision:
        return decision


class BackEnd:
    """One simulated platform as a process; it can be killed and started again."""

    def __init__(self, name: str, folder: Path, catalogue: Path = CATALOGUE) -> None:
        self.name, self.folder, self.port = name, folder, 0
        self._catalogue = catalogue
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", f"fleet.platform.backends.{self.name}"]
        command += ["--folder", str(self.folder), "--port", str(self.port)]
        command += ["--catalogue", str(self._catalogue), "--accept-unmatched-face"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "KIOSK_DIE_WITH_PARENT": "1"},
        )  # fmt: skip
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], SECONDS)
        line = self._process.stdout.readline() if ready else ""
        assert line.startswith(f"{self.name} ready http://127.0.0.1:"), line
        self.port = int(line.rsplit(":", 1)[1])

    def kill(self) -> None:
        """Like a power cut."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(SECONDS)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(SECONDS)
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def befall(self, **state: Any) -> None:
        """Write the state file; without arguments all is well."""
        part = self.folder / ".state"
        part.write_text(json.dumps(state))
        part.replace(self.folder / f"{self.name}.json")

    def advance(self, days: float) -> int:
        answer = httpx.post(f"{self.url}/sim/advance", json={"days": days}, timeout=SECONDS)
        return int(answer.raise_for_status().json()["ended"])

    def counts(self) -> dict[str, int]:
        """By case: how often it was handed over."""
        found: dict[str, int] = httpx.get(f"{self.url}/sim/cases", timeout=SECONDS).json()
        return found


@dataclass
class Rig:
    """One platform under test. `back_end`: None for the sample platform, which has no process."""

    name: str
    folder: Path
    platform: Adapter
    back_end: BackEnd | None
    build: Callable[[], Adapter]
    place: str = ""
    seen: list[StepReport] = field(default_factory=list)

    @property
    def office(self) -> Office:
        found: Office = self.platform.office
        return found

    def again(self) -> None:
        """The fleet's own process ends and begins anew."""
        self.platform.close()
        self.platform = self.build()

    def crash(self) -> None:
        """The platform itself is killed, and comes back."""
        if self.back_end is None:
            self.again()
            return
        self.back_end.kill()
        self.back_end.start()

    def advance(self, days: float) -> int:
        return self.back_end.advance(days) if self.back_end else self.office.advance(days)

    def counts(self) -> dict[str, int]:
        if self.back_end is not None:
            return self.back_end.counts()
        with self.office.book.change():
            return self.office.book.counts()

    def reports(self, case_no: str) -> list[StepReport]:
        """Everything that was reported of one case so far."""
        while True:
            found, place = self.platform.reports(self.place)
            if place == self.place:
                return self.seen_of(case_no)
            self.seen += found
            self.place = place

    def seen_of(self, case_no: str) -> list[StepReport]:
        return [report for report in self.seen if report.case_no == case_no]


def spec_of(back_end: BackEnd, seconds: float = 8.0) -> Spec:
    """As its file in `config/platforms` says, at the address where it listens."""
    secret = str(back_end.folder / f"{back_end.name}.secret")
    written = read(PLATFORMS / f"{back_end.name}.toml")
    return msgspec.structs.replace(written, url=back_end.url, secret_file=secret, seconds=seconds)


def adapter(back_end: BackEnd, folder: Path, papers: Any, seconds: float = 8.0) -> Adapter:
    spec = spec_of(back_end, seconds)
    if back_end.name == "city":
        return CityPlatform(spec, items(), papers)
    return CountyPlatform(spec, items(), papers, folder / "inbox")


def sample(folder: Path) -> SamplePlatform:
    return SamplePlatform(
        folder / "fleet", folder / "trust", True, AUTHORITY_ZH, AUTHORITY_EN,
        items=items().values(), clock=china_now,
    )  # fmt: skip


@contextmanager
def rig(name: str, folder: Path, seconds: float = 8.0, papers: bool = True) -> Iterator[Rig]:
    """`papers`: approved cases get their sealed certificate."""
    if name == "sample":
        made = Rig(name, folder, sample(folder), None, lambda: sample(folder))
        yield made
        made.platform.close()
        return
    back_end = BackEnd(name, folder / name)
    (folder / name).mkdir(parents=True)
    back_end.start()
    desk = sample(folder).papers if papers else NoPapers()
    try:
        build = lambda: adapter(back_end, folder, desk, seconds)  # noqa: E731
        made = Rig(name, folder, build(), back_end, build)
        yield made
        made.platform.close()
    finally:
        back_end.stop()


def until(condition: Callable[[], Any], seconds: float = SECONDS) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"still not so after {seconds} s")
