"""Tables of the fleet's own people: accounts, sessions, tokens, and the record of what they did.

No citizen is in them. Secrets are hashes, but for the second factor's, which is sealed.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, String, Table, Text

from fleet.store.tables import NAME, metadata

# `password`: argon2, '' for those who come by single sign-on (`subject`: "issuer subject").
# `secret`: the second factor's, sealed; `step`: the last code's, which is never taken again.
people_accounts = Table(
    "people_accounts",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("display", String(200), nullable=False, default=""),
    Column("role", String(16), nullable=False),
    Column("password", Text, nullable=False, default=""),
    Column("must_change", Boolean, nullable=False, default=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("subject", String(600), nullable=False, default="", index=True),
    Column("secret", Text, nullable=False, default=""),
    Column("step", BigInteger, nullable=False, default=0),
    Column("wrong", Integer, nullable=False, default=0),
    Column("locked_until", Double, nullable=False, default=0.0),
    Column("made_at", Double, nullable=False),
    Column("signed_in_at", Double, nullable=False, default=0.0),
)

# Codes that stand in for a lost phone, once each. `digest`: SHA-256 of account and code.
people_recovery = Table(
    "people_recovery",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account", NAME, nullable=False, index=True),
)

# `digest`: SHA-256 of what the browser's cookie holds. `stage`: what is still to be done.
people_sessions = Table(
    "people_sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account", NAME, nullable=False, index=True),
    Column("stage", String(16), nullable=False),
    Column("address", String(64), nullable=False, default=""),
    Column("browser", String(200), nullable=False, default=""),
    Column("made_at", Double, nullable=False),
    Column("seen_at", Double, nullable=False),
    Column("ends_at", Double, nullable=False, index=True),
)

# Wrong tries from one address, whatever names were tried.
people_addresses = Table(
    "people_addresses",
    metadata,
    Column("address", String(64), primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("locked_until", Double, nullable=False),
    Column("touched_at", Double, nullable=False, index=True),
)

# Sign-ins that are with the single sign-on just now. `state`: SHA-256; each is used once.
people_errands = Table(
    "people_errands",
    metadata,
    Column("state", String(64), primary_key=True),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("onward", Text, nullable=False),
    Column("ends_at", Double, nullable=False, index=True),
)

# Tokens of other systems. `scopes`: permissions, with spaces between; `revoked_at` 0: it is good.
people_tokens = Table(
    "people_tokens",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", NAME, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("made_by", NAME, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("ends_at", Double, nullable=False),
    Column("revoked_at", Double, nullable=False, default=0.0),
    Column("used_at", Double, nullable=False, default=0.0),
)

# What was done, chained: `hash` is a keyed hash of all else in the row and of `prev`.
audit = Table(
    "audit",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False, index=True),
    Column("who", String(80), nullable=False),
    Column("role", String(16), nullable=False),
    Column("way", String(16), nullable=False),
    Column("address", String(64), nullable=False),
    Column("act", String(64), nullable=False),
    Column("target", String(200), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("audit_of_who", "who", "position"),
    Index("audit_of_act", "act", "position"),
)

# Where the record begins after its older part was removed on purpose; `mac` is keyed.
audit_anchors = Table(
    "audit_anchors",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("mac", String(64), nullable=False),
)
