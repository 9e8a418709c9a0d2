/** What the page and its worker say to each other. */
import type { Analysis, Postgres, Shared } from "../contract";
import type { File } from "../files";

/** An `Analysis` as text, which goes from a worker to its page many times as fast as an object does. */
export type AnalysisJson = string;

/** What the engine is to look at. */
export interface Task {
  /** Files that are new or have another text since the last question, and those that are gone. */
  set: File[];
  removed: string[];
  /** The file that reports. */
  report: string;
  /** The file that describes the database. */
  schema: string | null;
  /** The text of `lockkeeper.toml`. */
  config: string;
  postgres: Postgres;
}

/** Page to worker. The answer carries the same revision. */
export interface Question extends Task {
  revision: number;
}

/** Page to worker, when there is time: the same files as another server, or all of them, would see them. */
export interface Survey {
  survey: number;
  report: string[];
  schema: string | null;
  config: string;
  versions: Postgres[];
  want: readonly (keyof Analysis)[];
  /** Another text for one of the files, for this survey only. */
  instead?: File;
}

/** Page to worker: a permalink to write or to read. */
export type LinkTask = { link: number; write: Shared } | { link: number; read: string };

/** Worker to page. After `crashed` and `unavailable` the worker must be thrown away. */
export type Answer =
  | { kind: "ready" }
  /** The whole engine is being fetched, which takes as long as the network does; then that it is there. */
  | { kind: "fetching" }
  | { kind: "fetched" }
  | { kind: "unavailable"; reason: string }
  /** The `Check` of an analysis, before the rest of it, whose `check` this is. */
  | { kind: "found"; revision: number; check: string }
  | { kind: "analysed"; revision: number; analysis: AnalysisJson; milliseconds: number }
  /** The configuration has a mistake; the engine is well. */
  | { kind: "refused"; revision: number; reason: string }
  | { kind: "surveyed"; survey: number; analyses: AnalysisJson[] }
  | { kind: "written"; link: number; letters: string }
  | { kind: "read"; link: number; shared: Shared }
  | { kind: "no link"; link: number; reason: string }
  | { kind: "crashed"; revision: number; reason: string };

/** The answers to a `LinkTask`. */
export type LinkAnswer = Extract<Answer, { link: number }>;
