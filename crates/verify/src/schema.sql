-- One line for each object of the user, with everything that another session could notice. Columns that only some versions have are
-- read through jsonb, where a missing one is NULL. Oids appear nowhere, so that two databases can be compared.
-- Beside the line: the table that the object goes with, the SQL that makes it, the SQL that removes it. SQL that is NULL is not known;
-- an empty one says that the object comes and goes with another. The parts of a column's are set apart by chr(31).
WITH spaces AS (
  SELECT oid, nspname, nspowner, nspacl FROM pg_catalog.pg_namespace
   WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
), members AS (
  SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'
), relations AS (
  SELECT c.*, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_catalog.pg_class c JOIN spaces n ON n.oid = c.relnamespace
   WHERE c.relpersistence <> 't' AND NOT EXISTS (
     SELECT FROM members m WHERE m.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND m.objid = c.oid)
), functions AS (
  SELECT p.* FROM pg_catalog.pg_proc p JOIN spaces n ON n.oid = p.pronamespace
   WHERE NOT EXISTS (
     SELECT FROM members m WHERE m.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND m.objid = p.oid)
), types AS (
  SELECT t.*, pg_catalog.format('%I.%I', n.nspname, t.typname) AS name
    FROM pg_catalog.pg_type t JOIN spaces n ON n.oid = t.typnamespace
   WHERE t.typtype IN ('e', 'd', 'r') AND NOT EXISTS (
     SELECT FROM members m WHERE m.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND m.objid = t.oid)
), others (classid, objid) AS (
  SELECT tableoid, oid FROM pg_catalog.pg_operator
  UNION ALL SELECT tableoid, oid FROM pg_catalog.pg_opclass
  UNION ALL SELECT tableoid, oid FROM pg_catalog.pg_opfamily
  UNION ALL SELECT tableoid, oid FROM pg_catalog.pg_cast
  UNION ALL SELECT tableoid, oid FROM pg_catalog.pg_collation
  UNION ALL SELECT tableoid, oid FROM pg_catalog.pg_conversion
  UNION ALL SELECT tableoid, oid FROM pg_catalog.pg_ts_config
  UNION ALL SELECT tableoid, oid FROM pg_catalog.pg_ts_dict
  UNION ALL SELECT tableoid, oid FROM pg_catalog.pg_foreign_data_wrapper
  UNION ALL SELECT tableoid, oid FROM pg_catalog.pg_foreign_server
  UNION ALL SELECT tableoid, oid FROM pg_catalog.pg_am
  UNION ALL SELECT tableoid, oid FROM pg_catalog.pg_transform
)
SELECT pg_catalog.concat_ws(' ', 'SCHEMA', pg_catalog.quote_ident(nspname), 'OWNER', nspowner::pg_catalog.regrole, nspacl),
    NULL, 'CREATE SCHEMA ' || pg_catalog.quote_ident(nspname), 'DROP SCHEMA ' || pg_catalog.quote_ident(nspname)
  FROM spaces
