"""`kiosk staff`: each command, each refusal in one sentence, and nothing secret on the screen."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kiosk import staff
from kiosk.errors import RosterError
from kiosk.identity.pins import PinFault
from kiosk.identity.roster import Roster, StaffFault
from kiosk.model import Level, Member, StaffRole

LI, WANG, PIN = "445299195410121019", "11010519491231002X", "830471"
HELPER = ("--role", "helper", "--level", "village")
PATIENCE = 60
SETTINGS = Path(__file__).parents[2] / "config" / "terminal.toml"
ROSTER = "KIOSK_STAFF__ROSTER"  # from the environment, over what the settings file says


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "terminal" / "staff.json"
    monkeypatch.setenv(ROSTER, str(path))
    return path


def run(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(staff.app, [*words, "--settings", str(SETTINGS)], input=given)


def add(name: str = "李小田", number: str = LI, pin: str = PIN, *options: str) -> Result:
    return run("add", name, *(options or HELPER), "--stdin", given=f"{number}\n{pin}\n")


def refusal(result: Result) -> str:
    """One sentence on the error output, and nothing else."""
    assert result.exit_code == 1
    assert result.stdout == ""
    start, sentence = result.stderr.split("kiosk staff: ")
    assert start == ""
    assert sentence.count("\n") == 1
    return sentence.strip()


def test_add_prints_the_id(path: Path) -> None:
    result = add()
    assert (result.exit_code, result.stdout, result.stderr) == (0, "H-01\n", "")
    second = add("王秋实", WANG, PIN, "--role", "administrator", "--level", "county")
    assert second.stdout == "A-01\n"
    assert Roster.load(path).members() == (
        Member("H-01", "李小田", StaffRole.HELPER, Level.VILLAGE),
        Member("A-01", "王秋实", StaffRole.ADMINISTRATOR, Level.COUNTY),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_both_kinds_of_line_ends_will_do(path: Path, end: str) -> None:
    assert run("add", "李小田", *HELPER, "--stdin", given=f"{LI}{end}{PIN}{end}").exit_code == 0
    roster = Roster.load(path)
    assert roster.check(roster.members()[0], PIN).fault is None


@pytest.mark.usefixtures("path")
def test_list_shows_everybody_and_nothing_secret() -> None:
    assert run("list").stdout == ""
    add()
    add("王秋实", WANG, PIN, "--role", "operator", "--level", "town")
    lines = run("list").stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["H-01", "helper", "village", "李小田"],
        ["O-01", "operator", "town", "王秋实"],
    ]


def test_remove_takes_off_the_roster(path: Path) -> None:
    add()
    assert run("remove", "H-01").stdout == "H-01\n"
    assert Roster.load(path).empty
    assert refusal(run("remove", "H-01")) == staff.EXPLAINED[StaffFault.UNKNOWN_ID]


def test_pin_sets_another_and_ends_a_lock(path: Path) -> None:
    add()
    roster = Roster.load(path)
    li = roster.members()[0]
    for _ in range(3):
        roster.check(li, "830472")
    assert run("pin", "H-01", "--stdin", given=f"{LI}\n590627\n").stdout == "H-01\n"
    assert roster.check(li, "590627").fault is None


@pytest.mark.parametrize(
    ("name", "number", "pin", "fault"),
    [
        (" ", WANG, PIN, StaffFault.BAD_NAME),
        ("王秋实", WANG[:-1], PIN, StaffFault.BAD_NUMBER),
        ("王秋实", "", "", StaffFault.BAD_NUMBER),
        ("王秋实", LI, PIN, StaffFault.CARD_KNOWN),
        ("王秋实", WANG, "", PinFault.LENGTH),
        ("王秋实", WANG, "83047l", PinFault.DIGITS),
        ("王秋实", WANG, "000000", PinFault.SAME_DIGIT),
        ("王秋实", WANG, "654321", PinFault.RUN),
        ("王秋实", WANG, "343434", PinFault.REPEATED),
        ("王秋实", WANG, "19491231", PinFault.CARD_NUMBER),
    ],
)
def test_each_refusal_to_add_is_one_sentence(
    path: Path, name: str, number: str, pin: str, fault: StaffFault | PinFault
) -> None:
    add()
    sentence = refusal(add(name, number, pin))
    assert sentence == staff.EXPLAINED[fault]
    assert len(Roster.load(path).members()) == 1


@pytest.mark.usefixtures("path")
def test_each_refusal_of_a_new_pin_is_one_sentence() -> None:
    add()
    for member, number, pin, fault in (
        ("H-09", LI, "590627", StaffFault.UNKNOWN_ID),
        ("H-01", WANG, "590627", StaffFault.OTHER_CARD),
        ("H-01", LI, "541012", PinFault.CARD_NUMBER),
    ):
        result = run("pin", member, "--stdin", given=f"{number}\n{pin}\n")
        assert refusal(result) == staff.EXPLAINED[fault]


def test_every_reason_has_a_sentence_of_its_own() -> None:
    reasons = {*StaffFault, *PinFault}
    assert len(reasons) == len(StaffFault) + len(PinFault)
    assert set(staff.EXPLAINED) == reasons
    assert len(set(staff.EXPLAINED.values())) == len(reasons)


@pytest.mark.parametrize("words", [("list",), ("remove", "H-01"), ("pin", "H-01", "--stdin")])
def test_a_damaged_roster_is_told_and_kept(path: Path, words: tuple[str, ...]) -> None:
    add()
    path.write_bytes(b"{}")
    result = run(*words, given=f"{LI}\n590627\n")
    assert isinstance(result.exception, RosterError)
    assert path.read_bytes() == b"{}"


def test_a_damaged_roster_ends_the_command_in_one_sentence(path: Path) -> None:
    add()
    path.chmod(0o644)
    argv = [sys.executable, "-m", "kiosk", "staff", "list", "--settings", str(SETTINGS)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    remedy = f"kiosk: others can read or write {path}; try: chmod 600 {path}\n"
    assert done.stderr == remedy


# ---- With a person at the keyboard -----------------------------------------------------------

PROGRAM = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from kiosk.__main__ import main
main()
"""


