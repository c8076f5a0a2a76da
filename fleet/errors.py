"""Every exception that the fleet manager raises on purpose.

FleetError
├── BrokerError    Mosquitto could not be started; the message says what to do
├── PkiError       a certificate cannot be given, or the authority's files are not usable
├── StoreError     the database cannot be opened or trusted
├── ActError       what somebody asked for cannot be done; the message says why
│   ├── RolloutError   a rollout or an order of terminals
│   └── WorkError      a work order or a complaint
├── UpdatesError   the repository of updates cannot be read, or not be signed
└── StartError     another fleet manager, or another program, is in the way
    └── KeyFileError   a secret file that others can read or write: it is not used
"""


class FleetError(Exception):
    """Base of all."""


class BrokerError(FleetError):
    """Mosquitto could not be started; the message says what to do."""


class PkiError(FleetError):
    """A certificate cannot be given; the message says what to do."""


class StoreError(FleetError):
    """The database cannot be opened or trusted."""


class ActError(FleetError):
    """What somebody asked for cannot be done; the message says why, `code` says it in a word that
    pages have sentences for."""

    def __init__(self, message: str, code: str = "invalid") -> None:
        super().__init__(message)
        self.code = code


class RolloutError(ActError):
    """A rollout or an order cannot be done so."""


class WorkError(ActError):
    """A work order or a complaint cannot be dealt with so."""


class UpdatesError(FleetError):
    """The repository of updates cannot be read, or not be signed; the message says why."""


class StartError(FleetError):
    """Another fleet manager, or another program, is in the way."""


class KeyFileError(StartError):
    """A secret file that others can read or write; the message says what to do."""
