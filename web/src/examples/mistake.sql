CREATE TABEL shipments (
  id bigint PRIMARY KEY
);

CREATE INDEX parcels_shipped_at ON parcels (shipped_at);