UNION ALL
SELECT pg_catalog.concat_ws(' ',
    CASE relkind WHEN 'r' THEN 'TABLE' WHEN 'p' THEN 'PARTITIONED TABLE' WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'PARTITIONED INDEX'
      WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'c' THEN 'COMPOSITE TYPE'
      WHEN 'f' THEN 'FOREIGN TABLE' ELSE relkind::text END,
    name,
    CASE relpersistence WHEN 'u' THEN 'UNLOGGED' END,
    'PARTITION BY ' || CASE relkind WHEN 'p' THEN pg_catalog.pg_get_partkeydef(oid) END,
    (SELECT 'UNDER ' || pg_catalog.string_agg(i.inhparent::pg_catalog.regclass::text, ', ' ORDER BY i.inhseqno)
       FROM pg_catalog.pg_inherits i WHERE i.inhrelid = r.oid),
    pg_catalog.pg_get_expr(relpartbound, oid),
    'OF ' || pg_catalog.format_type(NULLIF(reloftype, 0), NULL),
    'USING ' || (SELECT a.amname FROM pg_catalog.pg_am a WHERE a.oid = r.relam AND r.relkind IN ('r', 'm', 'p')),
    'TABLESPACE ' || (SELECT s.spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = r.reltablespace),
    'WITH ' || reloptions::text,
    CASE WHEN relrowsecurity THEN 'ROW LEVEL SECURITY' END,
    CASE WHEN relforcerowsecurity THEN 'FORCED' END,
    'REPLICA IDENTITY ' || CASE WHEN relkind IN ('r', 'p', 'm') THEN relreplident::text END,
    CASE WHEN relkind = 'm' AND NOT relispopulated THEN 'NOT POPULATED' END,
    'OWNER', relowner::pg_catalog.regrole, relacl),
    name,
    CASE WHEN relispartition AND relkind IN ('r', 'p', 'f') THEN
      (SELECT pg_catalog.format('CREATE TABLE %s PARTITION OF %s %s', name, i.inhparent::pg_catalog.regclass,
          pg_catalog.concat_ws(' ', pg_catalog.pg_get_expr(relpartbound, oid),
            'PARTITION BY ' || CASE relkind WHEN 'p' THEN pg_catalog.pg_get_partkeydef(oid) END))
         FROM pg_catalog.pg_inherits i WHERE i.inhrelid = r.oid)
      ELSE CASE relkind
        WHEN 'r' THEN pg_catalog.concat_ws(' ', 'CREATE', CASE relpersistence WHEN 'u' THEN 'UNLOGGED' END, 'TABLE', name, '()')
        WHEN 'S' THEN CASE WHEN is_identity THEN '' ELSE 'CREATE SEQUENCE ' || name END
        WHEN 'i' THEN '' WHEN 'I' THEN '' WHEN 'v' THEN '' WHEN 'm' THEN '' END END,
    CASE WHEN is_identity OR is_part AND relkind IN ('i', 'I') THEN '' ELSE CASE relkind WHEN 'r' THEN 'DROP TABLE ' WHEN 'p' THEN 'DROP TABLE ' WHEN 'f' THEN 'DROP FOREIGN TABLE ' WHEN 'v' THEN 'DROP VIEW '
      WHEN 'm' THEN 'DROP MATERIALIZED VIEW ' WHEN 'S' THEN 'DROP SEQUENCE ' WHEN 'c' THEN 'DROP TYPE '
      ELSE 'DROP INDEX ' END || name END
  FROM relations r, LATERAL (SELECT
      EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = r.oid
                 AND d.deptype = 'i' AND d.refobjsubid > 0) AS is_identity,
      r.relispartition OR EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = r.oid AND k.contype IN ('p', 'u', 'x')) AS is_part
    ) of
