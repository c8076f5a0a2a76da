"""A fleet to test with: stations that speak the real wire, the same for the same seed."""
