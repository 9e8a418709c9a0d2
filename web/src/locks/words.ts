/** What a statement does to the tables, in words. */
import type { Blocks, Lock, StatementEffects } from "../contract";
import { strength } from "./modes";

export const waits: Record<Blocks, string> = {
  "reads and writes": "reads and writes wait",
  writes: "writes wait",
  "schema changes": "only schema changes wait",
};

/** Who meets a closed gate, to follow the name of a table. */
export const closedTo: Record<Blocks, string> = {
  "reads and writes": "closed to reads and writes",
  writes: "closed to writes",
  "schema changes": "closed to schema changes only",
};

/** Which of the three lanes – reads, writes, schema changes – are closed. */
export const closedLanes: Record<Blocks, [boolean, boolean, boolean]> = {
  "reads and writes": [true, true, true],
  writes: [false, true, true],
  "schema changes": [false, false, true],
};

export function strongestLock(statements: StatementEffects[]): Lock | null {
  let strongest: Lock | null = null;
  for (const lock of statements.flatMap((it) => it.locks).filter((it) => !it.new)) {
    if (!strongest || strength(lock.mode) > strength(strongest.mode)) strongest = lock;
  }
  return strongest;
}

/** People rarely write the default schema, so it is not shown. */
export const shortName = (relation: string) => relation.replace(/^public\./, "");

/** Work under the lock that grows with the number of rows. */
export function workWords({ rewrites, scans, index_builds }: StatementEffects): string[] {
  const names = (relations: string[]) => relations.map(shortName).join(", ");
  const words: string[] = [];
  if (rewrites.length) words.push(`rewrites ${names(rewrites)}`);
  if (index_builds.length) words.push(`builds ${names(index_builds)}`);
  if (scans.length) words.push(`reads every row of ${names(scans)}`);
  return words;
}
