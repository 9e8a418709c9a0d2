/**
 * Makes up what a migration names and nothing creates, so that it can run: tables, columns, types, schemas, keys.
 *
 * The server itself says what it misses. First everything runs in one transaction that is rolled back, and each missing
 * thing is made when an error names it; then the things are made for real, before the migration. Made during the
 * migration, a table would be new, and nobody could wait for it.
 */
import type { MadeUp, Refusal, Sent } from "./protocol";
import { literal, quoted, rows, type Server } from "./server";
import { columnsAfter, folded, namesAfter, withoutConcurrently } from "./sql";

/** A table that the page made up. */
interface Stub {
  oid: number;
  /** As written, to be created and found again by this name. */
  name: string;
  kind: "table" | "view" | "matview" | "sequence";
  columns: Map<string, { type: string; tried: number }>;
  /** `PARTITION BY …`. */
  partition: string;
  /** Constraints and indexes, as commands that come after the columns. */
  extras: string[];
}

/** Attempts for one statement; each makes one thing. */
const attempts = 40;
/** Types that a column may have if its name tells nothing, in the order in which they are tried. */
const types = ["bigint", "text", "timestamptz", "boolean", "jsonb", "uuid", "numeric"];

export async function stubs(server: Server, statements: readonly Sent[]): Promise<MadeUp[]> {
  const finder = new Finder(server);
  await server.send("BEGIN");
  for (const { sql, kind } of statements) {
    if (!isControl(kind) && !/^(VACUUM|SET)/.test(kind ?? "")) await finder.satisfy(withoutConcurrently(sql));
  }
  await server.send("ROLLBACK");
  return finder.madeUp();
}

/** Begins, ends or divides a transaction. */
export const isControl = (kind: string | null) =>
  /^(BEGIN|START TRANSACTION|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|PREPARE TRANSACTION)\b/.test(kind ?? "");

class Finder {
  readonly #server: Server;
  readonly #others: MadeUp[] = [];
  readonly #stubs: Stub[] = [];

  constructor(server: Server) {
    this.#server = server;
  }

  /** Runs a statement, and again with one thing more each time that something is missing. */
  async satisfy(sql: string) {
    const touched = new Set<{ type: string; tried: number }>();
    for (let attempt = 0; attempt < attempts; attempt++) {
      await this.#server.send("SAVEPOINT attempt");
      const { refusal } = await this.#server.send(sql);
      if (!refusal) {
        await this.#server.send("RELEASE attempt");
        return;
      }
      await this.#server.send("ROLLBACK TO attempt; RELEASE attempt");
      if (!(await this.#make(refusal, sql, touched))) return;
    }
  }

  madeUp(): MadeUp[] {
    return [...this.#others, ...this.#stubs.map((it) => ({ commands: commandsOf(it), relation: it.name }))];
  }

  /** Makes what the refusal misses; false when it misses nothing that can be made up. */
  async #make(refusal: Refusal, sql: string, touched: Set<{ type: string; tried: number }>): Promise<boolean> {
    const { sqlstate, message } = refusal;
    const [first, second] = [...message.matchAll(/"((?:[^"]|"")*)"/g)].map((it) => it[1]!);
    switch (sqlstate) {
      case "3F000":
        return first !== undefined && this.#other(`CREATE SCHEMA ${quoted(first)}`);
      case "42P01":
        return first !== undefined && this.#relation(first, sql);
      case "42703":
        return this.#column(message, first, second, sql, touched);
      case "42704":
        return this.#object(message, first, second, sql);
      case "42830":
        return first !== undefined && this.#uniqueKey(first, sql);
      case "42883":
        return this.#function(message, sql) || this.#otherType(touched);
      case "42601":
        return message.includes("more expressions than target columns") && this.#moreColumns(sql, touched);
      case "42804":
      case "22P02":
      case "42846":
        return this.#otherType(touched);
      default:
        return false;
    }
  }

  async #other(sql: string): Promise<boolean> {
    const { refusal } = await this.#guarded(sql);
    if (!refusal) this.#others.push({ commands: [sql], relation: null });
    return refusal === null;
  }

