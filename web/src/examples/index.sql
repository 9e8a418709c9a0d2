-- The orders page is slow, so it gets an index.
CREATE INDEX orders_customer_id ON orders (customer_id);

-- An order number must not be used twice.
CREATE UNIQUE INDEX orders_number ON orders (number);

-- The old index is not needed any more.
DROP INDEX orders_customer;
