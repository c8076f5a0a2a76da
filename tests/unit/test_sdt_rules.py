"""What the driver makes of replies and faults, without a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from drivers.idcard.blocks import join_blocks
from drivers.idcard.codes import CARD_FAULTS, card_fault
from drivers.idcard.frames import Command, Reply, Status
from drivers.idcard.line import LineFault
from drivers.idcard.photo import PhotoState
from drivers.idcard.reading import Wish, find_card, read_card
from drivers.idcard.samples import SAMPLES
from drivers.idcard.status import FAULTS, device_status
from drivers.idcard.text import encode, encode_address
from kiosk.model import CardFault, DeviceState, IdCard

TODAY = date(2026, 11, 21)
PLAIN = Wish(TODAY, new_address=False)
WHOLE = Wish(TODAY, fingerprints=True)
SELECTED = Reply(Status.OK, bytes(8))
WLT = bytes(range(256)) * 4
FINGER = b"\xf1" * 512


def read_of(card: IdCard, *more: bytes) -> Reply:
    return Reply(Status.OK, join_blocks(encode(card), WLT, *more))


ZHANG = read_of(SAMPLES["zhang"])


class Script:
    """A line that gives prepared answers, and remembers what was asked."""

    def __init__(self, *answers: Reply | LineFault) -> None:
        self.answers = list(answers)
        self.asked: list[Command] = []

    def __call__(self, command: Command) -> Reply | LineFault:
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
    assert read_card(line, PLAIN) is fault
    assert line.answers == []


def test_a_damaged_reply_is_asked_for_once_more() -> None:
    line = Script(SELECTED, LineFault.CHECKSUM, ZHANG)
    assert read_card(line, PLAIN) == SAMPLES["zhang"]
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
    assert read_card(line, PLAIN) is fault
    assert line.answers == []


def test_a_card_is_judged_by_the_given_day() -> None:
    card = replace(SAMPLES["zhang"], valid_to=TODAY)
    assert read_card(Script(SELECTED, read_of(card)), PLAIN) == card
    late = Wish(date(2026, 11, 22), new_address=False)
    assert read_card(Script(SELECTED, read_of(card)), late) is CardFault.EXPIRED


MOVED = Reply(Status.OK, encode_address("示例县新河路12号"))
TO_THE_END = [Command.SELECT, Command.READ_FINGERS, Command.READ_ADDRESS]


def test_fingerprints_and_the_appended_address_are_read_when_wished_for() -> None:
    line = Script(SELECTED, read_of(SAMPLES["zhang"], 2 * FINGER), MOVED)
    card = read_card(line, WHOLE)
    assert card == replace(
        SAMPLES["zhang"], fingerprints=(FINGER, FINGER), new_address="示例县新河路12号"
    )
    assert line.asked == TO_THE_END


@pytest.mark.parametrize("none", [Status.NO_CONTENT, Status.BAD_COMMAND])
def test_a_card_or_reader_without_an_appended_address_is_no_fault(none: Status) -> None:
    line = Script(SELECTED, read_of(SAMPLES["zhang"], b""), Reply(none))
    assert read_card(line, WHOLE) == SAMPLES["zhang"]
    assert line.asked == TO_THE_END


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Reply(Status.READ_FAILED), CardFault.LIFTED),
        (LineFault.ABSENT, CardFault.NO_READER),
    ],
)
def test_a_card_that_is_lifted_before_its_address_was_read_is_not_half_a_card(
    answer: Reply | LineFault, fault: CardFault
) -> None:
    assert read_card(Script(SELECTED, ZHANG, answer), Wish(TODAY)) is fault


@pytest.mark.parametrize("name", ["foreigner_i", "foreigner_y"])
def test_cards_without_an_address_are_not_asked_for_another(name: str) -> None:
    line = Script(SELECTED, read_of(SAMPLES[name]))
    assert read_card(line, Wish(TODAY)) == SAMPLES[name]


@pytest.mark.parametrize("name", ["expired", "bad_number"])
def test_a_card_that_cannot_be_used_is_read_no_further(name: str) -> None:
    line = Script(SELECTED, read_of(SAMPLES[name]))
    assert isinstance(read_card(line, Wish(TODAY), lambda _: pytest.fail("decoded")), CardFault)
    assert line.asked == [Command.SELECT, Command.READ]


def test_a_reader_from_before_fingerprints_gives_the_rest() -> None:
    line = Script(SELECTED, Reply(Status.BAD_COMMAND), ZHANG, Reply(Status.NO_CONTENT))
    assert read_card(line, WHOLE) == SAMPLES["zhang"]


def test_the_portrait_goes_through_the_decoder() -> None:
    card = read_card(Script(SELECTED, ZHANG), PLAIN, lambda wlt: b"picture of " + wlt)
    assert isinstance(card, IdCard)
    assert card.photo == b"picture of " + WLT


@pytest.mark.parametrize(
    ("probe", "state", "code"),
    [
        (LineFault.ABSENT, DeviceState.NO_DEVICE, "not_connected"),
        (LineFault.DENIED, DeviceState.OFFLINE, "port_denied"),
        (LineFault.SILENT, DeviceState.OFFLINE, "silent"),
        (LineFault.GARBLED, DeviceState.HARDWARE_ERROR, "garbled"),
        (LineFault.CHECKSUM, DeviceState.HARDWARE_ERROR, "line_disturbed"),
        (LineFault.CUT_SHORT, DeviceState.HARDWARE_ERROR, "line_disturbed"),
        (Reply(Status.SELF_TEST_FAILED), DeviceState.HARDWARE_ERROR, "self_test_failed"),
        (Reply(Status.SAM_NOT_AUTHORISED), DeviceState.HARDWARE_ERROR, "sam_not_authorised"),
        (Reply(0x77), DeviceState.HARDWARE_ERROR, "sam_error"),
    ],
)
def test_each_trouble_says_what_a_person_has_to_do(
    probe: Reply | LineFault, state: DeviceState, code: str
) -> None:
    status = device_status(probe, PhotoState.READY)
    assert status.state is state
    assert status.fault is not None
    assert status.fault.code == code
    assert status.fault.action is FAULTS[code]
    assert not status.usable


@pytest.mark.parametrize("photo", PhotoState)
def test_no_trouble_with_portraits_takes_a_reader_out_of_use(photo: PhotoState) -> None:
    status = device_status(Reply(Status.OK), photo)
    assert status.state is DeviceState.ONLINE
    assert status.fault is None
    assert status.readings == {"photo": photo}
    assert status.usable
