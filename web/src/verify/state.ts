/** What is known of a run of the migration on the server in the page. The run itself is `run.ts`, fetched when it is needed. */
import { computed, signal } from "@preact/signals";
import type { Postgres, StatementEffects } from "../contract";
import { activePath, files, standsBeside, text } from "../files";
import { keysOf } from "../remarks";
import { result } from "../state";
import type { Judgement } from "./compare";
import type { MadeUp, Refusal, Seen } from "./protocol";

/** The major version of the server in the page. */
export const serverVersion: Postgres = 18;
/** What is fetched once, in bytes after gzip: the server, its files, an empty database. */
export const downloadMegabytes = 8;
export interface Verified {
  statement: StatementEffects;
  seen: Seen;
  judgement: Judgement;
}

export interface Run {
  /** The text that was run. */
  text: string;
  path: string;
  /** Whether it is the text of the page or that with fixes. */
  what: "text" | "fix";
  phase: "starting" | "downloading" | "booting" | "preparing" | "running" | "done" | "failed" | "stopped";
  /** From 0 to 1, while downloading and while the history runs. */
  progress: number;
  /** Such as `18.6`. */
  version: string;
  milliseconds: number;
  statements: StatementEffects[];
  verified: Verified[];
  madeUp: MadeUp[];
  historyTrouble: { sql: string; refusal: Refusal } | null;
  /** Why there is no result. */
  reason: string;
}

export const run = signal<Run | null>(null);
/** The run before, of the text as it stands, when a fix is verified. */
export const before = signal<Run | null>(null);

export const running = computed(() => run.value !== null && !["done", "failed", "stopped"].includes(run.value.phase));
/** The run speaks of the text in sight. */
export const current = computed(
  () => run.value?.what === "text" && run.value.text === text.value && run.value.path === activePath.value,
);

/** How many statements did what was predicted. */
export const confirmed = (list: readonly Verified[]) =>
  list.filter(({ judgement: { label } }) => label === "verified" || label === "assumed").length;

/** What the server said of each statement, by `keysOf`, for the rows under the statements. */
export const verifiedAt = computed(() => {
  if (!current.value) return new Map<string, Verified>();
  const { verified } = run.value!;
  const keys = keysOf(verified.map((it) => it.statement));
  return new Map(verified.map((it, at) => [keys[at]!, it]));
});

/** What stands beside migrations is sent to no server. */
export const runsHere = computed(() => {
  const shown = files.value.find((it) => it.path === activePath.value);
  return shown !== undefined && !standsBeside(shown);
});

/** The reader was asked whether it may start. */
export const asked = signal(false);

/** The page's own prediction is for this server too. */
export const sameVersion = computed(() => result.value?.analysis.effects.postgres === serverVersion);
