"""One folder per device class: bytes, transport, status, simulator."""
