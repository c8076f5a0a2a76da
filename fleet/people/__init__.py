"""Who may use console and API, and the record of what they did.

`roles` says who may do what; `guard` asks it at every request; `audit` keeps what was done.
"""
