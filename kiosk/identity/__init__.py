"""Numbers that identify people and organisations."""
