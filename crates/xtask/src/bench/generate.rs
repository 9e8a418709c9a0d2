//! DDL as a large schema has it, as much as one likes and always the same.

use std::fmt::Write;

/// At least `size` bytes of statements, all of which PostgreSQL takes.
pub(super) fn ddl(size: usize) -> String {
    let mut text = String::with_capacity(size + 4_000);
    let mut number = 0;
    while text.len() < size {
        number += 1;
        // Writing into a string cannot fail.
        let _ = write!(text, "{}", Service(number));
    }
    text
}

/// The migrations of a small service, told from others by its number.
struct Service(u32);

impl std::fmt::Display for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let n = self.0;
        write!(
            f,
            "\
-- Accounts and what they order, part {n}.
CREATE TABLE accounts_{n} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL,
  plan text NOT NULL DEFAULT 'free' CHECK (plan IN ('free', 'team', 'company')),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX accounts_{n}_email ON accounts_{n} (lower(email));

CREATE TABLE orders_{n} (
  id bigint GENERATED ALWAYS AS IDENTITY,
  account_id bigint NOT NULL REFERENCES accounts_{n} (id) ON DELETE CASCADE,
  placed_at timestamptz NOT NULL,
  total numeric(12, 2) NOT NULL CHECK (total >= 0),
  note text,
  PRIMARY KEY (id, placed_at)
) PARTITION BY RANGE (placed_at);
CREATE TABLE orders_{n}_2025 PARTITION OF orders_{n} FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE orders_{n}_2026 PARTITION OF orders_{n} FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX orders_{n}_account ON orders_{n} (account_id, placed_at DESC) WHERE total > 0;

ALTER TABLE accounts_{n} ADD COLUMN locale text, ALTER COLUMN plan DROP DEFAULT;
ALTER TABLE accounts_{n} ADD CONSTRAINT accounts_{n}_locale CHECK (length(locale) BETWEEN 2 AND 35) NOT VALID;
ALTER TABLE accounts_{n} VALIDATE CONSTRAINT accounts_{n}_locale;
CREATE VIEW big_orders_{n} AS SELECT o.id, a.email FROM orders_{n} o JOIN accounts_{n} a ON a.id = o.account_id WHERE o.total > 1000;
INSERT INTO accounts_{n} (email, plan) VALUES ('owner@example.org', 'company'), ('it''s@example.org', 'team');
COMMENT ON TABLE orders_{n} IS 'one row for each order';
DROP VIEW big_orders_{n};

"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_as_much_as_asked_for_and_always_the_same() {
        let text = ddl(100_000);
        assert!((100_000..104_000).contains(&text.len()), "{}", text.len());
        assert_eq!(text, ddl(100_000));
    }
}
