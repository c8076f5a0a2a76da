-- Not 0: the fleet holds records through this number that this file lacks, or has otherwise. It is an old
-- copy that was put back, or a copy that another machine writes on. No number is given out twice.
ALTER TABLE journal ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER record_has_its_number BEFORE INSERT ON record
WHEN (SELECT ahead FROM journal) > 0
BEGIN SELECT RAISE(ABORT, 'the fleet holds other records under these numbers'); END;
