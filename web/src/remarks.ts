/** Everything that the engine has to say about the text, as one list in the order of the text. */
import type { Check, Finding, Fix, Instead, Label, Severity, Span, StatementEffects } from "./contract";

export interface Remark extends Span {
  severity: Severity;
  /** The rule's name, or what kind of problem it is. */
  title: string;
  /** Set when a rule speaks. */
  rule: string | null;
  message: string;
  caption: string;
  /** What to do instead, without the SQL. */
  help: string;
  instead: Instead | null;
  notes: string[];
  labels: Label[];
  assumed: string[];
  fix: Fix | null;
}

const problemTitles = {
  syntax: "syntax error",
  chain: "broken chain",
  read: "unreadable",
  decode: "not text",
  extract: "not understood",
  template: "template",
};

export function remarksOf(check: Check): Remark[] {
  const silent = {
    rule: null,
    caption: "",
    help: "",
    instead: null,
    notes: [],
    labels: [],
    assumed: [],
    fix: null,
  };
  const findings = check.findings.map((it): Remark => ({
    ...place(it),
    severity: it.severity,
    title: it.rule,
    rule: it.rule,
    message: it.message,
    caption: it.caption ?? "",
    help: helpInWords(it),
    instead: it.instead ?? null,
    notes: it.notes,
    labels: it.labels,
    assumed: it.assumed,
    fix: it.fix ?? null,
  }));
  const problems = check.problems.map((it): Remark => ({
    ...place(it),
    ...silent,
    severity: it.severity,
    title: problemTitles[it.kind],
    message: it.message,
  }));
  const unused = check.unused_suppressions.map((it): Remark => ({
    ...place(it),
    ...silent,
    severity: "info",
    title: "unused suppression",
    message: it.message,
  }));
  return [...findings, ...problems, ...unused].sort(
    (a, b) => a.start.offset - b.start.offset || a.end.offset - b.end.offset,
  );
}

/** The help up to the place where it repeats `instead`. */
function helpInWords({ help, instead }: Finding): string {
  if (!help) return "";
  if (!instead) return help;
  const tail = `instead${instead.how ? `, ${instead.how}:\n` : ": "}${instead.sql}`;
  return help.endsWith(tail) ? help.slice(0, -tail.length).trimEnd() : help;
}

const place = ({ path, start, end }: Span): Span => ({ path, start, end });

/** The remark with the smallest range around `from`..`to`; null when there is none. */
export function remarkAt(remarks: Remark[], from: number, to: number): Remark | null {
  const length = (remark: Remark) => remark.end.offset - remark.start.offset;
  let smallest: Remark | null = null;
  for (const remark of remarks) {
    const around = remark.start.offset <= from && to <= remark.end.offset;
    if (around && (!smallest || length(remark) < length(smallest))) smallest = remark;
  }
  return smallest;
}

/** The statement that a remark starts in. */
export const statementOf = (remark: Remark, statements: readonly StatementEffects[]): StatementEffects | undefined =>
  statements.find((it) => it.start.offset <= remark.start.offset && remark.start.offset <= it.end.offset);

/** A statement by its place: where it begins, and its turn among those that begin there. */
export const keyOf = ({ start }: Pick<StatementEffects, "start">, turn: number) => `${start.offset} ${turn}`;

/**
 * For each statement a text that no other has and that does not depend on the server. A call in a program may send
 * several statements, which all stand where the call does.
 */
export function keysOf(statements: readonly StatementEffects[]): string[] {
  const turns = turnsOf(statements);
  return statements.map((it, at) => keyOf(it, turns[at]!));
}

/** For each statement its turn among those that begin at the same place, from 0 on. */
export function turnsOf(statements: readonly StatementEffects[]): number[] {
  const next = new Map<number, number>();
  return statements.map(({ start: { offset } }) => {
    const turn = next.get(offset) ?? 0;
    next.set(offset, turn + 1);
    return turn;
  });
}

/** The remarks of one statement; `statement` is null for a remark outside of every statement. */
export interface Group {
  statement: StatementEffects | null;
  remarks: Remark[];
}

/** Puts each remark to the statement it starts in. Both lists are in the order of the text. */
export function groupByStatement(remarks: Remark[], statements: StatementEffects[]): Group[] {
  const groups: Group[] = [];
  let next = 0;
  for (const remark of remarks) {
    while (next < statements.length && statements[next]!.end.offset < remark.start.offset) next += 1;
    const candidate = statements[next];
    const statement = candidate && candidate.start.offset <= remark.start.offset ? candidate : null;
    const last = groups.at(-1);
    if (last && last.statement === statement) last.remarks.push(remark);
    else groups.push({ statement, remarks: [remark] });
  }
  return groups;
}

/** Puts remarks of the same key together, in the order in which the keys come up. */
export function groupByKey(
  remarks: Remark[],
  keyOf: (remark: Remark) => string,
): { title: string; remarks: Remark[] }[] {
  const groups = new Map<string, Remark[]>();
  for (const remark of remarks) {
    const key = keyOf(remark);
    const group = groups.get(key);
    if (group) group.push(remark);
    else groups.set(key, [remark]);
  }
  return [...groups].map(([title, remarks]) => ({ title, remarks }));
}

/** The page's words for the engine's. */
export const severityNames: Record<Severity, string> = { error: "error", warning: "warning", info: "note" };

/** `1 error, 2 warnings`: only what there is, the worst first. */
export function countWords(remarks: Remark[]): string[] {
  const severities: Severity[] = ["error", "warning", "info"];
  return severities
    .map((severity) => [remarks.filter((it) => it.severity === severity).length, severity] as const)
    .filter(([count]) => count > 0)
    .map(([count, severity]) => plural(count, severityNames[severity]));
}

/** `2 files`; a noun whose plural does not end in a mere s brings it along. */
export const plural = (count: number, noun: string, many = `${noun}s`) =>
  `${count.toLocaleString("en")} ${count === 1 ? noun : many}`;
