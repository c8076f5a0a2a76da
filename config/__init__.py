"""Settings files, their schema, and everything that is data."""
