"""What is special about sensors on GPIO, and the rules and settings of all of them."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import gpiod
import pytest
from pydantic import ValidationError

from drivers.options import Site
from drivers.sensors.gpio import GpioOptions, GpioSensors, GpioSource
from drivers.sensors.readings import Contact, read, served
from drivers.sensors.serial import SerialOptions
from drivers.sensors.status import FAULTS, Seen, SensorFault, understand
from kiosk.model import DeviceState
from sensorswork import GPIO, OtherLines

# ---- GPIO ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.EBUSY, "busy"), SensorFault.PORT_DENIED),
        (OSError(errno.EACCES, "denied"), SensorFault.PORT_DENIED),
        (FileNotFoundError(errno.ENOENT, "none"), SensorFault.SENSOR_UNREACHABLE),
        (OSError(errno.EINVAL, "no such line"), SensorFault.MODULE_REFUSED),
        (ValueError("no such line"), SensorFault.MODULE_REFUSED),
    ],
)
def test_each_refusal_of_the_kernel_has_its_fault(error: Exception, code: SensorFault) -> None:
    def request() -> OtherLines:
        raise error

    source = GpioSource(request, GPIO)
    assert source.look() is code
    source.close()


async def test_a_chip_that_is_not_there_is_no_device(tmp_path: Path) -> None:
    options = GpioOptions.model_validate(
        {"chip": str(tmp_path / "gpiochip9"), "inputs": {"door_closed": "!17"}}
    )
    sensors = GpioSensors.build(options, Site())
    status = await sensors.status()
    assert status.state is DeviceState.NO_DEVICE
    assert status.readings == {"door": "unknown"}
    await sensors.close()


@pytest.mark.skipif(
    not any(Path("/dev").glob("gpiochip*")), reason="no GPIO chip, and no gpio-sim in this kernel"
)
async def test_the_lines_of_a_real_chip_are_read() -> None:
    chip = min(Path("/dev").glob("gpiochip*"))
    assert gpiod.is_gpiochip_device(str(chip))
    options = GpioOptions.model_validate(
        {"chip": str(chip), "bias": "as_is", "inputs": {"door_closed": 0}}
    )
    sensors = GpioSensors.build(options, Site())
    status = await sensors.status()
    assert status.readings["door"] in ("open", "closed")
    await sensors.close()


# ---- Rules and settings ----------------------------------------------------------------------


def test_every_fault_has_an_action_and_a_state() -> None:
    assert set(FAULTS) == set(SensorFault)
    for code in SensorFault:
        fault = understand([Seen({"door": "closed"}, code)]).fault
        assert fault is not None
        assert fault.action is FAULTS[code]


def test_the_most_urgent_fault_is_told_and_names_the_others() -> None:
    status = understand(
        [
            Seen({"door": "tampered", "ups": "engaged"}),
            Seen({"headphones": "unknown"}, SensorFault.SENSOR_UNREACHABLE),
        ]
    )
    assert status.state is DeviceState.FRAUD_SUSPECTED
    assert status.fault is not None
    assert status.fault.code == SensorFault.DOOR_TAMPERED
    assert status.fault.detail == "ups_engaged, sensor_unreachable, headphones unknown"


def test_contacts_that_tell_nothing_leave_their_reading_unknown() -> None:
    assert read({Contact.TAMPERED: False}) == {"door": "unknown"}
    assert served([Contact.TAMPERED, Contact.UPS_LOW]) == {"door", "ups"}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"module_port": "/dev/ttyS0"},
        {"inputs": {"door_closed": "0"}},
        {"module_port": "/dev/ttyS0", "inputs": {"door_closed": "x"}},
        {"module_port": "/dev/ttyS0", "inputs": {"door_closed": "-1"}},
        {"module_port": "/dev/ttyS0", "inputs": {"no_such_contact": "1"}},
        {"module_port": "/dev/ttyS0", "inputs": {"door_closed": "1", "headphones": "1"}},
        {"module_port": "/dev/ttyS0", "inputs": {"tampered": "1"}},
        {"module_port": "/dev/ttyS0", "inputs": {"headphones": "1", "door_closed": "3000"}},
        {"ups_port": "/dev/ttyS1", "module_port": "/dev/ttyS0", "inputs": {"ups_engaged": "1"}},
    ],
)
def test_settings_without_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SerialOptions.model_validate(options)


def test_every_option_is_described() -> None:
    for options in (SerialOptions, GpioOptions):
        assert all(field.description for field in options.model_fields.values())
