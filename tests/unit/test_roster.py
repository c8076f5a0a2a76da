"""Staff at a terminal: who they are, which PIN opens for them, and how wrong ones lock."""

from __future__ import annotations

import dataclasses
import json
import logging
from pathlib import Path

import pytest

from kiosk.identity.lockout import Instant
from kiosk.identity.numbers import resident_check
from kiosk.identity.pins import PinFault
from kiosk.identity.roster import Roster, StaffFault, StaffRefusedError
from kiosk.identity.rosterfile import RosterFile
from kiosk.model import Level, Member, SecretAnswer, SecretFault, StaffRole

LI, WANG, FOREIGNER = "445299195410121019", "11010519491231002X", "XXA440085042304"
PIN, OTHER_PIN, WRONG = "830471", "59062714", "830472"
ACCEPTED = SecretAnswer()


@dataclasses.dataclass
class Clock:
    """An uptime that tests move."""

    boot: str = "first start"
    seconds: float = 5000.0

    def __call__(self) -> Instant:
        return Instant(self.boot, self.seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terminal" / "staff.json"


@pytest.fixture
def roster(path: Path, clock: Clock) -> Roster:
    return Roster.load(path, clock)


@pytest.fixture
def li(roster: Roster) -> Member:
    return roster.add("李小田", LI, StaffRole.HELPER, Level.VILLAGE, PIN)


def wrong(count: int) -> list[SecretAnswer]:
    """What so many wrong PINs in a row are answered, without waiting, and one more."""
    answers = [SecretAnswer(SecretFault.WRONG, left) for left in (2, 1)]
    return [*answers, *[SecretAnswer(SecretFault.LOCKED, 0, 30)] * count][:count]


# ---- Who is who ------------------------------------------------------------------------------


def test_without_a_file_nobody_works_here(roster: Roster, path: Path) -> None:
    assert roster.empty
    assert roster.members() == ()
    assert roster.find(LI) is None
    assert not path.parent.exists()


def test_a_member_is_found_by_the_card(roster: Roster, path: Path) -> None:
    li = roster.add(" 李小田 ", LI, StaffRole.HELPER, Level.VILLAGE, PIN)
    wang = roster.add("王秋实", WANG, StaffRole.ADMINISTRATOR, Level.COUNTY, OTHER_PIN)
    assert li == Member("H-01", "李小田", StaffRole.HELPER, Level.VILLAGE)
    assert wang == Member("A-01", "王秋实", StaffRole.ADMINISTRATOR, Level.COUNTY)
    for one in (roster, Roster.load(path)):
        assert not one.empty
        assert one.members() == (li, wang)
        assert (one.find(LI), one.find(WANG)) == (li, wang)
        assert one.find(WANG.lower() + " ") == wang
        assert one.find("445299199003072043") is None
        assert one.find("") is None
        assert one.find("\ud800") is None


def test_a_foreigners_card_of_2017_will_do(roster: Roster) -> None:
    alice = roster.add("艾丽丝", FOREIGNER, StaffRole.OPERATOR, Level.TOWN, PIN)
    assert alice.id == "O-01"
    assert roster.find(FOREIGNER) == alice


def test_what_another_program_changes_holds_at_once(roster: Roster, path: Path) -> None:
    other = Roster.load(path)
    li = other.add("李小田", LI, StaffRole.HELPER, Level.VILLAGE, PIN)
    assert roster.find(LI) == li
    other.remove(li.id)
    assert roster.find(LI) is None
    assert roster.empty


def test_ids_count_for_each_role_and_are_never_given_out_again(roster: Roster) -> None:
    def add(place: int, role: StaffRole) -> str:
        first = f"44529919900307{place:03d}"
        return roster.add("某", first + resident_check(first), role, Level.TOWN, PIN).id

    assert [add(1, StaffRole.HELPER), add(2, StaffRole.HELPER)] == ["H-01", "H-02"]
    assert add(3, StaffRole.OPERATOR) == "O-01"
    roster.remove("H-02")
    roster.remove("H-01")
    roster.remove("O-01")
    assert roster.empty
    assert [add(2, StaffRole.HELPER), add(3, StaffRole.OPERATOR)] == ["H-03", "O-02"]


# ---- What is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "number", "pin", "fault"),
    [
        ("", WANG, PIN, StaffFault.BAD_NAME),
        ("  ", WANG, PIN, StaffFault.BAD_NAME),
        ("王\n秋实", WANG, PIN, StaffFault.BAD_NAME),
        ("王\udce7", WANG, PIN, StaffFault.BAD_NAME),
        ("王" * 61, WANG, PIN, StaffFault.BAD_NAME),
        ("王秋实", "", PIN, StaffFault.BAD_NUMBER),
        ("王秋实", "110105194912310021", PIN, StaffFault.BAD_NUMBER),
        ("王秋实", LI, OTHER_PIN, StaffFault.CARD_KNOWN),
        ("王秋实", WANG, "12345", PinFault.LENGTH),
        ("王秋实", WANG, "83O471", PinFault.DIGITS),
        ("王秋实", WANG, "888888", PinFault.SAME_DIGIT),
        ("王秋实", WANG, "456789", PinFault.RUN),
        ("王秋实", WANG, "121212", PinFault.REPEATED),
        ("王秋实", WANG, "491231", PinFault.CARD_NUMBER),
    ],
)
@pytest.mark.usefixtures("li")
def test_each_reason_not_to_add(
    roster: Roster, path: Path, name: str, number: str, pin: str, fault: StaffFault | PinFault
) -> None:
    before = path.read_bytes()
    with pytest.raises(StaffRefusedError) as refused:
        roster.add(name, number, StaffRole.HELPER, Level.TOWN, pin)
    assert refused.value.fault is fault
    assert path.read_bytes() == before
    assert not {pin, number} & set(str(refused.value).split())


