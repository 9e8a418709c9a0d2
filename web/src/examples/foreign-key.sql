CREATE TABLE sensors (
  id bigint PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE readings (
  sensor_id bigint NOT NULL,
  taken_at timestamptz NOT NULL,
  value double precision
) PARTITION BY RANGE (taken_at);

-- Change the PostgreSQL version above and see what happens.
ALTER TABLE readings
  ADD CONSTRAINT readings_sensor FOREIGN KEY (sensor_id) REFERENCES sensors (id) NOT VALID;
