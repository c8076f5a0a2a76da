"""Payments: orders of terminals, money that comes in, what is settled and what goes back.

A terminal asks for an order; the provider gives a QR code for it; whatever the provider tells,
by callback, when asked, or in its daily statement, goes through `money.receive`, which takes each
of the provider's trades once. A case that arrives claims its order (`claims`); money that no case
claims, or that came too late, goes back once (`worker`). See `states` for the rules.
"""
