-- What was pruned: every record through `seq`, the last of which had `hash`. The chain goes on from
-- there. It moves first, and never beyond what the fleet holds; only what it has passed may go.
CREATE TABLE anchor (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;

INSERT INTO anchor VALUES (1, 0, '');

CREATE TRIGGER anchor_moves_forward BEFORE UPDATE ON anchor
WHEN NEW.seq < OLD.seq OR NEW.seq > (SELECT acked_through FROM journal)
BEGIN SELECT RAISE(ABORT, 'the fleet does not hold this record yet'); END;

DROP TRIGGER record_is_held;

CREATE TRIGGER record_is_held BEFORE DELETE ON record
WHEN OLD.seq > (SELECT seq FROM anchor)
BEGIN SELECT RAISE(ABORT, 'the fleet does not hold this record yet'); END;

-- Sound records of a journal that had to be set aside, under their own names, until the fleet holds
-- them. `record`: JSON of `wire.Record`.
CREATE TABLE rescued (
  journal TEXT NOT NULL,
  seq INTEGER NOT NULL,
  record BLOB NOT NULL,
  PRIMARY KEY (journal, seq)
) STRICT, WITHOUT ROWID;