UNION ALL
SELECT pg_catalog.concat_ws(' ',
    'COLUMN', r.name,
    pg_catalog.lpad(pg_catalog.row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum)::text, 4, '0'),
    pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod),
    'COLLATE ' || (SELECT a.attcollation::pg_catalog.regcollation::text FROM pg_catalog.pg_type t
                    WHERE t.oid = a.atttypid AND t.typcollation <> a.attcollation),
    CASE WHEN a.attnotnull THEN 'NOT NULL' END,
    CASE a.attgenerated WHEN '' THEN 'DEFAULT ' WHEN 's' THEN 'GENERATED STORED ' ELSE 'GENERATED VIRTUAL ' END
      || (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d
           WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum),
    'IDENTITY ' || NULLIF(a.attidentity::text, ''),
    'STORAGE ' || (SELECT a.attstorage::text FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid AND t.typstorage <> a.attstorage),
    'COMPRESSION ' || NULLIF(pg_catalog.to_jsonb(a) ->> 'attcompression', ''),
    'STATISTICS ' || NULLIF(pg_catalog.to_jsonb(a) ->> 'attstattarget', '-1'),
    'WITH ' || a.attoptions::text,
    CASE WHEN a.attinhcount > 0 THEN 'INHERITED' END, CASE WHEN NOT a.attislocal THEN 'NOT LOCAL' END,
    a.attacl),
    r.name,
    CASE WHEN r.relkind IN ('v', 'm') OR a.attinhcount > 0 THEN '' WHEN r.relkind <> 'c' THEN pg_catalog.concat(
      'ALTER TABLE ', r.name, ' ADD COLUMN ', pg_catalog.quote_ident(a.attname), pg_catalog.chr(31),
      pg_catalog.format_type(a.atttypid, a.atttypmod), pg_catalog.chr(31), CASE WHEN a.attnotnull THEN 'NOT NULL' END, pg_catalog.chr(31),
      (SELECT CASE a.attgenerated WHEN '' THEN 'DEFAULT ' || e.text WHEN 's' THEN 'GENERATED ALWAYS AS (' || e.text || ') STORED'
                ELSE 'GENERATED ALWAYS AS (' || e.text || ') VIRTUAL' END
         FROM pg_catalog.pg_attrdef d, LATERAL (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS text) e
        WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum),
      CASE a.attidentity WHEN 'a' THEN 'GENERATED ALWAYS AS IDENTITY' WHEN 'd' THEN 'GENERATED BY DEFAULT AS IDENTITY' END) END,
    CASE WHEN r.relkind IN ('v', 'm') OR a.attinhcount > 0 THEN '' WHEN r.relkind <> 'c' THEN
      pg_catalog.concat('ALTER TABLE ', r.name, ' DROP COLUMN ', pg_catalog.quote_ident(a.attname)) END
  FROM relations r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid
 WHERE r.relkind IN ('r', 'p', 'v', 'm', 'c', 'f') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'CONSTRAINT', r.name, pg_catalog.quote_ident(c.conname),
    pg_catalog.pg_get_constraintdef(c.oid), CASE WHEN c.coninhcount > 0 THEN 'INHERITED' END,
    CASE WHEN NOT c.conislocal THEN 'NOT LOCAL' END),
    r.name,
    CASE WHEN c.coninhcount > 0 OR c.contype IN ('n', 't') THEN '' ELSE
      pg_catalog.format('ALTER TABLE %s ADD CONSTRAINT %I %s', r.name, c.conname, pg_catalog.pg_get_constraintdef(c.oid)) END,
    CASE WHEN c.coninhcount > 0 OR c.contype IN ('n', 't') THEN '' ELSE
      pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', r.name, c.conname) END
  FROM pg_catalog.pg_constraint c JOIN relations r ON r.oid = c.conrelid
 -- The parts of a foreign key to the partitions of the referenced table belong to it.
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint up WHERE up.oid = c.conparentid AND up.conrelid = c.conrelid)
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'INDEX OF', i.indrelid::pg_catalog.regclass, pg_catalog.pg_get_indexdef(i.indexrelid),
    CASE WHEN NOT i.indisvalid THEN 'INVALID' END, CASE WHEN NOT i.indisready THEN 'NOT READY' END,
    CASE WHEN i.indisclustered THEN 'CLUSTERED' END, CASE WHEN i.indisreplident THEN 'REPLICA IDENTITY' END),
    i.indrelid::pg_catalog.regclass::text,
    CASE WHEN is_part THEN '' ELSE pg_catalog.pg_get_indexdef(i.indexrelid) END, CASE WHEN is_part THEN '' ELSE 'DROP INDEX ' || r.name END
  FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indexrelid, LATERAL (SELECT
      r.relispartition OR EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = r.oid AND k.contype IN ('p', 'u', 'x')) AS is_part
    ) of
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'QUERY', name, pg_catalog.pg_get_viewdef(oid)), name,
    pg_catalog.concat('CREATE ', kind.words, ' ', name, ' AS', pg_catalog.pg_get_viewdef(oid)), pg_catalog.concat('DROP ', kind.words, ' ', name)
  FROM relations, LATERAL (SELECT CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END AS words) kind WHERE relkind IN ('v', 'm')
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'SEQUENCE OPTIONS', r.name, pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement,
    s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
    (SELECT 'OWNED BY ' || pg_catalog.pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i')
        AND d.refobjsubid > 0)),
    r.name, '', 'DROP SEQUENCE ' || r.name
  FROM pg_catalog.pg_sequence s JOIN relations r ON r.oid = s.seqrelid
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'TYPE', t.name, t.typtype,
    (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
       FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),
    CASE t.typtype WHEN 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
    CASE WHEN t.typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || t.typdefault,
    'COLLATE ' || NULLIF(t.typcollation, 0)::pg_catalog.regcollation::text,
    (SELECT pg_catalog.format_type(g.rngsubtype, NULL) FROM pg_catalog.pg_range g WHERE g.rngtypid = t.oid),
    'OWNER', t.typowner::pg_catalog.regrole, t.typacl),
    t.name,
    CASE t.typtype WHEN 'e' THEN pg_catalog.format('CREATE TYPE %s AS ENUM (%s)', t.name,
        (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
           FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid))
      WHEN 'd' THEN pg_catalog.concat_ws(' ', 'CREATE DOMAIN', t.name, 'AS', pg_catalog.format_type(t.typbasetype, t.typtypmod),
        CASE WHEN t.typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || t.typdefault) END,
    CASE t.typtype WHEN 'd' THEN 'DROP DOMAIN ' ELSE 'DROP TYPE ' END || t.name
  FROM types t
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'DOMAIN CONSTRAINT', t.name, pg_catalog.quote_ident(c.conname), pg_catalog.pg_get_constraintdef(c.oid)),
    t.name, pg_catalog.format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', t.name, c.conname, pg_catalog.pg_get_constraintdef(c.oid)),
    pg_catalog.format('ALTER DOMAIN %s DROP CONSTRAINT %I', t.name, c.conname)
  FROM pg_catalog.pg_constraint c JOIN types t ON t.oid = c.contypid
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'FUNCTION', oid::pg_catalog.regprocedure,
    CASE WHEN prokind <> 'a' THEN pg_catalog.pg_get_functiondef(oid) ELSE
      (SELECT pg_catalog.concat_ws(' ', 'AGGREGATE', a.aggtransfn, a.aggfinalfn, pg_catalog.format_type(a.aggtranstype, NULL), a.agginitval)
         FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid = f.oid) END,
    'OWNER', proowner::pg_catalog.regrole, proacl),
    NULL, CASE WHEN prokind <> 'a' THEN pg_catalog.rtrim(pg_catalog.pg_get_functiondef(oid), E'\n') END,
    CASE prokind WHEN 'p' THEN 'DROP PROCEDURE ' WHEN 'a' THEN 'DROP AGGREGATE ' ELSE 'DROP FUNCTION ' END || oid::pg_catalog.regprocedure::text
  FROM functions f
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'TRIGGER', r.name, pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled),
    r.name, pg_catalog.pg_get_triggerdef(t.oid), pg_catalog.format('DROP TRIGGER %I ON %s', t.tgname, r.name)
  FROM pg_catalog.pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'RULE', r.name, pg_catalog.pg_get_ruledef(w.oid), w.ev_enabled),
    r.name, pg_catalog.rtrim(pg_catalog.pg_get_ruledef(w.oid), ';'), pg_catalog.format('DROP RULE %I ON %s', w.rulename, r.name)
  FROM pg_catalog.pg_rewrite w JOIN relations r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'POLICY', r.name, pg_catalog.quote_ident(p.polname), p.polcmd, p.polpermissive,
    (SELECT pg_catalog.string_agg(o.role::pg_catalog.regrole::text, ', ' ORDER BY o.role::pg_catalog.regrole::text)
       FROM pg_catalog.unnest(p.polroles) o (role)),
    'USING ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid), 'WITH CHECK ' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)),
    r.name, NULL, pg_catalog.format('DROP POLICY %I ON %s', p.polname, r.name)
  FROM pg_catalog.pg_policy p JOIN relations r ON r.oid = p.polrelid
