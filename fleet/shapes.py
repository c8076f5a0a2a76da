"""What the API answers with. No shape for people and programs of the fleet names a citizen."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from fleet.identity.answers import Fault
from fleet.rows import AlarmRow, DeviceRow, Serving, TerminalRow, TransactionRow


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class CaseShape(Shape):
    """One case, for terminals. `result`: (label zh, label en, value)."""

    case_no: str
    state: Literal["received", "pending", "approved", "refused"]
    due_date: str = Field(description="ISO 8601 date of a pending case, or empty")
    certificate_no: str
    reason: str
    result: list[tuple[str, str, str]]


class SealedShape(Shape):
    """A `kiosk.wire.IdentityRequest`, sealed to the fleet's case key for one purpose."""

    sealed: str = Field(max_length=2048)


class CodeSentShape(Shape):
    """A one-time code is on its way. `phone` is masked."""

    challenge: str
    phone: str
    seconds: int = Field(description="how long the code can be used")
    again: int = Field(description="seconds until another may be asked for")


class SecretShape(Shape):
    """`fault` null: accepted."""

    fault: Fault | None
    tries_left: int | None = Field(description="null: not told")
    wait: int = Field(description="seconds until it is worth asking again")


class Liveness(Shape):
    heard_seconds_ago: float | None = Field(description="null: never heard")
    stale: bool


class ServingShape(Shape):
    truth: Serving
    reasons: list[str]


class NeedShape(Shape):
    """Something a person has to see to at a terminal."""

    device: str
    what: str
    level: str
    action: str


class DeviceShape(Shape):
    device: str
    state: str
    supplies: dict[str, str]
    fault: str
    action: str
    driver: str

    @classmethod
    def of(cls, row: DeviceRow) -> DeviceShape:
        return cls.model_validate(row)


class Journal(Shape):
    """All records up to `through` are held; `missing`: inclusive ranges that are not."""

    id: str
    through: int
    missing: list[tuple[int, int]]
    broken: bool
    outbox: int = Field(description="records that the terminal itself says are not sent")


class TerminalShape(Shape):
    """A terminal with its three separate truths: connection, liveness, serving."""

    id: str
    site: str
    connection: Literal["online", "offline"]
    liveness: Liveness
    serving: ServingShape
    screen: str
    devices: list[DeviceShape]
    needs: list[NeedShape]
    services: dict[str, str] = Field(description="task_code: empty, or why it cannot be had")
    journal: Journal
    session: int
    boot: int
    software: str
    settings: str
    catalogue: str
    cpu_percent: float
    memory_mb: float
    disk_free_mb: float
    uptime_s: float
    certificate_days: int | None
    link_faults: list[str]

    @classmethod
    def of(cls, row: TerminalRow) -> TerminalShape:
        return cls(
            id=row.id,
            site=row.site,
            connection="online" if row.online else "offline",
            liveness=Liveness.model_validate(row),
            serving=ServingShape(truth=row.serving, reasons=list(row.reasons)),
            screen=row.screen,
            devices=[DeviceShape.of(device) for device in row.devices],
            needs=[NeedShape.model_validate(need) for need in row.needs],
            services=dict(row.services),
            journal=Journal(
                id=row.journal,
                through=row.through,
                missing=list(row.missing),
                broken=row.chain_broken,
                outbox=row.outbox,
            ),
            session=row.session,
            boot=row.boot,
            software=row.software,
            settings=row.settings,
            catalogue=row.catalogue,
            cpu_percent=row.cpu_percent,
            memory_mb=row.memory_mb,
            disk_free_mb=row.disk_free_mb,
            uptime_s=row.uptime_s,
            certificate_days=row.certificate_days,
            link_faults=list(row.link_faults),
        )


class TransactionShape(Shape):
    """A case, a print, a rating or a payment. `position` is the paging key of `before`."""

    position: int
    kind: Literal["case", "print", "rating", "payment"]
    terminal: str
    time: str = Field(description="by the terminal's clock, ISO 8601")
    received_at: float = Field(description="by the fleet's clock, epoch seconds")
    case_no: str
    task_code: str
    outcome: str
    paper: str
    fault: str
    action: str
    reason: str
    due_date: str
    certificate_no: str
    historical: bool
    staff: str = Field(description="id of the helper who handled the case, or empty")
    bundle: str = Field(description="number in common with other cases of the visit, or empty")

    @classmethod
    def of(cls, row: TransactionRow) -> TransactionShape:
        return cls.model_validate(row)


class AlarmShape(Shape):
    id: int
    kind: str
    terminal: str
    journal: str
    seq: int
    case_no: str
    first_at: float
    last_at: float
    times: int

    @classmethod
    def of(cls, row: AlarmRow) -> AlarmShape:
        return cls.model_validate(row)


class HealthShape(Shape):
    status: Literal["ok", "failing"]
    reasons: list[str] = Field(description="broker, store, ingest, cases")
