-- A table of its own: nobody can wait for it yet.
CREATE TABLE coupons (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL UNIQUE,
  expires_at timestamptz
);

CREATE INDEX coupons_expires_at ON coupons (expires_at);

-- Built beside the traffic, outside of a transaction.
CREATE INDEX CONCURRENTLY orders_coupon_id ON orders (coupon_id);
