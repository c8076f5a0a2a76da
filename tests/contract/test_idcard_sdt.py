"""What SDT readers can do beyond the port, through the driver and a simulated reader."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import serial
from pydantic import ValidationError

from drivers import registry
from drivers.idcard.samples import FINGERS, SAMPLES
from drivers.idcard.simulator import SdtSimulator
from drivers.idcard.status import FAULTS
from drivers.idcard.transport import SdtSerialReader
from drivers.options import Site
from drivers.statefile import replace_json
from kiosk.model import CardFault, DeviceState, DeviceStatus, IdCard

TODAY = date(2026, 11, 21)
SIMULATED = (
    "silent", "garbled", "line_disturbed", "self_test_failed", "sam_not_authorised", "sam_error",
)  # fmt: skip


class Station:
    """A simulated reader, and as many drivers as a test wants, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = folder / "idcard.tty"
        self.simulator = SdtSimulator(folder)
        self.drivers: list[SdtSerialReader] = []

    def reader(self, **options: object) -> SdtSerialReader:
        made = SdtSerialReader(str(self.port), today=lambda: TODAY, **options)
        self.drivers.append(made)
        return made

    def write(self, **state: object) -> None:
        replace_json(self.folder / "idcard.json", state)


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    made = Station(tmp_path)
    made.simulator.start()
    yield made
    for driver in made.drivers:
        await driver.close()
    made.simulator.stop()


async def third_status(reader: SdtSerialReader) -> DeviceStatus:
    return [await reader.status() for _ in range(3)][-1]


# ---- Faults ----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", SIMULATED)
async def test_each_fault_of_a_reader_is_told_with_its_action(station: Station, code: str) -> None:
    station.write(fault=code)
    reader = station.reader()
    status = await third_status(reader)
    assert status.fault is not None
    assert (status.fault.code, status.fault.action) == (code, FAULTS[code])
    assert not status.usable
    station.write()
    assert (await reader.status()).usable


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("line_disturbed", CardFault.CHECKSUM),
        ("self_test_failed", CardFault.NO_READER),
        ("sam_not_authorised", CardFault.NO_READER),
        ("sam_error", CardFault.REFUSED),
    ],
)
async def test_a_reader_in_trouble_does_not_let_one_wait_for_a_card(
    station: Station, fault: str, told: CardFault
) -> None:
    station.write(card="zhang", fault=fault)
    assert await station.reader().arrival() is told


async def test_the_ports_own_faults_are_told_too(station: Station) -> None:
    reader = station.reader()
    with serial.Serial(str(station.port), exclusive=True):
        denied = await third_status(reader)
    station.simulator.stop()
    absent = await third_status(reader)
    assert denied.fault is not None
    assert absent.fault is not None
    codes = {denied.fault.code, absent.fault.code}
    assert codes == {"port_denied", "not_connected"}
    assert codes | set(SIMULATED) == set(FAULTS)


@pytest.mark.parametrize("given_up", [False, True])
async def test_a_reader_that_would_be_waited_for_very_long_is_let_go_at_once(
    station: Station, monkeypatch: pytest.MonkeyPatch, given_up: bool
) -> None:
    monkeypatch.setattr("drivers.idcard.line._SHORT_SECONDS", 3600.0)
    station.write(fault="silent")
    reader = station.reader()
    waiting = asyncio.create_task(reader.arrival())
    await asyncio.sleep(0.1)
    if given_up:
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await reader.close()
    monkeypatch.undo()
    station.write(card="zhang")
    assert await station.reader().arrival() is None
    if not given_up:
        assert await waiting is CardFault.NO_READER


# ---- What is read ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["zhang", "hmt", "li", "foreigner_y"])
async def test_fingerprints_come_when_asked_for(station: Station, name: str) -> None:
    station.write(card=name)
    reader = station.reader(fingerprints=True)
    assert await reader.arrival() is None
    assert await reader.read() == replace(SAMPLES[name], fingerprints=FINGERS.get(name, ()))


