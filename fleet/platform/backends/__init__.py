"""Simulated back ends of approval platforms, each a process of its own."""
