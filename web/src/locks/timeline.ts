/**
 * Who waits when, while a migration runs: one column a statement, one row an existing table.
 *
 * A lock is held until its transaction ends, never shorter; a stronger one hides the weaker ones. A column is as wide as
 * its work, which for some statements grows with the rows of the table.
 */
import type { Blocks, Effects, Held, Lock, StatementEffects } from "../contract";
import { conflict, strength } from "./modes";

export interface Column {
  statement: StatementEffects;
  /** Place in the list of the file's statements. */
  index: number;
  transaction: number;
  /** Seconds that it works, and that it waits for its locks before. */
  work: number;
  wait: number;
  /** It never runs: an earlier one gave up. */
  skipped: boolean;
  /** It gives up after `wait`. */
  gaveUp: boolean;
}

/** Columns of one transaction that the migration opened itself, or of one statement. */
export interface Span {
  explicit: boolean;
  from: number;
  to: number;
}

/** A lock from the column where it is taken to the end of the one where it is released. */
export interface Bar {
  from: number;
  to: number;
  mode: string;
  blocks: Blocks;
}

/** What stands in a queue behind a waiting request, in the column that waits. */
export interface Queue {
  column: number;
  blocks: Blocks;
}

export interface Row {
  relation: string;
  bars: Bar[];
  /** The columns in which all of its rows are read or written. */
  work: number[];
  queues: Queue[];
  /** Another session uses the table, up to and with this column; -1 when none does. */
  busyUntil: number;
}

export interface Timeline {
  columns: Column[];
  spans: Span[];
  rows: Row[];
}

/** What else goes on. */
export interface Scenario {
  /** Rows of each table. */
  rows: number;
  /** Each statement as a transaction of its own. */
  split: boolean;
  /** Somebody else's transaction: the lock it holds on `relation`, and for how many seconds from the start. */
  busy: { relation: string; mode: string; seconds: number } | null;
  /** Seconds; null for none. */
  lockTimeout: number | null;
}

/** Rows a second: orders of magnitude on an ordinary server, printed beside the picture. */
export const speeds = { read: 5_000_000, index: 1_000_000, rewrite: 500_000 };

/** Seconds of the work that grows with the rows. */
export function workSeconds({ scans, index_builds, rewrites }: StatementEffects, rows: number): number {
  return (
    (scans.length * rows) / speeds.read +
    (index_builds.length * rows) / speeds.index +
    (rewrites.length * rows) / speeds.rewrite
  );
}

export function timelineOf(effects: Effects, scenario: Scenario): Timeline {
  const statements = effects.statements;
  const columns = statements.map((statement, index): Column => ({
    statement,
    index,
    transaction: scenario.split ? index : statement.transaction,
    work: statement.failure ? 0 : workSeconds(statement, scenario.rows),
    wait: 0,
    skipped: false,
    gaveUp: false,
  }));
  const spans = spansOf(columns, effects, scenario.split);
  const rows = existing(statements).map((relation): Row => ({
    relation,
    bars: spans.flatMap((span) => barsOf(relation, columns, span, effects, scenario.split)),
    work: columns.filter((it) => worksOn(it.statement, relation)).map((it) => it.index),
    queues: [],
    busyUntil: -1,
  }));
  if (scenario.busy) queueBehind(scenario.busy, scenario.lockTimeout, columns, spans, rows);
  return { columns, spans, rows };
}

/** Relations that others may be using, in the order in which they are locked. */
function existing(statements: StatementEffects[]): string[] {
  const locked = statements.flatMap((it) => it.locks).filter((it) => !it.new);
  return [...new Set(locked.map((it) => it.relation))];
}

function spansOf(columns: Column[], { transactions }: Effects, split: boolean): Span[] {
  const explicit = new Set(split ? [] : transactions.filter((it) => it.explicit).map((it) => it.id));
  const spans: Span[] = [];
  let id: number | null = null;
  for (const { transaction, index } of columns) {
    const last = spans.at(-1);
    if (last && transaction === id) last.to = index;
    else spans.push({ explicit: explicit.has(transaction), from: index, to: index });
    id = transaction;
  }
  return spans;
}

/** The locks of one transaction on one relation. */
function barsOf(relation: string, columns: Column[], span: Span, effects: Effects, split: boolean): Bar[] {
  const bars: Bar[] = [];
  const inside = columns.slice(span.from, span.to + 1);
  const held = split ? [] : (effects.transactions.find((it) => it.id === inside[0]!.transaction)?.held ?? []);
  const released = held.filter((it) => it.relation === relation && it.to < inside.length);
  let strongest: Lock | null = null;
  for (const { statement, index } of inside) {
    const lock = statement.failure ? undefined : statement.locks.find((it) => it.relation === relation && !it.new);
    const [number, last] = [index - span.from + 1, bars.at(-1)];
    // ROLLBACK TO SAVEPOINT lets go of what was taken since.
    if (strongest && isReleased(released, strongest.mode, number)) strongest = null;
    if (lock && (!strongest || strength(lock.mode) > strength(strongest.mode))) strongest = lock;
    if (!strongest) continue;
    if (last && last.mode === strongest.mode && last.to === index - 1) last.to = index;
    else bars.push({ from: index, to: index, mode: strongest.mode, blocks: strongest.blocks });
  }
  return bars;
}

const isReleased = (released: Held[], mode: string, number: number) =>
  released.some((it) => it.mode === mode && it.to < number);

/** Names of indexes tell nothing about their tables, so building one is put to the table that the statement locks. */
function worksOn({ scans, rewrites, index_builds, locks, failure }: StatementEffects, relation: string): boolean {
  if (failure) return false;
  if (scans.includes(relation) || rewrites.includes(relation)) return true;
  return (
    index_builds.length > 0 && scans.length + rewrites.length === 0 && locks.some((it) => it.relation === relation)
  );
}

/** The first request that conflicts waits, and whoever conflicts with the request waits behind it. */
function queueBehind(
  busy: { relation: string; mode: string; seconds: number },
  lockTimeout: number | null,
  columns: Column[],
  spans: Span[],
  rows: Row[],
) {
  const row = rows.find((it) => it.relation === busy.relation);
  if (!row) return;
  let elapsed = 0;
  for (const column of columns) {
    const lock = column.statement.locks.find((it) => it.relation === busy.relation && !it.new);
    const left = busy.seconds - elapsed;
    if (left <= 0) break;
    row.busyUntil = column.index;
    if (!lock || column.statement.failure || !conflict(busy.mode, lock.mode)) {
      elapsed += column.work;
      continue;
    }
    column.gaveUp = lockTimeout !== null && lockTimeout < left;
    column.wait = column.gaveUp ? lockTimeout! : left;
    row.queues.push({ column: column.index, blocks: lock.blocks });
    if (column.gaveUp) giveUp(column, columns, spans, rows);
    return;
  }
}

/** Without an answer to the error nothing runs after it, and its transaction is rolled back. */
function giveUp(column: Column, columns: Column[], spans: Span[], rows: Row[]) {
  column.work = 0;
  const end = column.index;
  for (const later of columns.slice(end + 1)) later.skipped = true;
  for (const row of rows) {
    row.work = row.work.filter((it) => it < end);
    row.bars = row.bars.filter((it) => it.from <= end).map((it) => ({ ...it, to: Math.min(it.to, end) }));
    // What the statement itself asked for was never granted.
    row.bars = row.bars.filter((it) => it.from < end);
  }
  const span = spans.find((it) => it.from <= end && end <= it.to);
  if (span) span.to = end;
}
