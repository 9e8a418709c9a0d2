-- Keep every price that a bookmaker has ever offered.
CREATE TABLE market_odds_history (
  id bigint GENERATED ALWAYS AS IDENTITY,
  event_id bigint NOT NULL,
  bookmaker_id int NOT NULL,
  market text NOT NULL,
  line numeric(6, 2),
  price numeric(8, 3) NOT NULL,
  captured_at timestamptz NOT NULL,
  PRIMARY KEY (id)
) PARTITION BY RANGE (captured_at);

CREATE INDEX events_starts_at ON events (starts_at);

ALTER TABLE market_odds DROP COLUMN raw_payload;