UNION ALL
SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_get_statisticsobjdef(s.oid),
    'STATISTICS ' || NULLIF(pg_catalog.to_jsonb(s) ->> 'stxstattarget', '-1')),
    r.name, pg_catalog.pg_get_statisticsobjdef(s.oid),
    pg_catalog.format('DROP STATISTICS %s.%I', s.stxnamespace::pg_catalog.regnamespace, s.stxname)
  FROM pg_catalog.pg_statistic_ext s JOIN relations r ON r.oid = s.stxrelid
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'COMMENT ON', pg_catalog.pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description),
    NULL, NULL, NULL
  FROM pg_catalog.pg_description d WHERE d.objoid >= 16384
   AND NOT EXISTS (SELECT FROM members m WHERE m.classid = d.classoid AND m.objid = d.objoid)
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'EXTENSION', e.extname, e.extversion, e.extnamespace::pg_catalog.regnamespace),
    NULL, pg_catalog.format('CREATE EXTENSION %I', e.extname), pg_catalog.format('DROP EXTENSION %I', e.extname)
  FROM pg_catalog.pg_extension e
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'PUBLICATION', p.pubname, (pg_catalog.to_jsonb(p) - 'oid' - 'pubowner' - 'pubname')::text),
    NULL, NULL, pg_catalog.format('DROP PUBLICATION %I', p.pubname)
  FROM pg_catalog.pg_publication p
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'PUBLISHED', (pg_catalog.to_jsonb(t))::text), NULL, NULL, NULL FROM pg_catalog.pg_publication_tables t
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'EVENT TRIGGER', e.evtname, e.evtevent, e.evtfoid::pg_catalog.regprocedure, e.evtenabled, e.evttags),
    NULL, NULL, pg_catalog.format('DROP EVENT TRIGGER %I', e.evtname)
  FROM pg_catalog.pg_event_trigger e
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'DEFAULT PRIVILEGES', d.defaclrole::pg_catalog.regrole,
    NULLIF(d.defaclnamespace, 0)::pg_catalog.regnamespace, d.defaclobjtype, d.defaclacl),
    NULL, NULL, NULL
  FROM pg_catalog.pg_default_acl d
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'OBJECT', i.type, i.identity), NULL, NULL, pg_catalog.concat_ws(' ', 'DROP', pg_catalog.upper(i.type), i.identity)
  FROM others o, pg_catalog.pg_identify_object(o.classid, o.objid, 0) i
 WHERE o.objid >= 16384 AND NOT EXISTS (SELECT FROM members m WHERE m.classid = o.classid AND m.objid = o.objid)
