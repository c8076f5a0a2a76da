"""The shape of `terminal.toml`; that of `fleet.toml` is in `config.fleet_schema`.

Every key is typed; an unknown key is an error. Any key can be overridden from the environment:
`KIOSK_MQTT__PORT=1884`, `FLEET_HTTP__PORT=8081`. Relative paths are relative to the working
directory.
"""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.table import Table, Words

_LOCALES = Path(__file__).with_name("locales")


def there(language: str) -> str:
    """The language itself. Raises ValueError if it has no file."""
    names = sorted(path.stem for path in _LOCALES.glob("*.po"))
    if language not in names:
        raise ValueError(f"config/locales has {', '.join(names)}")
    return language


class TerminalTable(Table):
    id: str = Field("KT-0001", pattern=r"^[A-Za-z0-9-]{1,32}$")
    tenant: str = Field("sample", pattern=r"^[a-z0-9-]{1,32}$")
    site: Words = Words(zh="示例县政务服务中心", en="Sample County Service Centre")
    hotline: str = "12345"
    timezone: str = "Asia/Shanghai"
    var: Path = Path("var/terminal")
    catalogue: Path = Path("config/catalogue")
    trust: Path = Path("var/trust")
    journal_mb: int = Field(256, ge=16)
    demonstration: bool = True


class ScreenTable(Table):
    width: int = Field(1080, ge=480)
    height: int = Field(1920, ge=480)
    diagonal_mm: float = Field(686, ge=396)
    lower_edge_mm: float = Field(750, ge=0)
    theme: Literal["light", "dark", "contrast_dark", "contrast_light"] = "light"
    text_size: Literal[100, 115, 130, 150] = 100
    motion: bool = True
    fullscreen: bool = False
    fonts: Path = Path("var/fonts")
    language: Annotated[str, AfterValidator(there)] = "zh_CN"
    idle_seconds: float = Field(60, gt=0)
    still_there_seconds: int = Field(20, gt=0)
    unhurried_seconds: int = Field(40, ge=20)
    visit_seconds: float = Field(1800, ge=60)
    thanks_seconds: int = Field(20, gt=0)
    rating_seconds: int = Field(30, gt=0)
    scan_seconds: float = Field(2, ge=0, le=30)


class MqttTable(Table):
    """`tls`: ask the broker who it is, and say who we are. `ca`: whom to trust, `identity`: our key
    and certificate, which the agent makes, gets and renews; `enrol`: the code for the first one.
    `reconnect_seconds`: the longest wait before another attempt; each is drawn from nothing to
    a bound that doubles up to it."""

    host: str = "127.0.0.1"
    port: int = Field(18830, ge=1, le=65535)
    tls: bool = True
    ca: Path = Path("var/trust/link.pem")
    identity: Path = Path("var/terminal/link.pem")
    enrol: Path = Path("var/trust/KT-0001.enrol")
    reconnect_seconds: float = Field(120, ge=1)


class GatewayTable(Table):
    """`ca`: whom to trust where `url` is https."""

    url: str = "https://127.0.0.1:18443"
    ca: Path = Path("var/trust/link.pem")
    token_file: Path = Path("var/trust/terminal.token")
    ack_seconds: float = Field(4, gt=0)
    decision_seconds: float = Field(8, gt=0)


class DeviceTable(BaseModel):
    """One device class: which driver, and a section for each driver: `[idcard.sdt_serial]`.

    Only the chosen driver's section is used; the driver itself checks it when it is built, so
    that a wrong one costs its device, not the terminal.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    driver: str = Field("none", pattern=r"^[a-z0-9_]{1,40}$")

    @model_validator(mode="after")
    def _only_sections(self) -> Self:
        for name, section in (self.model_extra or {}).items():
            if not isinstance(section, dict):
                raise ValueError(f"unknown key {name!r}; a driver's keys go into its own section")
        return self

    @property
    def options(self) -> dict[str, Any]:
        """The chosen driver's section."""
        return dict((self.model_extra or {}).get(self.driver, {}))


class CameraTable(DeviceTable):
    seconds: float = Field(30, gt=0)


class ElsewhereTable(Table):
    """Another terminal nearby. `days`: 1 is Monday; `opens` = `closes`: all day."""

    site: Words
    way: Words
    opens: time = time(0)
    closes: time = time(0)
    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)


class NearbyTable(Table):
    """`terminals`: the nearest first."""

    terminals: tuple[ElsewhereTable, ...] = ()


class StaffTable(Table):
    """`roster`: who may sign in at this terminal; `kiosk staff` writes it."""

    roster: Path = Path("var/terminal/staff.json")


class UpdatesTable(Table):
    """`root`: the folder of installed versions; '': software is not changed from afar. `spread`:
    within so many seconds terminals begin to fetch, so that a county does not begin at once."""

    root: str = ""
    spread: float = Field(300, ge=0)


class SimulatorsTable(Table):
    """`enabled`: `kiosk run` starts them, and points each driver at its own."""

    enabled: bool = True
    folder: Path = Path("var/sim")


class LocalFleetTable(Table):
    """`start`: run a fleet manager on this machine too (a one-machine set-up)."""

    start: bool = True
    settings: Path = Path("config/fleet.toml")


class TerminalSettings(BaseSettings):
    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="KIOSK_", env_nested_delimiter="__"
    )

    terminal: TerminalTable = TerminalTable()
    screen: ScreenTable = ScreenTable()
    mqtt: MqttTable = MqttTable()
    gateway: GatewayTable = GatewayTable()
    idcard: DeviceTable = DeviceTable()
    chipcard: DeviceTable = DeviceTable()
    camera: CameraTable = CameraTable()
    receipt: DeviceTable = DeviceTable()
    document: DeviceTable = DeviceTable()
    scanner: DeviceTable = DeviceTable()
    doccam: DeviceTable = DeviceTable()
    keypad: DeviceTable = DeviceTable()
    sensors: DeviceTable = DeviceTable()
    speech: DeviceTable = DeviceTable()
    nearby: NearbyTable = NearbyTable()
    staff: StaffTable = StaffTable()
    updates: UpdatesTable = UpdatesTable()
    simulators: SimulatorsTable = SimulatorsTable()
    fleet: LocalFleetTable = LocalFleetTable()
