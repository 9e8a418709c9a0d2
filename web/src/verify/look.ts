/**
 * The relations and locks of the session at one moment, and the work between two of them.
 *
 * A new file tells of a rewrite or of an index build; the server's own `DEBUG1` messages tell which tables it verifies.
 */
import { strength } from "../locks/modes";
import type { Seen, SeenLock } from "./protocol";
import { rows, type Server } from "./server";
import { words } from "./sql";

interface Relation {
  name: string;
  bareName: string;
  kind: string;
  file: number;
  /** The table of an index. */
  table: number | null;
  /** Scans that the session has begun in this transaction. */
  scans: number;
}

export interface Look {
  relations: Map<number, Relation>;
  /** The strongest mode of each relation. */
  locks: Map<number, string>;
}

const relationsSql = `
SELECT c.oid::int8, pg_catalog.format('%I.%I', CASE c.relpersistence WHEN 't' THEN 'pg_temp' ELSE n.nspname END, c.relname) AS name,
       c.relname, c.relkind, c.relfilenode::int8 AS file, i.indrelid::int8 AS "table", pg_catalog.pg_stat_get_xact_numscans(c.oid) AS scans
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
 WHERE c.relkind IN ('r', 'p', 'i', 'I', 'S', 'v', 'm', 'f')
   AND n.nspname NOT IN ('information_schema', 'lockkeeper')
   AND (n.nspname !~ '^pg_' OR n.oid = pg_catalog.pg_my_temp_schema())`;

const locksSql = `
SELECT l.relation::int8, l.mode FROM pg_catalog.pg_locks l
 WHERE l.locktype = 'relation' AND l.granted AND l.pid = pg_catalog.pg_backend_pid()`;

export async function look(server: Server): Promise<Look> {
  const relations = new Map<number, Relation>();
  // The statements may have set it otherwise.
  await server.send("SET client_min_messages = debug1");
  for (const row of await rows(server, relationsSql)) {
    relations.set(Number(row.oid), {
      name: String(row.name),
      bareName: String(row.relname),
      kind: String(row.relkind),
      file: Number(row.file),
      table: row.table === null ? null : Number(row.table),
      scans: Number(row.scans),
    });
  }
  const locks = new Map<number, string>();
  for (const row of await rows(server, locksSql)) {
    strengthen(locks, Number(row.relation), String(row.mode));
  }
  return { relations, locks };
}

/** `AccessExclusiveLock` is `ACCESS EXCLUSIVE`. */
const modeName = (mode: string) =>
  mode
    .replace(/Lock$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();

export function strengthen(locks: Map<number, string>, oid: number, mode: string) {
  const name = modeName(mode);
  const held = locks.get(oid);
  if (held === undefined || strength(held) < strength(name)) locks.set(oid, name);
}

/** The locks on relations that `before` knows; `created` are those that the file made. */
export function named(locks: ReadonlyMap<number, string>, before: Look, created: ReadonlySet<number>): SeenLock[] {
  const seen: SeenLock[] = [];
  for (const [oid, mode] of locks) {
    const relation = before.relations.get(oid);
    if (relation) seen.push({ relation: relation.name, mode, kind: relation.kind, new: created.has(oid) });
  }
  return seen.sort((a, b) => a.relation.localeCompare(b.relation, "en"));
}

/** What a statement did between two looks. `counted`: both were taken in one transaction, so that their counters compare. */
export async function work(
  server: Server,
  sql: string,
  before: Look,
  after: Look,
  messages: string[],
  counted: boolean,
): Promise<Pick<Seen, "rewrites" | "scans" | "indexBuilds">> {
  const isTable = (kind: string) => kind === "r" || kind === "m";
  const rewritten = new Set<number>();
  for (const [oid, old] of before.relations) {
    const now = after.relations.get(oid);
    if (now && isTable(old.kind) && old.file !== now.file) rewritten.add(oid);
  }
  const oldFiles = new Set([...before.relations.values()].map((it) => it.file));
  const built = [...after.relations.values()].filter(
    ({ kind, table, file }) =>
      kind === "i" && !oldFiles.has(file) && table !== null && before.relations.has(table) && !rewritten.has(table),
  );
  const indexed = new Set(built.map((it) => it.table));
  const verified = await verifiedTables(server, messages);
  // It reads every table with a column of the domain and says nothing of it; `validateDomainCheckConstraint`.
  const ofDomain = counted && ["ALTER", "DOMAIN"].every((it, at) => words(sql)[at]?.upper === it);
  const reads = (at: Look, oid: number) =>
    [...at.relations].reduce((sum, [id, it]) => sum + (id === oid || it.table === oid ? it.scans : 0), 0);
  const scanned = [...before.relations].filter(
    ([oid, { kind, bareName }]) =>
      isTable(kind) &&
      (ofDomain || verified.names.has(bareName) || verified.oids.has(oid)) &&
      (!counted || reads(after, oid) > reads(before, oid)) &&
      !rewritten.has(oid) &&
      !indexed.has(oid),
  );
  return {
    rewrites: [...rewritten].map((oid) => before.relations.get(oid)!.name),
    scans: scanned.map(([, it]) => it.name),
    indexBuilds: built.map((it) => it.name),
  };
}

/** The tables that the server says it verifies: by name, or as the referencing side of a foreign key. */
async function verifiedTables(server: Server, messages: string[]) {
  const matches = (pattern: RegExp) => messages.flatMap((it) => pattern.exec(it)?.[1] ?? []);
  const names = new Set(matches(/^verifying table "(.*)"$/s));
  const keys = new Set(matches(/^validating foreign key constraint "(.*)"$/s));
  const oids = new Set<number>();
  if (keys.size > 0) {
    const sql = "SELECT conname, conrelid::int8 FROM pg_catalog.pg_constraint WHERE contype = 'f'";
    for (const row of await rows(server, sql)) if (keys.has(String(row.conname))) oids.add(Number(row.conrelid));
  }
  return { names, oids };
}