@pytest.mark.parametrize(
    ("member", "pin", "number", "fault"),
    [
        ("H-02", OTHER_PIN, LI, StaffFault.UNKNOWN_ID),
        ("", OTHER_PIN, LI, StaffFault.UNKNOWN_ID),
        ("H-01", OTHER_PIN, WANG, StaffFault.OTHER_CARD),
        ("H-01", "541012", LI, PinFault.CARD_NUMBER),
        ("H-01", "5906", LI, PinFault.LENGTH),
    ],
)
def test_each_reason_not_to_set_a_pin(
    roster: Roster, li: Member, member: str, pin: str, number: str, fault: StaffFault | PinFault
) -> None:
    with pytest.raises(StaffRefusedError) as refused:
        roster.set_pin(member, pin, number)
    assert refused.value.fault is fault
    assert roster.check(li, PIN) == ACCEPTED


@pytest.mark.usefixtures("li")
def test_who_is_not_there_cant_be_removed(roster: Roster) -> None:
    with pytest.raises(StaffRefusedError) as refused:
        roster.remove("A-01")
    assert refused.value.fault is StaffFault.UNKNOWN_ID
    assert len(roster.members()) == 1


# ---- PINs and locks --------------------------------------------------------------------------


def test_only_the_right_pin_opens(roster: Roster, li: Member) -> None:
    assert roster.check(li, PIN) == ACCEPTED
    assert roster.check(li, WRONG) == SecretAnswer(SecretFault.WRONG, 2)
    assert roster.check(li, PIN) == ACCEPTED


def test_a_pin_opens_for_its_member_only(roster: Roster, li: Member) -> None:
    wang = roster.add("王秋实", WANG, StaffRole.HELPER, Level.TOWN, OTHER_PIN)
    assert roster.check(wang, PIN).fault is SecretFault.WRONG
    assert roster.check(wang, OTHER_PIN) == ACCEPTED
    assert roster.check(li, OTHER_PIN) == SecretAnswer(SecretFault.WRONG, 2)


@pytest.mark.parametrize("pin", ["", "830471 ", "8304711", "x" * 100_000, "\ud800", "\0"])
def test_anything_else_is_a_wrong_pin(roster: Roster, li: Member, pin: str) -> None:
    assert roster.check(li, pin) == SecretAnswer(SecretFault.WRONG, 2)


def test_three_wrong_pins_lock(roster: Roster, li: Member) -> None:
    assert [roster.check(li, WRONG) for _ in range(3)] == wrong(3)


def test_a_right_pin_resets_the_count(roster: Roster, li: Member) -> None:
    assert [roster.check(li, WRONG) for _ in range(2)] == wrong(2)
    assert roster.check(li, PIN) == ACCEPTED
    assert [roster.check(li, WRONG) for _ in range(3)] == wrong(3)


def test_the_third_try_may_be_right(roster: Roster, li: Member) -> None:
    assert [roster.check(li, WRONG) for _ in range(2)] == wrong(2)
    assert roster.check(li, PIN) == ACCEPTED


