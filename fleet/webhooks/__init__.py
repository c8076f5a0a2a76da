"""Events of cases and terminals for other systems: CloudEvents, signed, each sent at least once."""
