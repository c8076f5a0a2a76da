"""Keypads that are found by touch."""
