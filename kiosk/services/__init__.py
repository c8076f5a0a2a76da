"""The catalogue: what the terminal can do, as data."""