  /** A refused command must not end the transaction. */
  async #guarded(sql: string) {
    await this.#server.send("SAVEPOINT making");
    const outcome = await this.#server.send(sql);
    await this.#server.send(outcome.refusal ? "ROLLBACK TO making; RELEASE making" : "RELEASE making");
    return outcome;
  }

  async #relation(message: string, sql: string): Promise<boolean> {
    const name = message.split(".").map(quoted).join(".");
    const text = sql.toLowerCase();
    const kind = /\bmaterialized\s+view\b/.test(text)
      ? "matview"
      : /\bsequence\b/.test(text)
        ? "sequence"
        : /^\s*(drop|alter|comment on)\s+view\b/.test(text)
          ? "view"
          : "table";
    const parent = [
      ...namesAfter(sql, "PARTITION", "OF"),
      ...(/\b(at|de)tach\s+partition\b/.test(text) ? namesAfter(sql, "ALTER", "TABLE") : []),
    ];
    const isParent = parent.some((it) => it.split(".").map(folded).join(".") === message);
    const stub: Stub = { oid: 0, name, kind, columns: new Map(), partition: "", extras: [] };
    if (isParent) {
      const [type, method] = partitionOf(sql);
      stub.columns.set("part", { type, tried: types.length });
      stub.partition = ` PARTITION BY ${method} (part)`;
    }
    const { refusal } = await this.#guarded(commandsOf(stub)[0]!);
    if (refusal) return false;
    const [row] = await rows(this.#server, `SELECT to_regclass(${literal(name)})::oid::int8 AS oid`);
    stub.oid = Number(row!.oid);
    this.#stubs.push(stub);
    return true;
  }

  /** The stub that has this name now; it may have been renamed since. */
  async #stub(name: string): Promise<Stub | undefined> {
    const written = name.split(".").map((it) => (it.startsWith('"') ? it : quoted(it)));
    const { rows: found } = await this.#guarded(`SELECT to_regclass(${literal(written.join("."))})::oid::int8 AS oid`);
    return this.#stubs.find((it) => it.oid === Number(found[0]?.oid));
  }

  async #column(
    message: string,
    first: string | undefined,
    relation: string | undefined,
    sql: string,
    touched: Set<{ type: string; tried: number }>,
  ): Promise<boolean> {
    const bare = /column (?:\w+\.)?"?([^"\s]+)"? does not exist/.exec(message)?.[1];
    const column = first ?? bare;
    if (column === undefined) return false;
    const candidates = relation ? [relation] : tablesOf(sql, column, message);
    for (const name of candidates) {
      const stub = await this.#stub(name);
      if (!stub || stub.kind === "sequence" || stub.columns.has(column)) continue;
      const entry = { type: typeOf(column, sql), tried: 0 };
      if (stub.kind === "table") {
        const [now] = await rows(this.#server, `SELECT ${stub.oid}::regclass::text AS name`);
        const { refusal } = await this.#guarded(
          `ALTER TABLE ${String(now!.name)} ADD COLUMN ${quoted(column)} ${entry.type}`,
        );
        if (refusal) continue;
      } else {
        return false;
      }
      stub.columns.set(column, entry);
      touched.add(entry);
      return true;
    }
    return false;
  }

  /** `INSERT INTO t VALUES (…)` tells only how many columns there are. */
  async #moreColumns(sql: string, touched: Set<{ type: string; tried: number }>): Promise<boolean> {
    const [table] = namesAfter(sql, "INTO");
    const stub = table ? await this.#stub(table) : undefined;
    if (!stub) return false;
    return this.#column("", `column ${stub.columns.size + 1}`, table, sql, touched);
  }

  async #object(message: string, first: string | undefined, second: string | undefined, sql: string): Promise<boolean> {
    if (first === undefined) return false;
    const [kind] = message.split(" ");
    switch (kind) {
      case "type":
        return this.#other(`CREATE TYPE ${first.split(".").map(quoted).join(".")} AS ENUM ('first', 'second')`);
      case "role":
        return this.#other(`CREATE ROLE ${quoted(first)}`);
      case "index":
        return this.#index(first, sql);
      case "constraint":
        return second !== undefined && this.#constraint(first, second);
      case "trigger":
        return second !== undefined && this.#trigger(first, second);
      case "there":
        return this.#primaryKey(first);
      default:
        return false;
    }
  }

  /** The index of an `ADD CONSTRAINT … USING INDEX` stands on that table, any other on one of its own. */
  async #index(name: string, sql: string): Promise<boolean> {
    const [target] = /\busing\s+index\b/i.test(sql) ? namesAfter(sql, "ALTER", "TABLE") : [];
    const table = target ?? quoted(`table of ${name}`);
    const stub =
      (await this.#stub(table)) ?? ((await this.#relation(folded(table), "")) ? this.#stubs.at(-1) : undefined);
    if (!stub) return false;
    const column = `key of ${name}`;
    return this.#extra(stub, column, (table) => `CREATE UNIQUE INDEX ${quoted(name)} ON ${table} (${quoted(column)})`);
  }

  /** Checks nothing yet, so that it can be validated as well as dropped. */
  async #constraint(name: string, table: string): Promise<boolean> {
    const stub = await this.#stub(table);
    if (!stub) return false;
    const command = (table: string) => `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} CHECK (true) NOT VALID`;
    return this.#extra(stub, null, command);
  }

  async #trigger(name: string, table: string): Promise<boolean> {
    const stub = await this.#stub(table);
    if (!stub) return false;
    return this.#extra(
      stub,
      null,
      (table) =>
        `CREATE TRIGGER ${quoted(name)} BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
    );
  }

  async #primaryKey(table: string): Promise<boolean> {
    const stub = await this.#stub(table);
    if (!stub || stub.columns.has("id")) return false;
    return this.#extra(stub, "id", (table) => `ALTER TABLE ${table} ADD PRIMARY KEY (id)`);
  }

  async #uniqueKey(table: string, sql: string): Promise<boolean> {
    const stub = await this.#stub(table);
    const columns = columnsAfter(sql, "REFERENCES");
    if (!stub || columns.length === 0) return false;
    return this.#extra(stub, null, (table) => `ALTER TABLE ${table} ADD UNIQUE (${columns.map(quoted).join(", ")})`);
  }

  /** Adds a column, if one is named, and what rests on it. */
  async #extra(stub: Stub, column: string | null, command: (table: string) => string): Promise<boolean> {
    const [now] = await rows(this.#server, `SELECT ${stub.oid}::regclass::text AS name`);
    const table = String(now!.name);
    const key =
      column === null || stub.columns.has(column)
        ? ""
        : `ALTER TABLE ${table} ADD COLUMN ${quoted(column)} bigint GENERATED BY DEFAULT AS IDENTITY; `;
    const { refusal } = await this.#guarded(key + command(table));
    if (refusal) return false;
    if (key) stub.columns.set(column!, { type: "bigint GENERATED BY DEFAULT AS IDENTITY", tried: types.length });
    stub.extras.push(command(stub.name));
    return true;
  }

  /** Only trigger functions: of others neither arguments nor result are known. */
  #function(message: string, sql: string): Promise<boolean> | false {
    const name = /^function ([\w."]+)\(\) does not exist$/.exec(message)?.[1];
    if (!name || !/\bexecute\s+(function|procedure)\b/i.test(sql)) return false;
    return this.#other(`CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`);
  }

  /** Gives the newest column of this statement that has types left another type. */
  async #otherType(touched: Set<{ type: string; tried: number }>): Promise<boolean> {
    const entry = [...touched].findLast((it) => it.tried < types.length);
    const stub = entry && this.#stubs.find((it) => [...it.columns.values()].includes(entry));
    if (!stub) return false;
    const column = [...stub.columns].find(([, it]) => it === entry)![0];
    entry.type = types[entry.tried]!;
    entry.tried += 1;
    const [now] = await rows(this.#server, `SELECT ${stub.oid}::regclass::text AS name`);
    const table = String(now!.name);
    await this.#guarded(
      `ALTER TABLE ${table} DROP COLUMN ${quoted(column)}; ALTER TABLE ${table} ADD COLUMN ${quoted(column)} ${entry.type}`,
    );
    return true;
  }
}

function commandsOf({ name, kind, columns, partition, extras }: Stub): string[] {
  const list = [...columns].map(([column, { type }]) => `${quoted(column)} ${type}`);
  const select = `SELECT ${list.length > 0 ? list.map((it) => it.replace(/^("(?:[^"]|"")*") (.*)$/, "NULL::$2 AS $1")).join(", ") : "1 AS id"}`;
  const create = {
    table: `CREATE TABLE ${name} (${list.join(", ")})${partition}`,
    view: `CREATE VIEW ${name} AS ${select}`,
    matview: `CREATE MATERIALIZED VIEW ${name} AS ${select}`,
    sequence: `CREATE SEQUENCE ${name}`,
  }[kind];
  return [create, ...extras];
}

/** The type and method of a partition key that the bound fits. */
function partitionOf(sql: string): [type: string, method: string] {
  const bound = /for\s+values\s+(from|in|with)\s*\(\s*('?)([^',)]*)/i.exec(sql);
  const method = { from: "RANGE", in: "LIST", with: "HASH" }[bound?.[1]?.toLowerCase() ?? "from"]!;
  if (method === "HASH" || (bound && bound[2] === "" && /^-?\d+$/.test(bound[3]!.trim()))) return ["bigint", method];
  return [/^\d{4}-\d\d/.test(bound?.[3] ?? "2000-01") ? "timestamptz" : "text", method];
}

