"""The shape of `terminal.toml` and `fleet.toml`. Every key is typed; an unknown key is an error.

Any key can be overridden from the environment: `KIOSK_MQTT__PORT=1884`, `FLEET_HTTP__PORT=8081`.
Relative paths are relative to the working directory.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Table(BaseModel):
    """A TOML table that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Table):
    zh: str
    en: str


class TerminalTable(Table):
    id: str = Field("KT-0001", pattern=r"^[A-Za-z0-9-]{1,32}$")
    tenant: str = Field("sample", pattern=r"^[a-z0-9-]{1,32}$")
    site: Words = Words(zh="示例县政务服务中心", en="Sample County Service Centre")
    hotline: str = "12345"
    timezone: str = "Asia/Shanghai"
    var: Path = Path("var/terminal")
    catalogue: Path = Path("config/catalogue")
    trust: Path = Path("var/trust")
    demonstration: bool = True


class ScreenTable(Table):
    width: int = Field(1080, ge=480)
    height: int = Field(1920, ge=480)
    fullscreen: bool = False
    fonts: Path = Path("var/fonts")
    language: Literal["zh_CN", "en"] = "zh_CN"
    idle_seconds: float = Field(60, gt=0)
    still_there_seconds: int = Field(15, gt=0)
    thanks_seconds: int = Field(8, gt=0)
    rating_seconds: int = Field(30, gt=0)


class MqttTable(Table):
    host: str = "127.0.0.1"
    port: int = Field(18830, ge=1, le=65535)


class GatewayTable(Table):
    url: str = "http://127.0.0.1:18080"
    token_file: Path = Path("var/trust/terminal.token")
    ack_seconds: float = Field(4, gt=0)
    decision_seconds: float = Field(8, gt=0)


class IdCardTable(Table):
    driver: Literal["sdt_serial", "none"] = "sdt_serial"
    port: str = "var/sim/idcard.tty"
    baud: int = 115200


class CameraTable(Table):
    """`source`: a device number, a file, or the address of a stream."""

    driver: Literal["opencv", "none"] = "opencv"
    source: str = "http://127.0.0.1:18081/stream.mjpg"
    seconds: float = Field(30, gt=0)


class ReceiptTable(Table):
    driver: Literal["escpos_network", "none"] = "escpos_network"
    host: str = "127.0.0.1"
    port: int = Field(18910, ge=1, le=65535)
    width_dots: int = 576


class DocumentTable(Table):
    driver: Literal["spool", "none"] = "spool"
    folder: Path = Path("var/sim/document")


class SimulatorsTable(Table):
    enabled: bool = True
    folder: Path = Path("var/sim")
    camera_port: int = Field(18081, ge=1, le=65535)


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
    idcard: IdCardTable = IdCardTable()
    camera: CameraTable = CameraTable()
    receipt: ReceiptTable = ReceiptTable()
    document: DocumentTable = DocumentTable()
    simulators: SimulatorsTable = SimulatorsTable()
    fleet: LocalFleetTable = LocalFleetTable()


class ManagerTable(Table):
    tenant: str = Field("sample", pattern=r"^[a-z0-9-]{1,32}$")
    var: Path = Path("var/fleet")
    trust: Path = Path("var/trust")
    catalogue: Path = Path("config/catalogue")
    stale_seconds: float = Field(90, gt=0)


class BrokerTable(Table):
    """`start`: run Mosquitto as a child on loopback; otherwise connect to host and port."""

    start: bool = True
    host: str = "127.0.0.1"
    port: int = Field(18830, ge=1, le=65535)


class HttpTable(Table):
    host: str = "127.0.0.1"
    port: int = Field(18080, ge=1, le=65535)


class StoreTable(Table):
    url: str = "sqlite:///var/fleet/fleet.db"


class PlatformTable(Table):
    """The built-in sample platform.

    `accept_unmatched_face`: decide instant items although the face was framed but not compared
    with the card; for demonstrations only.
    """

    accept_unmatched_face: bool = True
    authority: Words = Words(zh="示例县人力资源和社会保障局", en="Sample County Social Security")
    authority_code: str = "11445299MB2D0000XR"


class FleetSettings(BaseSettings):
    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="FLEET_", env_nested_delimiter="__"
    )

    fleet: ManagerTable = ManagerTable()
    broker: BrokerTable = BrokerTable()
    http: HttpTable = HttpTable()
    store: StoreTable = StoreTable()
    platform: PlatformTable = PlatformTable()
