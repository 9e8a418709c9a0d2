-- The last price before an event starts, which is what all statistics are about.

CREATE TABLE closing_odds (
  id bigint GENERATED ALWAYS AS IDENTITY,
  event_id bigint NOT NULL REFERENCES events (id),
  bookmaker_id smallint NOT NULL REFERENCES bookmakers (id),
  market market_kind NOT NULL,
  outcome text NOT NULL,
  line numeric(6, 2),
  price numeric(8, 3) NOT NULL,
  closed_at timestamptz NOT NULL,
  PRIMARY KEY (id)
) PARTITION BY RANGE (closed_at);

CREATE TABLE closing_odds_2026_12 PARTITION OF closing_odds
  FOR VALUES FROM ('2026-12-01 00:00+00') TO ('2027-01-01 00:00+00');

-- The statistics look prices up by time.
CREATE INDEX market_odds_captured_at ON market_odds (captured_at);

-- All outcomes are mapped by now.
ALTER TABLE market_odds DROP COLUMN raw_outcome;