/** Tables that a statement may mean by a column that it does not qualify. */
function tablesOf(sql: string, column: string, message: string): string[] {
  const target = [
    ...namesAfter(sql, "ALTER", "TABLE"),
    ...namesAfter(sql, "ON"),
    ...namesAfter(sql, "UPDATE"),
    ...namesAfter(sql, "INTO"),
    ...namesAfter(sql, "FROM"),
  ];
  const referenced = namesAfter(sql, "REFERENCES");
  const isReferenced = message.includes("foreign key") && columnsAfter(sql, "REFERENCES").includes(column);
  const own = columnsAfter(sql, "FOREIGN", "KEY").includes(column);
  const list = isReferenced && !own ? referenced : [...target, ...referenced];
  return list.map((it) =>
    it
      .split(".")
      .map((part) => quoted(folded(part)))
      .join("."),
  );
}

/** What a column of this name usually is. For `TYPE bigint` it was something else before. */
function typeOf(column: string, sql: string): string {
  const escaped = column.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const changed = new RegExp(`"?${escaped}"?\\s+(?:set\\s+data\\s+)?type\\s+(\\w+)`, "i").exec(sql)?.[1]?.toLowerCase();
  if (changed)
    return (
      {
        bigint: "integer",
        int8: "integer",
        integer: "smallint",
        text: "varchar(50)",
        varchar: "varchar(10)",
        timestamptz: "timestamp",
        jsonb: "json",
      }[changed] ?? "text"
    );
  if (/(_at|_on|date|time|timestamp)$/.test(column)) return "timestamptz";
  if (/^(is|has|can)_|(active|enabled|deleted|visible)$/.test(column)) return "boolean";
  if (/(json|data|payload|meta|metadata|settings)$/.test(column)) return "jsonb";
  if (/(^id|_id|count|amount|price|quantity|number|version|position|total)$/.test(column)) return "bigint";
  return "text";
}

