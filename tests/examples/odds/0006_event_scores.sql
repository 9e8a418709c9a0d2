-- The final score, where a bookmaker settles by it. Both columns are nullable, so nothing is rewritten.

SET lock_timeout = '2s';

ALTER TABLE events ADD COLUMN home_score smallint;
ALTER TABLE events ADD COLUMN away_score smallint;

ALTER TABLE events ADD CONSTRAINT events_score
  CHECK ((home_score IS NULL) = (away_score IS NULL)) NOT VALID;
ALTER TABLE events VALIDATE CONSTRAINT events_score;
