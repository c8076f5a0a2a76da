"""The life of a case in the fleet: steps, clock, cards, corrections, promises, orders, ratings.

Pure functions on data first: `plan` (what has to be done), `events` (what happened), `fold` (what
state that makes), `clock` and `signals` (what the calendar makes of it). `book` keeps them in the
database, `worker` feeds them, `routes` answers terminals.
"""
