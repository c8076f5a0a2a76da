-- What an office has accepted. Decided once; every report gets a number of its own.
CREATE TABLE IF NOT EXISTS cases (
    case_no TEXT PRIMARY KEY,
    application TEXT NOT NULL,      -- SHA-256 of the whole case as it came first
    base TEXT NOT NULL,             -- the same without its materials, which may be supplemented
    payload BLOB NOT NULL,          -- the case with all its materials so far
    decision BLOB NOT NULL,         -- the first answer, given again for ever
    conclusion BLOB,                -- what became of it in the end, if it was pending
    accepted TEXT NOT NULL,         -- day on which the clock began
    sent_back INTEGER NOT NULL DEFAULT 0,
    times INTEGER NOT NULL DEFAULT 1  -- how often it was handed over
);
CREATE INDEX IF NOT EXISTS open_cases ON cases (case_no) WHERE conclusion IS NULL;
CREATE TABLE IF NOT EXISTS ended (
    case_no TEXT NOT NULL, step TEXT NOT NULL, day TEXT NOT NULL, PRIMARY KEY (case_no, step)
);
CREATE TABLE IF NOT EXISTS reports (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    report BLOB NOT NULL,
    fetched INTEGER NOT NULL DEFAULT 0  -- acknowledged by who pulls them
);
CREATE TABLE IF NOT EXISTS clock (one INTEGER PRIMARY KEY CHECK (one = 1), seconds REAL NOT NULL);
-- When the clock of a case began, in epoch seconds: for an office whose days are shorter than ours.
CREATE TABLE IF NOT EXISTS begun (case_no TEXT PRIMARY KEY, at REAL NOT NULL);
