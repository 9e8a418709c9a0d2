/** What to tell the makers when the server says otherwise: a mistake of the engine, or of the probe. */
import { fenced } from "../markdown";
import type { Run, Verified } from "./state";

/** The statements that PostgreSQL judges otherwise, with what was predicted and what was measured, as Markdown. */
export function issueOf(run: Run, tool: string): string {
  const wrong = run.verified.filter((it) => it.judgement.label === "otherwise");
  const madeUp = run.madeUp.flatMap((it) => it.commands.map((command) => `${command};`));
  const parts = [
    `Lockkeeper ${tool} predicts something else than PostgreSQL ${run.version} does.`,
    ...wrong.map((it) => partOf(it, run.text)),
    ...(madeUp.length > 0 ? [`On a schema that was made up:\n\n${fenced(madeUp.join("\n"), "sql")}`] : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

function partOf({ statement, seen, judgement }: Verified, text: string): string {
  const { locks, rewrites, scans, index_builds, failure } = statement;
  const sql = statement.path.endsWith(".py")
    ? (statement.kind ?? "")
    : text.slice(statement.start.offset, statement.end.offset);
  const predicted = { locks: named(locks), rewrites, scans, index_builds, failure: failure?.sqlstate ?? null };
  const { refusal } = seen;
  const measured = {
    locks: named(seen.locks),
    rewrites: seen.rewrites,
    scans: seen.scans,
    index_builds: seen.indexBuilds,
    failure: refusal && `${refusal.sqlstate} ${refusal.message}`,
  };
  return [
    fenced(sql, "sql"),
    judgement.reasons.map((it) => `- ${it}`).join("\n"),
    fenced(JSON.stringify({ predicted, measured }, null, 2), "json"),
  ].join("\n\n");
}

const named = (locks: readonly { relation: string; mode: string }[]) => locks.map((it) => `${it.relation} ${it.mode}`);
