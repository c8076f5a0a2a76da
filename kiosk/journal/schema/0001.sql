-- Records never change; only those that the fleet holds may be pruned.
CREATE TABLE IF NOT EXISTS journal (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  id TEXT NOT NULL,
  terminal TEXT NOT NULL,
  boot INTEGER NOT NULL DEFAULT 0,
  link_session INTEGER NOT NULL DEFAULT 0,
  acked_through INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE IF NOT EXISTS record (
  seq INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL,
  time TEXT NOT NULL,
  type TEXT NOT NULL,
  session TEXT NOT NULL,
  of INTEGER NOT NULL,
  data BLOB NOT NULL,
  sealed TEXT NOT NULL,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX IF NOT EXISTS outcome_once ON record (of) WHERE of > 0;

CREATE TRIGGER IF NOT EXISTS record_is_final BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'a journal record never changes'); END;

CREATE TRIGGER IF NOT EXISTS record_is_held BEFORE DELETE ON record
WHEN OLD.seq > (SELECT acked_through FROM journal)
BEGIN SELECT RAISE(ABORT, 'the fleet does not hold this record yet'); END;

-- What is true now (devices, services, link): replaced in place, never part of the chain.
CREATE TABLE IF NOT EXISTS status (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  time REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- Scanned pages, each sealed to the fleet's key, from the transaction that files their case until the
-- fleet holds them. `digest`: SHA-256 of the page; `proof`: what only who opens it can know.
CREATE TABLE IF NOT EXISTS page (
  digest TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  proof TEXT NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
