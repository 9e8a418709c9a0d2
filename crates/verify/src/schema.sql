-- One line for each object of the user, with everything that another session could notice. Columns that only some versions have are
-- read through jsonb, where a missing one is NULL. Oids appear nowhere, so that two databases can be compared.
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
SELECT pg_catalog.concat_ws(' ', 'SCHEMA', pg_catalog.quote_ident(nspname), 'OWNER', nspowner::pg_catalog.regrole, nspacl)
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
    'OWNER', relowner::pg_catalog.regrole, relacl)
  FROM relations r
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
    a.attacl)
  FROM relations r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid
 WHERE r.relkind IN ('r', 'p', 'v', 'm', 'c', 'f') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'CONSTRAINT', r.name, pg_catalog.quote_ident(c.conname),
    pg_catalog.pg_get_constraintdef(c.oid), CASE WHEN c.coninhcount > 0 THEN 'INHERITED' END,
    CASE WHEN NOT c.conislocal THEN 'NOT LOCAL' END)
  FROM pg_catalog.pg_constraint c JOIN relations r ON r.oid = c.conrelid
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'INDEX OF', i.indrelid::pg_catalog.regclass, pg_catalog.pg_get_indexdef(i.indexrelid),
    CASE WHEN NOT i.indisvalid THEN 'INVALID' END, CASE WHEN NOT i.indisready THEN 'NOT READY' END,
    CASE WHEN i.indisclustered THEN 'CLUSTERED' END, CASE WHEN i.indisreplident THEN 'REPLICA IDENTITY' END)
  FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indexrelid
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'QUERY', name, pg_catalog.pg_get_viewdef(oid)) FROM relations WHERE relkind IN ('v', 'm')
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'SEQUENCE OPTIONS', r.name, pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement,
    s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
    (SELECT 'OWNED BY ' || pg_catalog.pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i')
        AND d.refobjsubid > 0))
  FROM pg_catalog.pg_sequence s JOIN relations r ON r.oid = s.seqrelid
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'TYPE', t.name, t.typtype,
    (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
       FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),
    CASE t.typtype WHEN 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
    CASE WHEN t.typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || t.typdefault,
    'COLLATE ' || NULLIF(t.typcollation, 0)::pg_catalog.regcollation::text,
    (SELECT pg_catalog.format_type(g.rngsubtype, NULL) FROM pg_catalog.pg_range g WHERE g.rngtypid = t.oid),
    'OWNER', t.typowner::pg_catalog.regrole, t.typacl)
  FROM types t
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'DOMAIN CONSTRAINT', t.name, pg_catalog.quote_ident(c.conname), pg_catalog.pg_get_constraintdef(c.oid))
  FROM pg_catalog.pg_constraint c JOIN types t ON t.oid = c.contypid
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'FUNCTION', oid::pg_catalog.regprocedure,
    CASE WHEN prokind <> 'a' THEN pg_catalog.pg_get_functiondef(oid) ELSE
      (SELECT pg_catalog.concat_ws(' ', 'AGGREGATE', a.aggtransfn, a.aggfinalfn, pg_catalog.format_type(a.aggtranstype, NULL), a.agginitval)
         FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid = f.oid) END,
    'OWNER', proowner::pg_catalog.regrole, proacl)
  FROM functions f
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'TRIGGER', r.name, pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled)
  FROM pg_catalog.pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'RULE', r.name, pg_catalog.pg_get_ruledef(w.oid), w.ev_enabled)
  FROM pg_catalog.pg_rewrite w JOIN relations r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'POLICY', r.name, pg_catalog.quote_ident(p.polname), p.polcmd, p.polpermissive,
    (SELECT pg_catalog.string_agg(o.role::pg_catalog.regrole::text, ', ' ORDER BY o.role::pg_catalog.regrole::text)
       FROM pg_catalog.unnest(p.polroles) o (role)),
    'USING ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid), 'WITH CHECK ' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
  FROM pg_catalog.pg_policy p JOIN relations r ON r.oid = p.polrelid
UNION ALL
SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_get_statisticsobjdef(s.oid),
    'STATISTICS ' || NULLIF(pg_catalog.to_jsonb(s) ->> 'stxstattarget', '-1'))
  FROM pg_catalog.pg_statistic_ext s JOIN relations r ON r.oid = s.stxrelid
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'COMMENT ON', pg_catalog.pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
  FROM pg_catalog.pg_description d WHERE d.objoid >= 16384
   AND NOT EXISTS (SELECT FROM members m WHERE m.classid = d.classoid AND m.objid = d.objoid)
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'EXTENSION', e.extname, e.extversion, e.extnamespace::pg_catalog.regnamespace)
  FROM pg_catalog.pg_extension e
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'PUBLICATION', p.pubname, (pg_catalog.to_jsonb(p) - 'oid' - 'pubowner' - 'pubname')::text)
  FROM pg_catalog.pg_publication p
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'PUBLISHED', (pg_catalog.to_jsonb(t))::text) FROM pg_catalog.pg_publication_tables t
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'EVENT TRIGGER', e.evtname, e.evtevent, e.evtfoid::pg_catalog.regprocedure, e.evtenabled, e.evttags)
  FROM pg_catalog.pg_event_trigger e
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'DEFAULT PRIVILEGES', d.defaclrole::pg_catalog.regrole,
    NULLIF(d.defaclnamespace, 0)::pg_catalog.regnamespace, d.defaclobjtype, d.defaclacl)
  FROM pg_catalog.pg_default_acl d
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'OBJECT', i.type, i.identity)
  FROM others o, pg_catalog.pg_identify_object(o.classid, o.objid, 0) i
 WHERE o.objid >= 16384 AND NOT EXISTS (SELECT FROM members m WHERE m.classid = o.classid AND m.objid = o.objid)
