"""Adapters to approval platforms: each speaks its platform's own language, and decides nothing."""