async def test_the_appended_address_can_be_left_alone(station: Station) -> None:
    assert SAMPLES["li"].new_address
    station.write(card="li")
    assert await station.reader(new_address=False).read() == replace(SAMPLES["li"], new_address="")


async def test_a_portrait_that_a_decoder_understands_becomes_a_picture(
    station: Station, tmp_path: Path
) -> None:
    tool = tmp_path / "tool.py"
    tool.write_text(
        "import sys; wlt = sys.stdin.buffer.read(); assert len(wlt) == 1024\n"
        "sys.stdout.buffer.write(b'\\xff\\xd8\\xff' + wlt + b'\\xff\\xd9')\n"
    )
    station.write(card="zhang")
    reader = station.reader(photo_decoder=f"program:{sys.executable} {tool}")
    assert (await reader.status()).readings == {"photo": "ready"}
    card = await reader.read()
    assert isinstance(card, IdCard)
    assert card.photo.startswith(b"\xff\xd8\xffWLf\x00\x7e\x00")
    assert replace(card, photo=b"") == SAMPLES["zhang"]


async def test_a_portrait_that_no_decoder_understands_costs_nothing_else(station: Station) -> None:
    station.write(card="zhang")
    reader = station.reader(photo_decoder="program:/bin/false")
    assert await reader.read() == SAMPLES["zhang"]
    status = await reader.status()
    assert (status.state, status.fault) == (DeviceState.ONLINE, None)
    assert status.readings == {"photo": "failed"}


# ---- What maintenance asks for ---------------------------------------------------------------


async def test_a_reader_tells_its_number_and_starts_anew(station: Station) -> None:
    reader = station.reader()
    assert await reader.identity() == "05.01-20260101-0000000007-0000000042"
    station.write(card="zhang")
    assert isinstance(await reader.read(), IdCard)
    assert await reader.reset()
    assert await reader.arrival() is None  # the card that lies there has just come


async def test_an_ill_or_absent_reader_has_no_number_and_no_rate(station: Station) -> None:
    station.write(fault="silent")
    reader = station.reader()
    assert await reader.identity() == ""
    assert not await reader.reset()
    assert await reader.detect_baud() == 0
    await reader.close()
    assert await reader.identity() == ""
    assert await reader.detect_baud() == 0
    assert not await reader.set_baud(9600)


async def test_a_readers_rate_can_be_found_and_changed(station: Station) -> None:
    station.write(baud=38400, card="zhang")
    reader = station.reader(baud=0)
    assert await reader.arrival() is None
    assert await reader.read() == SAMPLES["zhang"]
    assert await reader.set_baud(57600)
    assert await reader.detect_baud() == 57600
    assert not await reader.set_baud(1234)
    assert (await reader.status()).usable


# ---- Settings --------------------------------------------------------------------------------


async def test_a_reader_is_built_from_settings_even_if_they_are_all_text(station: Station) -> None:
    options = {"port": str(station.port), "baud": "0", "fingerprints": "true", "new_address": "0"}
    reader = registry.build("idcard", "sdt_serial", options, Site())
    assert isinstance(reader, SdtSerialReader)
    assert not station.drivers
    assert (await reader.status()).usable
    await reader.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"port": ""},
        {"port": "/dev/ttyUSB0", "baud": 1200},
        {"port": "/dev/ttyUSB0", "speed": 115200},
        {"port": "/dev/ttyUSB0", "photo_decoder": "wlt2bmp"},
        {"port": "/dev/ttyUSB0", "photo_decoder": "program:wlt2bmp"},
        {"port": "/dev/ttyUSB0", "photo_decoder": 'program:/opt/wlt2bmp "unclosed'},
        {"port": "/dev/ttyUSB0", "photo_decoder": "library:/opt/libwlt.so"},
        {"port": "/dev/ttyUSB0", "photo_decoder": "library:libwlt.so:unpack"},
    ],
)
def test_wrong_settings_are_told_and_never_guessed(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SdtSerialReader.Options.model_validate(wrong)


def test_every_option_is_described() -> None:
    for name, option in SdtSerialReader.Options.model_fields.items():
        assert option.description, name
