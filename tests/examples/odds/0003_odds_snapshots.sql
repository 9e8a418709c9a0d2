-- The pages as they were fetched. Kept for some weeks, so one partition a day: dropping a day is cheap.

CREATE TABLE odds_snapshots (
  id bigint GENERATED ALWAYS AS IDENTITY,
  event_id bigint NOT NULL,
  bookmaker_id smallint NOT NULL,
  captured_at timestamptz NOT NULL,
  payload jsonb NOT NULL,
  PRIMARY KEY (id, captured_at),
  FOREIGN KEY (event_id, bookmaker_id) REFERENCES event_bookmakers (event_id, bookmaker_id)
) PARTITION BY RANGE (captured_at);

CREATE TABLE odds_snapshots_2026_09_01 PARTITION OF odds_snapshots
  FOR VALUES FROM ('2026-09-01 00:00+00') TO ('2026-09-02 00:00+00');
CREATE TABLE odds_snapshots_2026_09_02 PARTITION OF odds_snapshots
  FOR VALUES FROM ('2026-09-02 00:00+00') TO ('2026-09-03 00:00+00');
CREATE TABLE odds_snapshots_2026_09_03 PARTITION OF odds_snapshots
  FOR VALUES FROM ('2026-09-03 00:00+00') TO ('2026-09-04 00:00+00');
CREATE TABLE odds_snapshots_default PARTITION OF odds_snapshots DEFAULT;

CREATE INDEX odds_snapshots_event ON odds_snapshots (event_id, bookmaker_id, captured_at DESC);

-- Rows arrive in the order of time, so a block range index stays tiny.
CREATE INDEX odds_snapshots_captured_at ON odds_snapshots USING brin (captured_at) WITH (pages_per_range = 32);

-- Where pg_partman is installed, it creates the days to come.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_partman') THEN
    PERFORM partman.create_parent(
      p_parent_table := 'public.odds_snapshots',
      p_control := 'captured_at',
      p_interval := '1 day',
      p_premake := 7,
      p_start_partition := '2026-09-04 00:00+00',
      p_default_table := false
    );
  END IF;
END
$$;
