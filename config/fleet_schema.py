"""The shape of `fleet.toml`; the rules are those of `config.schema`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.table import Table, Words


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
    """`port`: console and all else, in clear; `gateway_port`: terminals' calls, with TLS."""

    host: str = "127.0.0.1"
    port: int = Field(18080, ge=1, le=65535)
    gateway_port: int = Field(18443, ge=1, le=65535)


class LinkTable(Table):
    """Certificates of terminals, broker and gateway. `names`: under which these two are reached.

    Days: how long each is good; the fleet's own and a terminal's are renewed when a third is left.
    `invite`: ids, with spaces between, of terminals for which the start lays a code into the trust
    folder: demonstrations.
    """

    tls: bool = True
    names: list[str] = ["127.0.0.1", "localhost"]
    root_days: float = Field(7300, ge=1)
    issuing_days: float = Field(3650, ge=1)
    terminal_days: float = Field(90, gt=0)
    server_days: float = Field(90, gt=0)
    crl_days: float = Field(30, gt=0)
    invite: str = ""
    invite_hours: float = Field(24, gt=0)


class StoreTable(Table):
    url: str = "sqlite:///var/fleet/fleet.db"


class PlatformTable(Table):
    """The built-in sample platform.

    `accept_unmatched_face`: decide instant items although the face was framed but not compared
    with the card; for demonstrations only. `day_seconds`: so long is a day of its handling, so
    that cases of weeks end while somebody looks on; 0: real days. `folder`: other platforms, a
    file for each, and what goes there.
    """

    accept_unmatched_face: bool = True
    day_seconds: float = Field(0.0, ge=0)
    folder: Path = Path("config/platforms")
    authority: Words = Words(zh="示例县人力资源和社会保障局", en="Sample County Social Security")


class DutyTable(Table):
    """Who answers for a case (首问负责): by department's code, and everywhere else."""

    default: str = Field("示例县政务服务中心值班长", min_length=1)
    departments: dict[str, str] = {}


class IdentityTable(Table):
    """One-time codes. `sender` simulated: `phone_file` shows what the citizen's phone would.

    `sign`: who a message says that it is from.
    """

    sender: Literal["simulated", "none"] = "simulated"
    phone_file: Path = Path("var/sim/phone.json")
    sign: Words = Words(zh="示例县政务服务", en="Sample County")


class PaymentTable(Table):
    """Who takes payments. `url`: of the provider; '' : nobody, and what costs anything is refused.

    `merchant_key`: who we are to the provider, its owner's alone; `public_key`: the provider's, in
    hex. Both are read at each call. `notify_url`: where the provider reaches this fleet, without
    the path; '' : where it listens. `seconds`: how long a code on a terminal's screen can be paid.
    """

    url: str = "http://127.0.0.1:18090"
    merchant_key: Path = Path("var/sim/merchant.key")
    public_key: Path = Path("var/sim/payment.pub")
    notify_url: str = ""
    seconds: float = Field(180, ge=30, le=1800)


class LookupsTable(Table):
    """How many cases a terminal may look up by their number alone: so many at once, and one more
    after each `refill_seconds`."""

    burst: int = Field(20, ge=1)
    refill_seconds: float = Field(30.0, gt=0)


class ReportsTable(Table):
    """When terminals are meant to be open, for their availability: `hours` of all, `hours_of`
    single ones, by id. A line: `00:00-24:00`, `workdays 09:00-12:00 14:00-17:30`."""

    hours: str = "00:00-24:00"
    hours_of: dict[str, str] = {}


class BackupTable(Table):
    """`recipients`: public age keys, with spaces between, to which backups are encrypted."""

    recipients: str = ""


class IngestTable(Table):
    """`workers`: so many processes file what terminals send; 0: a thread of the manager does."""

    workers: int = Field(0, ge=0, le=16)


class AlarmsTable(Table):
    """`rules`: when there is an alarm, and who is told; '': never. `seconds`: between two looks.
    `console`: where people reach the console, for links in messages; '': no links."""

    rules: str = "config/alarms.toml"
    seconds: float = Field(10, gt=0)
    console: str = Field("", pattern=r"^(https?://[^\s]+)?$")


class WebhookTable(Table):
    """Another system. `events`: patterns of what it is told, such as `kiosk.case.*`. `key_file`:
    what messages are signed with."""

    url: str
    key_file: str
    events: list[str]


