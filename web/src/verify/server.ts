/** The few things that the probe asks of a server. */
import type { Refusal } from "./protocol";

export type Row = Record<string, unknown>;

/** What came of sending some SQL: rows of the last statement, the messages on the way, and the error if there was one. */
export interface Outcome {
  rows: Row[];
  messages: string[];
  refusal: Refusal | null;
}

export interface Server {
  /** Sends one simple query. A refusal is an outcome, not an exception. */
  send(sql: string): Promise<Outcome>;
}

/** Sends what cannot be refused unless the probe is wrong. */
export async function rows(server: Server, sql: string): Promise<Row[]> {
  const { rows, refusal } = await server.send(sql);
  if (refusal) throw new Error(`${refusal.sqlstate} ${refusal.message}: ${sql}`);
  return rows;
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
