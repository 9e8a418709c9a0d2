/** Runs a migration on a server, statement by statement, and looks at what each did. */
import { look, named, strengthen, work, type Look } from "./look";
import { install, isControl, seed, stubs } from "./stubs";
import type { Job, Report, Seen, Sent } from "./protocol";
import { rows, type Server } from "./server";
import { namesAfter, twinOfIndex } from "./sql";

/** Inside a statement that allows no transaction, the locks are told by a function that it calls for a row. */
const spy = `
CREATE SCHEMA lockkeeper;
CREATE FUNCTION lockkeeper.spy() RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $spy$
DECLARE it record;
BEGIN
  FOR it IN SELECT relation::int8, mode FROM pg_catalog.pg_locks
             WHERE locktype = 'relation' AND granted AND pid = pg_catalog.pg_backend_pid() LOOP
    RAISE NOTICE 'spy % %', it.relation, it.mode;
  END LOOP;
  RETURN true;
END $spy$`;

/** Statements of the history between two reports of how far it is. */
const step = 25;

const nothing: Omit<Seen, "refusal"> = {
  held: [],
  locks: [],
  rewrites: [],
  scans: [],
  indexBuilds: [],
  locksSeen: "none",
};

export async function probe(server: Server, job: Job, report: (report: Report) => void) {
  const total = job.history.length;
  report({ kind: "preparing", done: 0, total });
  await server.send(spy);
  let isWhole = !job.assumesSchema;
  for (const [done, sql] of job.history.entries()) {
    const { refusal } = await server.send(sql);
    if ((done + 1) % step === 0) report({ kind: "preparing", done: done + 1, total });
    if (!refusal) continue;
    isWhole = false;
    report({ kind: "history", sql, refusal });
    await server.send("ROLLBACK");
  }
  // On a schema that is whole, what is missing is a mistake of the migration.
  const madeUp = isWhole ? [] : await stubs(server, job.statements);
  await install(server, madeUp);
  report({ kind: "prepared", madeUp, seeded: await seed(server) });
  const run = new Run(server);
  for (const [index, statement] of job.statements.entries()) {
    report({ kind: "seen", index, seen: await run.step(statement, job.statements[index + 1]) });
  }
}

class Run {
  readonly #server: Server;
  /** Relations that the file has made. */
  readonly #created = new Set<number>();
  /** A transaction that the migration's tool opened, not the migration. */
  #ours = false;

  constructor(server: Server) {
    this.#server = server;
  }

  async step(statement: Sent, next: Sent | undefined): Promise<Seen> {
    const open = await this.#inTransaction();
    if (!open && statement.explicit && !isControl(statement.kind)) {
      await this.#server.send("BEGIN");
      this.#ours = true;
    }
    const seen = open || this.#ours ? await this.#inside(statement) : await this.#alone(statement);
    if (this.#ours && next?.transaction !== statement.transaction) {
      this.#ours = false;
      const { refusal } = await this.#server.send("COMMIT");
      return { ...seen, refusal: seen.refusal ?? refusal };
    }
    return seen;
  }

  /** Only inside of a transaction there are savepoints. One that has failed is a transaction too. */
  async #inTransaction(): Promise<boolean> {
    if (this.#ours) return true;
    const { refusal } = await this.#server.send("SAVEPOINT lockkeeper");
    if (!refusal) await this.#server.send("RELEASE lockkeeper");
    return refusal?.sqlstate !== "25P01";
  }

  /** In a transaction that goes on. */
  async #inside({ sql, kind }: Sent): Promise<Seen> {
    if (isControl(kind)) return this.#control(sql);
    const failed = (await this.#server.send("SELECT 1")).refusal !== null;
    const before = failed ? null : await look(this.#server);
    const { messages, refusal } = await this.#server.send(sql);
    if (refusal || !before) return { ...nothing, refusal };
    return this.#seen(sql, before, await look(this.#server), messages, true);
  }

  /** A statement that begins, ends or divides a transaction locks nothing; files that come back with it are no work. */
  async #control(sql: string): Promise<Seen> {
    const { refusal } = await this.#server.send(sql);
    return { ...nothing, locksSeen: "direct", refusal };
  }

