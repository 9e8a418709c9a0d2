/** What was found, as Markdown for an issue or a pull request. */
import type { Analysis } from "../contract";
import { shortName, strongestLock, waits } from "../locks/words";
import { countWords, plural, severityNames, type Remark } from "../remarks";

export function reportOf(path: string, { check, effects }: Analysis, remarks: Remark[]): string {
  const strongest = strongestLock(effects.statements);
  const counted = countWords(remarks).join(", ") || "no findings";
  const summary = `${plural(check.summary.statements, "statement")} on PostgreSQL ${check.postgres}: ${counted}.`;
  const lock = strongest
    ? ` Strongest lock: ${strongest.mode} on \`${shortName(strongest.relation)}\`, ${waits[strongest.blocks]}.`
    : " No existing table is locked.";
  return [`### \`${path}\``, "", summary + lock, "", ...remarks.flatMap(remarkLines)].join("\n").trimEnd() + "\n";
}

function remarkLines(remark: Remark): string[] {
  const { severity, title, start, message, caption, help, instead, notes, assumed } = remark;
  const details = [caption, help, ...notes, ...assumed.map((it) => `assumed: ${it}`)].filter(Boolean);
  return [
    `**${severityNames[severity]}**, line ${start.line} (\`${title}\`): ${message}`,
    "",
    ...details.flatMap((it) => [`- ${it}`]),
    ...(details.length > 0 ? [""] : []),
    ...(instead ? [`instead${instead.how ? `, ${instead.how}` : ""}:`, "", ...fence(instead.sql), ""] : []),
  ];
}

/** A fence that is longer than any in the text. */
function fence(sql: string): string[] {
  const longest = Math.max(2, ...[...sql.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = "`".repeat(longest + 1);
  return [`${marks}sql`, sql, marks];
}
