/** What the page and the worker with the server in it say to each other. */

/** One statement as it stands in the file, without its semicolon. */
export interface Sent {
  sql: string;
  /** The command tag; null when the engine does not understand it. */
  kind: string | null;
  /** Statements of the same number share a transaction. */
  transaction: number;
  /** The migration, or its tool, opens the transaction. */
  explicit: boolean;
}

export interface Job {
  /** Statements of the schema and of earlier migrations. */
  history: string[];
  statements: Sent[];
  /** Only the statements themselves tell what they run on, so what they name is made up. */
  assumesSchema: boolean;
}

/** Page to worker: what to run, or to start the server and wait for that. */
export type Order = Job | "start";

export interface Refusal {
  sqlstate: string;
  message: string;
  detail?: string;
  hint?: string;
}

export interface SeenLock {
  /** `schema.name`, quoted where SQL wants it. */
  relation: string;
  /** As `Lock.mode` spells it. */
  mode: string;
  /** `pg_class.relkind`. */
  kind: string;
  /** An earlier statement of the same file made it. */
  new: boolean;
}

/** What one statement did. */
export interface Seen {
  /** What its transaction held before. */
  held: SeenLock[];
  /** What its transaction held after it, on relations that existed before it. */
  locks: SeenLock[];
  rewrites: string[];
  scans: string[];
  indexBuilds: string[];
  refusal: Refusal | null;
  /** `direct`: read from `pg_locks` in its transaction. `inside`: from within, while it ran outside of one. `none`: not seen. */
  locksSeen: "direct" | "inside" | "none";
}

/** A relation or another thing that the page made up, since the text names it and nothing creates it. */
export interface MadeUp {
  commands: string[];
  /** The relation's name as SQL, if it is one. */
  relation: string | null;
}

export type Report =
  | { kind: "downloading"; loaded: number; total: number }
  | { kind: "booting" }
  | { kind: "booted"; version: string }
  /** The history runs, statement by statement; then what is missing is made up. */
  | { kind: "preparing"; done: number; total: number }
  /** The history could not be replayed to its end: what failed, and how. */
  | { kind: "history"; sql: string; refusal: Refusal }
  /** `seeded`: the relations whose rows are made up. */
  | { kind: "prepared"; madeUp: MadeUp[]; seeded: string[] }
  | { kind: "seen"; index: number; seen: Seen }
  | { kind: "done"; milliseconds: number }
  | { kind: "failed"; reason: string };