  /** A statement that commits by itself, in a transaction around it so that its locks can be read. */
  async #alone({ sql, kind }: Sent): Promise<Seen> {
    if (isControl(kind)) return this.#control(sql);
    await this.#server.send("BEGIN");
    const before = await look(this.#server);
    const { messages, refusal } = await this.#server.send(sql);
    if (refusal) {
      await this.#server.send("ROLLBACK");
      return mayNotBeInside(refusal.sqlstate) ? this.#outside(sql) : { ...nothing, refusal };
    }
    const after = await look(this.#server);
    const seen = await this.#seen(sql, before, after, messages, true);
    const end = await this.#server.send("COMMIT");
    return end.refusal ? { ...nothing, refusal: end.refusal } : seen;
  }

  /** A statement that allows no transaction around it. */
  async #outside(sql: string): Promise<Seen> {
    const before = await look(this.#server);
    const { messages, refusal } = await this.#server.send(sql);
    if (refusal) return { ...nothing, refusal };
    const seen = await this.#seen(sql, before, await look(this.#server), messages, false);
    const locks = await this.#spied(sql, before);
    return {
      ...seen,
      held: [],
      locks: named(locks, before, this.#created),
      locksSeen: locks.size > 0 ? "inside" : "none",
    };
  }

  /** The locks that a twin of the statement holds while it looks at a row. */
  async #spied(sql: string, before: Look): Promise<Map<number, string>> {
    const locks = new Map<number, string>();
    const twin = twinOfIndex(sql, "lockkeeper_twin", "lockkeeper.spy()") ?? (await this.#reindexTwin(sql));
    if (!twin) return locks;
    const { messages } = await this.#server.send(twin);
    for (const message of messages) {
      const [, oid, mode] = /^spy (\d+) (\w+)$/.exec(message) ?? [];
      if (oid && mode && before.relations.has(Number(oid))) strengthen(locks, Number(oid), mode);
    }
    await this.#server.send("DROP INDEX IF EXISTS lockkeeper_twin");
    return locks;
  }

  /** An index with the spy in it on the same table, and the command that builds it anew. */
  async #reindexTwin(sql: string): Promise<string | null> {
    // Without the word it locks otherwise, and what the twin shows would be wrong.
    if (!/^\s*reindex\b/i.test(sql) || !/\bconcurrently\b/i.test(sql)) return null;
    const [index] = namesAfter(sql, "INDEX");
    const [named] = index ? [] : namesAfter(sql, "TABLE");
    const table = index
      ? (
          await rows(
            this.#server,
            `SELECT indrelid::regclass::text AS name FROM pg_index WHERE indexrelid = '${index.replaceAll("'", "''")}'::regclass`,
          )
        )[0]?.name
      : named;
    if (!table) return null;
    const made = await this.#server.send(
      `CREATE INDEX lockkeeper_twin ON ${String(table)} ((1)) WHERE lockkeeper.spy()`,
    );
    return made.refusal ? null : "REINDEX INDEX CONCURRENTLY lockkeeper_twin";
  }

  async #seen(sql: string, before: Look, after: Look, messages: string[], counted: boolean): Promise<Seen> {
    const done = await work(this.#server, sql, before, after, messages, counted);
    const seen: Seen = {
      held: named(before.locks, before, this.#created),
      locks: named(after.locks, before, this.#created),
      ...done,
      refusal: null,
      locksSeen: "direct",
    };
    for (const oid of after.relations.keys()) if (!before.relations.has(oid)) this.#created.add(oid);
    return seen;
  }
}

/** 25001: active transaction. 2D000: a COMMIT inside of code. */
const mayNotBeInside = (sqlstate: string) => sqlstate === "25001" || sqlstate === "2D000";
