"""Every exception that this project raises on purpose.

KioskError
├── SettingsError         a settings file is wrong; names file, key and remedy
├── CatalogueError        an item file is wrong; names file and field
├── TransitionError       an event that the state does not know: a defect
├── JournalError          the journal cannot be trusted or written
│   ├── JournalFullError       no room: the terminal must go out of service
│   └── JournalBrokenError     the chain does not hold
└── GatewayError          the fleet's gateway did not answer as agreed

Expected failures of devices and people are not exceptions: they are values
from the closed sets in `kiosk.model`.
"""


class KioskError(Exception):
    """Base of all."""


class SettingsError(KioskError):
    """A settings file is wrong. The message names file, key and remedy."""


class CatalogueError(KioskError):
    """An item file is wrong. The message names file and field."""


class TransitionError(KioskError):
    """A state met an event that its table does not hold."""


class JournalError(KioskError):
    """The journal cannot be trusted or written."""


class JournalFullError(JournalError):
    """No room is left to write a record."""


class JournalBrokenError(JournalError):
    """A record's hash does not follow from the record before it."""


class GatewayError(KioskError):
    """The gateway was unreachable, or answered outside its contract."""
