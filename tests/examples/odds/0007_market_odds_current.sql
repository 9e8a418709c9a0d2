-- The latest price of every outcome, kept up to date by
--
--   INSERT INTO market_odds_current … ON CONFLICT (event_id, bookmaker_id, market, outcome, COALESCE(line, 0)) DO UPDATE …
--
-- A market without a line has a null there. COALESCE makes two of them the same row on every version;
-- UNIQUE NULLS NOT DISTINCT would need PostgreSQL 15.

CREATE TABLE market_odds_current (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id bigint NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  bookmaker_id smallint NOT NULL REFERENCES bookmakers (id),
  market market_kind NOT NULL,
  outcome text NOT NULL,
  line numeric(6, 2),
  price numeric(8, 3) NOT NULL CHECK (price > 1),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX market_odds_current_once
  ON market_odds_current (event_id, bookmaker_id, market, outcome, COALESCE(line, 0));

INSERT INTO market_odds_current (event_id, bookmaker_id, market, outcome, line, price, updated_at)
SELECT DISTINCT ON (event_id, bookmaker_id, market, outcome, COALESCE(line, 0))
  event_id, bookmaker_id, market, outcome, line, price, captured_at
FROM market_odds
ORDER BY event_id, bookmaker_id, market, outcome, COALESCE(line, 0), captured_at DESC
ON CONFLICT (event_id, bookmaker_id, market, outcome, COALESCE(line, 0))
  DO UPDATE SET price = excluded.price, updated_at = excluded.updated_at
  WHERE market_odds_current.updated_at < excluded.updated_at;
