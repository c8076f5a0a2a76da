"""Tables of codes and PINs. People and codes are in them as hashes under the identity key alone."""

from __future__ import annotations

from sqlalchemy import Column, Double, Integer, String, Table, Text

from fleet.store.tables import NAME, metadata

# Somebody who was asked for a code or a PIN. `person`: keyed hash of the number; `wrong`: PINs
# since the last lock, `locks`: how often in a row; `sent`: codes since `began`.
identity_people = Table(
    "identity_people",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("wrong", Integer, nullable=False, default=0),
    Column("locks", Integer, nullable=False, default=0),
    Column("locked_until", Double, nullable=False, default=0.0),
    Column("sent", Integer, nullable=False, default=0),
    Column("began", Double, nullable=False, default=0.0),
    Column("sent_at", Double, nullable=False, default=0.0),
    Column("touched_at", Double, nullable=False, index=True),
)

# One-time codes that can still be used, or that were spoilt by wrong tries. `digest`: keyed hash.
identity_codes = Table(
    "identity_codes",
    metadata,
    Column("challenge", NAME, primary_key=True),
    Column("person", String(64), nullable=False, index=True),
    Column("terminal", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
)

# Requests that were seen, for as long as their own time would let them in again.
identity_nonces = Table(
    "identity_nonces",
    metadata,
    Column("nonce", String(64), primary_key=True),
    Column("until", Double, nullable=False, index=True),
)

# How much a terminal may still ask: a bucket of `left` that fills with time.
identity_terminals = Table(
    "identity_terminals",
    metadata,
    Column("terminal", String(200), primary_key=True),
    Column("left", Double, nullable=False),
    Column("at", Double, nullable=False),
)
