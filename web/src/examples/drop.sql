ALTER TABLE customers DROP COLUMN fax;

DROP TABLE newsletter_subscribers CASCADE;

DROP TYPE order_state;

DROP SCHEMA reporting CASCADE;
