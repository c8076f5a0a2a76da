"""Every exception that this project raises on purpose.

KioskError
├── SettingsError         a settings file is wrong; names file, key and remedy
├── CatalogueError        an item file is wrong; names file and field
├── TransitionError       an event that the state does not know: a defect
├── JournalError          the journal cannot be trusted or written
│   ├── JournalFullError       no room: the terminal must go out of service
│   ├── JournalSpoiltError     the file cannot be read as a journal any more
│   └── JournalBrokenError     the chain does not hold
├── ReportError           a readiness report could not be set
├── RosterError           the roster of staff can't be trusted, read or written
└── StaffRefusedError     the roster stays as it was; `fault` says why

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


class JournalSpoiltError(JournalError):
    """The file is no database any more, or a damaged one."""


class JournalBrokenError(JournalError):
    """A record's hash does not follow from the record before it."""


class RosterError(KioskError):
    """The roster of staff can't be trusted, read or written. Names the file and the remedy."""


class ReportError(KioskError):
    """A readiness report could not be set."""