class Console:
    """A terminal in which the command runs; `seen`: all that its screen showed."""

    def __init__(self, *words: str) -> None:
        self._master, slave = pty.openpty()
        argv = [sys.executable, "-c", PROGRAM, *words, "--settings", str(SETTINGS)]
        self.process = subprocess.Popen(
            argv, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.seen = ""

    def until(self, words: str, after: int) -> int:
        """Where `words` end on the screen; "" waits for the end of the command."""
        while not words or words not in self.seen[after:]:
            assert select.select([self._master], [], [], PATIENCE)[0], self.seen
            try:
                self.seen += os.read(self._master, 4096).decode()
            except OSError:  # the last one that held the terminal is gone
                break
        assert words in self.seen[after:], self.seen
        return self.seen.index(words, after) + len(words)

    def type(self, text: str) -> None:
        os.write(self._master, f"{text}\n".encode())

    def close(self) -> None:
        os.close(self._master)
        self.process.kill()
        self.process.wait(PATIENCE)


def test_a_person_is_asked_and_nothing_is_echoed(path: Path) -> None:
    console = Console("staff", "add", "李小田", *HELPER)
    try:
        at = 0
        for prompt, answer in (
            ("Number of the identity card: ", LI),
            ("PIN: ", PIN),
            ("PIN again: ", "830472"),  # not the same: both are asked for again
            ("PIN: ", PIN),
            ("PIN again: ", PIN),
        ):
            at = console.until(prompt, at)
            console.type(answer)
        console.until("", at)
        assert console.process.wait(PATIENCE) == 0
    finally:
        console.close()
    assert console.seen.split()[-1] == "H-01"
    for secret in (LI, LI[6:14], PIN, "830472"):
        assert secret not in console.seen
    roster = Roster.load(path)
    li = roster.find(LI)
    assert li is not None
    assert roster.check(li, PIN).fault is None
