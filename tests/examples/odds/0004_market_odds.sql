-- One row for every price that was read from a snapshot.

CREATE TYPE market_kind AS ENUM ('winner', 'handicap', 'total', 'both_score');

CREATE TABLE market_odds (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id bigint NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  bookmaker_id smallint NOT NULL REFERENCES bookmakers (id),
  market market_kind NOT NULL,
  outcome text NOT NULL,
  line numeric(6, 2),
  price numeric(8, 3) NOT NULL,
  raw_outcome text,
  captured_at timestamptz NOT NULL,
  CONSTRAINT market_odds_price CHECK (price > 1)
);

CREATE INDEX market_odds_event ON market_odds (event_id, market, captured_at DESC);
CREATE INDEX market_odds_unmapped ON market_odds (bookmaker_id, raw_outcome) WHERE raw_outcome IS NOT NULL;

COMMENT ON COLUMN market_odds.line IS 'Handicap or total; null for markets that have none.';
COMMENT ON COLUMN market_odds.raw_outcome IS 'The bookmaker''s own words, where they could not be mapped.';
