-- One line for each column that needs a value: the table, the column, an expression over the row number `g`, of a partition its
-- bound if the column is the first of the partition key, the number of the column, whether it can be null, and its type. A column with a
-- default or an identity makes its own. A JSON column has the keys that generated columns and checks read of it. A column that refers
-- to its own table is null, or the same as what it refers to.
WITH RECURSIVE bases AS (
  SELECT t.oid, t.oid AS base, t.typtype, t.typnotnull FROM pg_catalog.pg_type t
  UNION ALL
  SELECT b.oid, t.typbasetype, n.typtype, b.typnotnull OR n.typnotnull FROM bases b JOIN pg_catalog.pg_type t ON t.oid = b.base AND t.typtype = 'd'
    JOIN pg_catalog.pg_type n ON n.oid = t.typbasetype
), up AS (
  SELECT i.inhrelid AS leaf, i.inhrelid AS child, i.inhparent AS parent FROM pg_catalog.pg_inherits i
  UNION ALL
  SELECT up.leaf, i.inhrelid, i.inhparent FROM up JOIN pg_catalog.pg_inherits i ON i.inhrelid = up.parent
), tables AS (
  SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
), computed AS (
  SELECT d.adrelid AS relation, pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS text
    FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated <> ''
  UNION ALL
  SELECT k.conrelid, pg_catalog.pg_get_expr(k.conbin, k.conrelid) FROM pg_catalog.pg_constraint k WHERE k.contype = 'c'
), keys AS (
  SELECT relation, attname, 'jsonb_build_object(' || pg_catalog.string_agg(pg_catalog.quote_literal(key) || ', ' || value, ', ') || ')' AS object
    FROM (SELECT DISTINCT ON (relation, m[1], m[2]) relation, m[1] AS attname, pg_catalog.replace(m[2], '''''', '''') AS key,
                 CASE WHEN m[3] = '::uuid' THEN 'md5(g::text)::uuid'
                      WHEN m[3] ~ '^::(smallint|integer|bigint|numeric|real|double)' THEN 'g'
                      WHEN m[3] = '::boolean' THEN 'g % 2 = 0'
                      WHEN m[3] ~ '^::(date|timestamp)' THEN 'date ''2026-01-01'' + g % 3650'
                      ELSE '''v'' || g' END AS value
            FROM computed CROSS JOIN LATERAL pg_catalog.regexp_matches(text,
                 '([a-z_][a-z_0-9$]*|"(?:[^"]|"")+") ->>? ''((?:[^'']|'''')+)''::text\)*(::[a-z]+)?', 'g') m
           ORDER BY relation, m[1], m[2], m[3] NULLS LAST) found
   GROUP BY relation, attname
), columns AS (
  SELECT r.oid AS relation, r.name, a.attname, a.attnum, NOT (a.attnotnull OR b.typnotnull) AS nullable,
         (SELECT k.confkey[pg_catalog.array_position(k.conkey, a.attnum)] FROM pg_catalog.pg_constraint k
           WHERE k.contype = 'f' AND k.conrelid = a.attrelid AND k.confrelid = a.attrelid AND a.attnum = ANY (k.conkey) LIMIT 1) AS own,
         pg_catalog.format_type(a.atttypid, a.atttypmod) AS written, b.typtype,
         t.typname, t.typcategory, pg_catalog.format_type(b.base, NULL) AS base,
         CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END AS length,
         CASE WHEN t.typname = 'numeric' AND a.atttypmod > 4
              THEN (((a.atttypmod - 4) >> 16) & 65535) - ((a.atttypmod - 4) & 2047) END AS digits
    FROM tables r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid
    JOIN bases b ON b.oid = a.atttypid AND b.typtype <> 'd' JOIN pg_catalog.pg_type t ON t.oid = b.base
   WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
     AND (NOT a.atthasdef OR (r.oid, pg_catalog.quote_ident(a.attname)) IN (SELECT relation, attname FROM keys))
)
SELECT c.name, pg_catalog.quote_ident(c.attname),
  '(' || CASE
    WHEN c.typtype = 'e' THEN pg_catalog.format('(enum_range(NULL::%1$s))[1 + g %% cardinality(enum_range(NULL::%1$s))]', c.base)
    WHEN c.typtype IN ('r', 'm') THEN '''empty'''
    WHEN c.typcategory = 'A' THEN '''{}'''
    ELSE CASE c.typname
      WHEN 'int2' THEN 'g % 32000' WHEN 'int4' THEN 'g' WHEN 'int8' THEN 'g' WHEN 'oid' THEN 'g'
      WHEN 'float4' THEN 'g' WHEN 'float8' THEN 'g' WHEN 'money' THEN 'g::numeric'
      WHEN 'numeric' THEN CASE WHEN c.digits IS NULL THEN 'g' ELSE 'g % 1' || pg_catalog.repeat('0', LEAST(c.digits, 9)) END
      WHEN 'bool' THEN 'g % 2 = 0'
      WHEN 'text' THEN '''v'' || g' WHEN 'citext' THEN '''v'' || g' WHEN 'name' THEN '''v'' || g'
      WHEN 'varchar' THEN CASE WHEN c.length IS NULL THEN '''v'' || g' ELSE pg_catalog.format('right(''v'' || g, %s)', c.length) END
      WHEN 'bpchar' THEN pg_catalog.format('right(''v'' || g, %s)', COALESCE(c.length, 1))
      WHEN 'uuid' THEN 'md5(g::text)' WHEN 'bytea' THEN 'decode(md5(g::text), ''hex'')'
      WHEN 'date' THEN 'date ''2026-01-01'' + g % 3650'
      WHEN 'timestamp' THEN 'timestamp ''2026-01-01'' + g * interval ''1 minute'''
      WHEN 'timestamptz' THEN 'timestamptz ''2026-01-01 00:00+00'' + g * interval ''1 minute'''
      WHEN 'time' THEN 'time ''00:00'' + g * interval ''1 second''' WHEN 'interval' THEN 'g * interval ''1 second'''
      WHEN 'json' THEN COALESCE(k.object, '''{}''') WHEN 'jsonb' THEN COALESCE(k.object, '''{}''') WHEN 'xml' THEN '''<a/>'''
      WHEN 'inet' THEN 'inet ''10.0.0.0'' + g' WHEN 'cidr' THEN 'inet ''10.0.0.0'' + g'
      WHEN 'tsvector' THEN '''v''' WHEN 'point' THEN 'point(g, g)' END
  END || ')' || '::' || c.written,
  (SELECT pg_catalog.pg_get_expr(p.relpartbound, p.oid) FROM up JOIN pg_catalog.pg_class p ON p.oid = up.child AND p.relispartition
     JOIN pg_catalog.pg_partitioned_table k ON k.partrelid = up.parent AND k.partstrat IN ('r', 'l')
     JOIN pg_catalog.pg_attribute pa ON pa.attrelid = up.parent AND pa.attname = c.attname AND k.partattrs[0] = pa.attnum
    WHERE up.leaf = c.relation LIMIT 1),
  COALESCE(c.own, c.attnum), c.nullable, c.written
  FROM columns c LEFT JOIN keys k ON k.relation = c.relation AND k.attname = pg_catalog.quote_ident(c.attname)
 WHERE NOT (c.nullable AND c.own IS NOT NULL)
 ORDER BY c.name, c.attnum
