-- What can be bet on, and where.

CREATE TABLE sports (
  id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug text NOT NULL UNIQUE CHECK (slug = lower(slug)),
  name text NOT NULL
);

CREATE TABLE tournaments (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sport_id smallint NOT NULL REFERENCES sports (id),
  slug text NOT NULL,
  name text NOT NULL,
  country_code char(2),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (sport_id, slug)
);

CREATE TABLE bookmakers (
  id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  name text NOT NULL,
  base_url text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO sports (slug, name) VALUES
  ('football', 'Football'),
  ('tennis', 'Tennis'),
  ('basketball', 'Basketball');
