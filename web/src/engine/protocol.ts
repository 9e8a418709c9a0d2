/** What the page and its worker say to each other. */
import type { Analysis, Postgres } from "../contract";

/** Page to worker. The answer carries the same revision. */
export interface Question {
  revision: number;
  text: string;
  postgres: Postgres;
}

/** Worker to page. After `crashed` and `unavailable` the worker must be thrown away. */
export type Answer =
  | { kind: "ready" }
  | { kind: "unavailable"; reason: string }
  | { kind: "analysed"; revision: number; analysis: Analysis; milliseconds: number }
  | { kind: "crashed"; revision: number; reason: string };