/** Makes everything for real. What is refused now is missed by the migration in turn. */
export async function install(server: Server, made: readonly MadeUp[]) {
  for (const { commands } of made) for (const command of commands) await server.send(command);
}

/** Rows to put into each table: a table in use is not empty, and an empty one asks no predicate. */
const rowsEach = 3;

/** A value of each type that differs from row `n` to row `n`, and is the same for a key and for what references it. */
const valueOf = `CASE t.typcategory
  WHEN 'N' THEN 'n' WHEN 'S' THEN '''a'' || n' WHEN 'D' THEN '''2000-01-01''::timestamp + n * interval ''1 day'''
  WHEN 'B' THEN 'true' WHEN 'A' THEN '''{}''' WHEN 'T' THEN '''1 day''' WHEN 'I' THEN '''127.0.0.1'''
  WHEN 'E' THEN (SELECT quote_literal(enumlabel) FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder LIMIT 1)
  WHEN 'U' THEN CASE t.typname WHEN 'uuid' THEN 'md5(n::text)::uuid' WHEN 'json' THEN '''{}''' WHEN 'jsonb' THEN '''{}'''
                               WHEN 'bytea' THEN '''''' ELSE 'NULL' END
  ELSE 'NULL' END`;

/**
 * Gives every empty table a few rows, where that is possible without knowing what they mean. Names the tables that have
 * such rows, and those above them.
 */
export async function seed(server: Server): Promise<string[]> {
  // No foreign key looks at them, so their order does not matter.
  await server.send("SET session_replication_role = replica");
  const inserts = await rows(
    server,
    `SELECT c.oid::int8 AS oid, format('INSERT INTO %s', c.oid::regclass)
         || coalesce(' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')', '') || ' SELECT '
         || coalesce(string_agg('(' || ${valueOf} || ')::' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum), '')
         || format(' FROM generate_series(1, ${rowsEach}) n WHERE NOT EXISTS (SELECT FROM %s) RETURNING 1', c.oid::regclass) AS sql
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                               AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = ''
       LEFT JOIN pg_type t ON t.oid = a.atttypid
      WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('information_schema', 'lockkeeper') AND n.nspname !~ '^pg_'
      GROUP BY c.oid`,
  );
  const seeded: number[] = [];
  for (const { oid, sql } of inserts) {
    const { rows: made } = await server.send(String(sql));
    if (made.length > 0) seeded.push(Number(oid));
  }
  await server.send("RESET session_replication_role");
  const named = await rows(
    server,
    `WITH RECURSIVE seeded AS (
       SELECT unnest('{${seeded.join()}}'::oid[]) AS oid
       UNION SELECT i.inhparent FROM pg_inherits i JOIN seeded s ON s.oid = i.inhrelid)
     SELECT format('%I.%I', n.nspname, c.relname) AS name
       FROM seeded JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace`,
  );
  return named.map(({ name }) => String(name));
}
