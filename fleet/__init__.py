"""The central manager of all terminals."""