class WebhooksTable(Table):
    """Other systems that are told of cases and terminals, by their names."""

    to: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")], WebhookTable] = {}


class MailTable(Table):
    """The server that takes mails about alarms; '' : none. `tls`: starttls, tls (from the first
    byte), or none, on this machine alone. `password_file`: holds the password alone."""

    host: str = ""
    port: int = Field(587, ge=1, le=65535)
    tls: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = Field("", pattern=r"^([^@\s]+@[^@\s]+)?$")
    user: str = ""
    password_file: str = ""


class ReaderTable(Table):
    """Somebody who gets the daily mail. `sites`: about these alone; empty: about all."""

    to: str = Field(pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$")
    language: Literal["zh", "en"] = "zh"
    sites: list[str] = []


class DigestTable(Table):
    """One mail a day to each, by the server of `[mail]`. `hour`: by this machine's clock."""

    hour: int = Field(7, ge=0, le=23)
    readers: list[ReaderTable] = []


class RetentionTable(Table):
    """For how many days rows are kept; 0: for good. `hour`: when old ones go, each night."""

    hour: int = Field(3, ge=0, le=23)
    records_days: float = Field(1095, ge=0)
    acts_days: float = Field(1825, ge=0)
    moments_days: float = Field(1095, ge=0)
    service_days: float = Field(1825, ge=0)
    supplies_days: float = Field(400, ge=35)
    levels_days: float = Field(400, ge=190)
    incidents_days: float = Field(365, ge=31)
    letters_days: float = Field(30, ge=0)
    refused_days: float = Field(730, ge=0)
    attachments_days: float = Field(30, ge=0)
    tidings_days: float = Field(30, ge=0)
    orders_days: float = Field(1095, ge=0)
    rollouts_days: float = Field(1825, ge=0)
    alarms_days: float = Field(365, ge=0)
    webhooks_days: float = Field(30, ge=1)
    digests_days: float = Field(90, ge=3)
    audit_days: float = Field(0, ge=0)

    def days(self) -> dict[str, float]:
        """Kind of rows -> days."""
        return {
            name.removesuffix("_days"): float(value)
            for name, value in self.model_dump().items()
            if name.endswith("_days")
        }


class OidcTable(Table):
    """Single sign-on. `issuer`: as the provider writes it; '': none. `secret_file`: holds the
    client's secret alone, mode 600; '': a client without one. `roles`: value of `claim` -> role."""

    issuer: str = ""
    client_id: str = ""
    secret_file: str = ""
    claim: str = "groups"
    roles: dict[str, Literal["viewer", "operator", "approver", "administrator"]] = {}


class PeopleTable(Table):
    """Who may use console and API. `address`: where browsers reach the console, `https://…`; '':
    where it listens. `open_console`: nobody signs in; on loopback alone, for demonstrations.
    `second_factor`: roles that cannot do without. `idle_minutes`, `session_hours`: how long a
    sign-in is good."""

    address: str = Field("", pattern=r"^(https://[^/\s]+|http://(127\.0\.0\.1|localhost)(:\d+)?)?$")
    open_console: bool = False
    second_factor: list[Literal["viewer", "operator", "approver", "administrator"]] = [
        "approver",
        "administrator",
    ]
    idle_minutes: float = Field(30, gt=0)
    session_hours: float = Field(12, gt=0)
    oidc: OidcTable = OidcTable()


class FleetSettings(BaseSettings):
    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="FLEET_", env_nested_delimiter="__"
    )

    fleet: ManagerTable = ManagerTable()
    broker: BrokerTable = BrokerTable()
    http: HttpTable = HttpTable()
    link: LinkTable = LinkTable()
    store: StoreTable = StoreTable()
    ingest: IngestTable = IngestTable()
    platform: PlatformTable = PlatformTable()
    duty: DutyTable = DutyTable()
    identity: IdentityTable = IdentityTable()
    payment: PaymentTable = PaymentTable()
    lookups: LookupsTable = LookupsTable()
    reports: ReportsTable = ReportsTable()
    backup: BackupTable = BackupTable()
    people: PeopleTable = PeopleTable()
    alarms: AlarmsTable = AlarmsTable()
    mail: MailTable = MailTable()
    digest: DigestTable = DigestTable()
    webhooks: WebhooksTable = WebhooksTable()
    retention: RetentionTable = RetentionTable()