def test_during_a_lock_right_and_wrong_are_answered_alike(
    roster: Roster, li: Member, clock: Clock
) -> None:
    for _ in range(3):
        roster.check(li, WRONG)
    for passed, wait in ((0, 30), (10.5, 20), (29.9, 1)):
        clock.seconds = 5000 + passed
        told = SecretAnswer(SecretFault.LOCKED, 0, wait)
        assert roster.check(li, PIN) == roster.check(li, WRONG) == told
    clock.seconds = 5030
    assert roster.check(li, PIN) == ACCEPTED
    assert roster.check(li, WRONG) == SecretAnswer(SecretFault.WRONG, 2)


def test_every_further_wrong_pin_doubles_the_wait(roster: Roster, li: Member, clock: Clock) -> None:
    waits = []
    for _ in range(11):
        answer = roster.check(li, WRONG)
        waits.append(answer.wait)
        clock.seconds += answer.wait
    assert waits == [0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert roster.check(li, PIN) == ACCEPTED


def test_a_lock_is_of_one_member(roster: Roster, li: Member) -> None:
    wang = roster.add("王秋实", WANG, StaffRole.HELPER, Level.TOWN, OTHER_PIN)
    for _ in range(3):
        roster.check(li, WRONG)
    assert roster.check(wang, OTHER_PIN) == ACCEPTED
    assert roster.check(li, PIN).fault is SecretFault.LOCKED


def test_a_lock_survives_a_restart_of_the_program(
    roster: Roster, li: Member, path: Path, clock: Clock
) -> None:
    for _ in range(3):
        roster.check(li, WRONG)
    clock.seconds += 10
    assert Roster.load(path, clock).check(li, PIN) == SecretAnswer(SecretFault.LOCKED, 0, 20)


def test_a_lock_begins_anew_with_the_machine_and_ends(
    roster: Roster, li: Member, clock: Clock
) -> None:
    for _ in range(3):
        roster.check(li, WRONG)
    clock.boot, clock.seconds = "second start", 4.0
    assert roster.check(li, PIN) == SecretAnswer(SecretFault.LOCKED, 0, 26)
    clock.seconds = 30
    assert roster.check(li, PIN) == ACCEPTED


def test_a_new_pin_replaces_the_old_one_and_ends_a_lock(roster: Roster, li: Member) -> None:
    for _ in range(3):
        roster.check(li, WRONG)
    roster.set_pin(li.id, OTHER_PIN, LI)
    assert roster.check(li, PIN) == SecretAnswer(SecretFault.WRONG, 2)
    assert roster.check(li, OTHER_PIN) == ACCEPTED


def test_who_was_removed_meanwhile_has_no_pin(roster: Roster, li: Member) -> None:
    roster.remove(li.id)
    assert roster.check(li, PIN) == SecretAnswer(SecretFault.NOT_REGISTERED)


# ---- Privacy ---------------------------------------------------------------------------------


def test_neither_number_nor_pin_is_on_disk(roster: Roster, li: Member, path: Path) -> None:
    roster.check(li, WRONG)
    roster.set_pin(li.id, OTHER_PIN, LI)
    secrets = (LI, LI[6:14], LI[8:14], LI[-6:], LI[:17], PIN, OTHER_PIN, WRONG)
    files = [one for one in path.parent.rglob("*") if one.is_file()]
    assert {one.name for one in files} == {"staff.json", "staff.json.key"}
    held = b"".join(one.read_bytes() for one in files)
    assert li.id.encode() in held
    assert not [secret for secret in secrets if secret.encode() in held]


def test_the_same_card_and_pin_look_different_at_every_terminal(tmp_path: Path) -> None:
    kept = []
    for terminal in ("one", "two"):
        path = tmp_path / terminal / "staff.json"
        Roster.load(path).add("李小田", LI, StaffRole.HELPER, Level.VILLAGE, PIN)
        entry = json.loads(path.read_text("utf-8"))["content"]["entries"][0]
        kept.append((entry["card"], entry["pin"]["salt"], entry["pin"]["hash"]))
    assert all(one != other for one, other in zip(*kept, strict=True))


def test_nothing_secret_shows_in_repr_or_logs(
    roster: Roster, li: Member, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    roster.find(LI)
    roster.check(li, PIN)
    opened = RosterFile(path).read()
    entry = opened.content.entries[0]
    shown = f"{roster!r} {li!r} {opened!r} {entry!r} {caplog.text}"
    assert "H-01" in shown
    for secret in (LI, PIN, "李小田", repr(opened.key), repr(entry.card), repr(entry.pin.hash)):
        assert secret not in shown
