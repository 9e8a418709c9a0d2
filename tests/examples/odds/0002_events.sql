-- The matches, and what each bookmaker calls them.

CREATE TYPE event_status AS ENUM ('scheduled', 'live', 'finished', 'postponed', 'cancelled');

CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tournament_id bigint NOT NULL REFERENCES tournaments (id),
  home text NOT NULL,
  away text NOT NULL,
  starts_at timestamptz NOT NULL,
  status event_status NOT NULL DEFAULT 'scheduled',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT events_two_sides CHECK (home <> away),
  CONSTRAINT events_once UNIQUE (tournament_id, home, away, starts_at)
);

CREATE INDEX events_upcoming ON events (starts_at) WHERE status IN ('scheduled', 'live');

CREATE TABLE event_bookmakers (
  event_id bigint NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  bookmaker_id smallint NOT NULL REFERENCES bookmakers (id),
  external_id text NOT NULL,
  url text,
  matched_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (event_id, bookmaker_id),
  CONSTRAINT event_bookmakers_external UNIQUE (bookmaker_id, external_id)
);
