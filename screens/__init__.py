"""Kivy only: draws a frozen View and posts events. Never touches hardware or SQL."""
