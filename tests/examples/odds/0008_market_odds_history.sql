-- Every change of a price, a partition a month. The primary key contains the partition key, as it must.

CREATE TABLE market_odds_history (
  id bigint GENERATED ALWAYS AS IDENTITY,
  event_id bigint NOT NULL REFERENCES events (id),
  bookmaker_id smallint NOT NULL REFERENCES bookmakers (id),
  market market_kind NOT NULL,
  outcome text NOT NULL,
  line numeric(6, 2),
  price numeric(8, 3) NOT NULL,
  captured_at timestamptz NOT NULL,
  PRIMARY KEY (id, captured_at)
) PARTITION BY RANGE (captured_at);

CREATE TABLE market_odds_history_2026_09 PARTITION OF market_odds_history
  FOR VALUES FROM ('2026-09-01 00:00+00') TO ('2026-10-01 00:00+00');
CREATE TABLE market_odds_history_2026_10 PARTITION OF market_odds_history
  FOR VALUES FROM ('2026-10-01 00:00+00') TO ('2026-11-01 00:00+00');
CREATE TABLE market_odds_history_2026_11 PARTITION OF market_odds_history
  FOR VALUES FROM ('2026-11-01 00:00+00') TO ('2026-12-01 00:00+00');
CREATE TABLE market_odds_history_2026_12 PARTITION OF market_odds_history
  FOR VALUES FROM ('2026-12-01 00:00+00') TO ('2027-01-01 00:00+00');

CREATE INDEX market_odds_history_event ON market_odds_history (event_id, market, captured_at DESC);
CREATE INDEX market_odds_history_captured_at ON market_odds_history USING brin (captured_at);
