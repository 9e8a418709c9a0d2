-- What the scrapers did, and what went wrong.

CREATE TYPE run_state AS ENUM ('running', 'succeeded', 'failed');

CREATE TABLE scrape_runs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bookmaker_id smallint NOT NULL REFERENCES bookmakers (id),
  state run_state NOT NULL DEFAULT 'running',
  pages int NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CONSTRAINT scrape_runs_finished CHECK ((state = 'running') = (finished_at IS NULL))
);

-- At most one run of a bookmaker at a time.
CREATE UNIQUE INDEX scrape_runs_running ON scrape_runs (bookmaker_id) WHERE state = 'running';
CREATE INDEX scrape_runs_started_at ON scrape_runs (started_at);

CREATE TABLE scrape_errors (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id bigint NOT NULL REFERENCES scrape_runs (id) ON DELETE CASCADE,
  url text NOT NULL,
  message text NOT NULL,
  occurred_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX scrape_errors_run ON scrape_errors (run_id);
