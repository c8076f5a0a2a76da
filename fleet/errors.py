"""Every exception that the fleet manager raises on purpose.

FleetError
├── BrokerError    Mosquitto could not be started; the message says what to do
├── StoreError     the database cannot be opened or trusted
└── StartError     another fleet manager, or another program, is in the way
"""


class FleetError(Exception):
    """Base of all."""


class BrokerError(FleetError):
    """Mosquitto could not be started; the message says what to do."""


class StoreError(FleetError):
    """The database cannot be opened or trusted."""


class StartError(FleetError):
    """Another fleet manager, or another program, is in the way."""
