/**
 * PostgreSQL for the eyes: enough to colour a migration.
 *
 * The stock dialect colours every word of the standard, and so columns like `id`, `name` and `line` too. This list has
 * the words that migrations are written with and that are seldom names.
 */
import { SQLDialect } from "@codemirror/lang-sql";

const statements = `
  abort alter analyze attach begin call cascade checkpoint cluster comment commit copy create deallocate declare delete
  detach disable discard do drop enable execute explain from grant insert into lock merge move notify prepare reassign
  refresh reindex release rename reset restrict returning revoke rollback savepoint select set show start truncate update
  vacuum validate values work`;

const objects = `
  access aggregate cast collation column concurrently constraint conversion database default domain event extension
  foreign function inherit inherits index language materialized method operator owner parameter partition policy
  privileges procedure publication role routine rule schema sequence server statistics storage subscription table
  tablespace temp temporary transaction transform trigger type unlogged user view`;

const clauses = `
  add after all always and any as asc authorization before between by case check collate concurrent conflict
  cross current_date current_timestamp current_user cycle deferrable deferred definer desc distinct each else end escape
  except exclude excluded excluding exists expression false fetch filter finalize first following for force full
  generated global group having identity if immediate immutable in including increment initially inner instead intersect
  invoker is isnull join key lateral leakproof left like limit local logged maxvalue minvalue modulus natural no not
  nothing notnull nowait null nulls of off offset on only option or order outer over overriding overlaps parallel
  preceding primary range recursive references remainder replace replica restart returns right row rows safe
  security session similar simple skip some stable statement stored strict symmetric system tables then ties to true
  unbounded union unique until using valid variadic verbose virtual volatile when where window with within without`;

const types = `
  bigint bigserial bit bool boolean box bytea char character cidr circle date daterange decimal double float float4
  float8 hstore inet int int2 int4 int4range int8 int8range integer interval json jsonb jsonpath ltree macaddr macaddr8
  money numeric numrange oid point polygon precision real regclass serial serial2 serial4 serial8 smallint smallserial
  text timestamp timestamptz timetz tsquery tsrange tstzrange tsvector uuid varbit varchar varying xml zone`;

export const keywords = words(statements, objects, clauses);
export const typeNames = words(types);

export const postgresql = SQLDialect.define({
  keywords: keywords.join(" "),
  types: typeNames.join(" "),
  doubleDollarQuotedStrings: true,
  charSetCasts: true,
  operatorChars: "+-*/<>=~!@#%^&|`?",
  specialVar: "",
});

function words(...lists: string[]): string[] {
  return lists.join(" ").trim().split(/\s+/);
}
