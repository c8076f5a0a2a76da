"""What the driver makes of replies and faults, without a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from drivers.idcard.codes import CARD_FAULTS, card_fault
from drivers.idcard.frames import Command, Reply, Status, parse, read_reply
from drivers.idcard.line import LineFault
from drivers.idcard.samples import SAMPLES
from drivers.idcard.status import Presence
from drivers.idcard.text import encode
from drivers.idcard.transport import find_card, read_card
from kiosk.model import CardFault, DeviceState, FaultAction, IdCard

TODAY = date(2026, 11, 21)
SELECTED = Reply(Status.OK, bytes(8))


def read_of(card: IdCard) -> Reply:
    parsed, _ = parse(read_reply(encode(card), card.photo), Command.READ)
    assert isinstance(parsed, Reply)
    return parsed


ZHANG = read_of(SAMPLES["zhang"])


class Script:
    """A line that gives prepared answers, and remembers what was asked."""

    def __init__(self, *answers: Reply | LineFault) -> None:
        self.answers = list(answers)
        self.asked: list[Command] = []

    def exchange(self, command: Command) -> Reply | LineFault:
        self.asked.append(command)
        return self.answers.pop(0)


@pytest.mark.parametrize("status", Status)
def test_every_status_but_success_has_a_fault(status: Status) -> None:
    assert (status in CARD_FAULTS) == (status not in (Status.OK, Status.FOUND))


def test_an_undocumented_status_is_a_refusal() -> None:
    assert card_fault(0x77) is CardFault.REFUSED


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Reply(Status.FOUND, bytes(4)), True),
        (Reply(Status.NOT_FOUND), False),
        (Reply(Status.SELECT_FAILED), False),
        (Reply(Status.READER_REJECTS_CARD), CardFault.REFUSED),
        (Reply(Status.SAM_NOT_AUTHORISED), CardFault.NO_READER),
        (Reply(Status.OK), CardFault.REFUSED),  # not an answer to this question
        (LineFault.ABSENT, CardFault.NO_READER),
        (LineFault.DENIED, CardFault.NO_READER),
        (LineFault.SILENT, CardFault.NO_READER),
    ],
)
def test_finding(answer: Reply | LineFault, result: bool | CardFault) -> None:
    assert find_card(Script(answer)) == result


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ([Reply(Status.SELECT_FAILED)], CardFault.LIFTED),
        ([Reply(Status.CARD_REJECTS_READER)], CardFault.REFUSED),
        ([Reply(Status.READER_REJECTS_CARD)], CardFault.REFUSED),
        ([Reply(Status.WRONG_CARD)], CardFault.WRONG_CARD),
        ([SELECTED, Reply(Status.READ_FAILED)], CardFault.LIFTED),
        ([SELECTED, Reply(Status.READER_REJECTS_CARD)], CardFault.REFUSED),
        ([SELECTED, Reply(Status.NO_CONTENT)], CardFault.WRONG_CARD),
        ([SELECTED, LineFault.SILENT], CardFault.NO_READER),
        ([SELECTED, LineFault.ABSENT], CardFault.NO_READER),
    ],
)
def test_a_read_that_fails_is_told_at_once(
    answers: list[Reply | LineFault], fault: CardFault
) -> None:
    line = Script(*answers)
    assert read_card(line, TODAY) is fault
    assert line.answers == []


def test_a_damaged_reply_is_asked_for_once_more() -> None:
    line = Script(SELECTED, LineFault.CHECKSUM, ZHANG)
    assert read_card(line, TODAY) == SAMPLES["zhang"]
    assert line.asked == [Command.SELECT, Command.READ, Command.READ]


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        (LineFault.CHECKSUM, LineFault.CHECKSUM, CardFault.CHECKSUM),
        (LineFault.CUT_SHORT, LineFault.CUT_SHORT, CardFault.CUT_SHORT),
        (LineFault.CHECKSUM, Reply(Status.READ_FAILED), CardFault.CHECKSUM),
        (LineFault.CUT_SHORT, Reply(Status.NOT_FOUND), CardFault.CUT_SHORT),
        (LineFault.GARBLED, LineFault.CUT_SHORT, CardFault.CHECKSUM),
        (LineFault.CUT_SHORT, LineFault.ABSENT, CardFault.NO_READER),
        (LineFault.CHECKSUM, LineFault.SILENT, CardFault.NO_READER),
    ],
)
def test_a_repeat_that_fails_leaves_the_first_fault_unless_the_reader_is_gone(
    first: LineFault, second: Reply | LineFault, fault: CardFault
) -> None:
    line = Script(SELECTED, first, second)
    assert read_card(line, TODAY) is fault
    assert line.answers == []


def test_a_card_is_judged_by_the_given_day() -> None:
    card = replace(SAMPLES["zhang"], valid_to=TODAY)
    assert read_card(Script(SELECTED, read_of(card)), TODAY) == card
    late = date(2026, 11, 22)
    assert read_card(Script(SELECTED, read_of(card)), late) is CardFault.EXPIRED


def test_before_anything_is_known_the_reader_is_starting() -> None:
    presence = Presence()
    assert presence.observe(LineFault.ABSENT).state is DeviceState.STARTING
    assert not presence.observe(LineFault.ABSENT).usable


def test_three_misses_in_a_row_take_a_reader_away_and_one_answer_brings_it_back() -> None:
    presence = Presence()
    good = Reply(Status.OK)
    for probe in (good, LineFault.ABSENT, LineFault.ABSENT, good, LineFault.ABSENT):
        assert presence.observe(probe).state is DeviceState.ONLINE
    presence.observe(LineFault.SILENT)
    status = presence.observe(LineFault.ABSENT)
    assert status.state is DeviceState.NO_DEVICE
    assert status.fault is not None
    assert (status.fault.code, status.fault.action) == ("not_connected", FaultAction.MAINTENANCE)
    assert presence.observe(good).fault is None


@pytest.mark.parametrize(
    ("fault", "state", "code", "action"),
    [
        (LineFault.SILENT, DeviceState.OFFLINE, "silent", FaultAction.RESET),
        (LineFault.DENIED, DeviceState.OFFLINE, "port_denied", FaultAction.CONFIGURATION),
        (LineFault.GARBLED, DeviceState.HARDWARE_ERROR, "garbled", FaultAction.CONFIGURATION),
        (
            LineFault.CHECKSUM,
            DeviceState.HARDWARE_ERROR,
            "line_disturbed",
            FaultAction.MAINTENANCE,
        ),
    ],
)
def test_each_miss_says_what_a_person_has_to_do(
    fault: LineFault, state: DeviceState, code: str, action: FaultAction
) -> None:
    presence = Presence()
    status = [presence.observe(fault) for _ in range(3)][-1]
    assert status.state is state
    assert status.fault is not None
    assert (status.fault.code, status.fault.action) == (code, action)
    assert not status.usable


@pytest.mark.parametrize("line_fault", LineFault)
def test_no_line_fault_is_ever_taken_for_fine(line_fault: LineFault) -> None:
    presence = Presence()
    assert not [presence.observe(line_fault) for _ in range(3)][-1].usable


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (Status.SELF_TEST_FAILED, "self_test_failed"),
        (Status.SAM_NOT_AUTHORISED, "sam_not_authorised"),
        (0x77, "sam_error"),
    ],
)
def test_a_reader_that_says_it_is_ill_is_believed_at_once(status: int, code: str) -> None:
    seen = Presence().observe(Reply(status))
    assert seen.state is DeviceState.HARDWARE_ERROR
    assert seen.fault is not None
    assert seen.fault.code == code
