"""What a session needs from the world. Drivers and the gateway implement these.

All methods are coroutines on the session's asyncio loop and must not block it; drivers run their
library on a worker thread (`drivers.worker`). Expected failures are returned, never raised.
"""

from kiosk.ports.appointments import (
    Appointments,
    Change,
    Place,
)
from kiosk.ports.cases import (
    CaseProgress,
    CaseState,
    Enquiries,
    Gateway,
)
from kiosk.ports.devices import (
    CardReader,
    CodeScanner,
    Device,
    DocumentCamera,
    DocumentPrinter,
    FaceCamera,
    Keypad,
    OnHint,
    OnPageHint,
    OnRung,
    ReceiptPrinter,
    Sensors,
    Speech,
)
from kiosk.ports.frames import (
    FrameSlot,
)
from kiosk.ports.payments import (
    Charge,
    Payment,
    PaymentFault,
    Payments,
    PaymentState,
)
from kiosk.ports.people import (
    Credentials,
    StaffRoster,
)
from kiosk.wire import (
    Act,
    Appointment,
    BookingFault,
    BookingState,
    Changed,
    FreeSlot,
    Reservation,
)

__all__ = [
    "Act",
    "Appointment",
    "Appointments",
    "BookingFault",
    "BookingState",
    "CardReader",
    "CaseProgress",
    "CaseState",
    "Change",
    "Changed",
    "Charge",
    "CodeScanner",
    "Credentials",
    "Device",
    "DocumentCamera",
    "DocumentPrinter",
    "Enquiries",
    "FaceCamera",
    "FrameSlot",
    "FreeSlot",
    "Gateway",
    "Keypad",
    "OnHint",
    "OnPageHint",
    "OnRung",
    "Payment",
    "PaymentFault",
    "PaymentState",
    "Payments",
    "Place",
    "ReceiptPrinter",
    "Reservation",
    "Sensors",
    "Speech",
    "StaffRoster",
]
