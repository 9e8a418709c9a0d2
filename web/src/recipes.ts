/** What to write instead, where that takes more than one file: which files come of the one in sight, and in which order. */
import { batch, computed } from "@preact/signals";
import { changeText } from "./editor/editor";
import { addBefore, addFile, fileName, nextMigration, paths, text } from "./files";
import { clearHash } from "./hash";
import { statementOf, type Remark } from "./remarks";
import { keep, remarks, statements } from "./state";
import { fenced } from "./markdown";

export interface Recipe {
  remark: Remark;
  how: string;
  /** In the order in which they run. */
  steps: Step[];
  /** A click can make the files; else a part of the work is the reader's. */
  complete: boolean;
}

/** What becomes of one file. `here`: the SQL takes the statement's place. `moved`: its text is that of the file in sight. */
export interface Step {
  path: string;
  kind: "here" | "new" | "moved";
  sql: string;
  /** The whole file, where its tool wants to read marks in it. */
  text?: string;
  transaction: boolean;
}

export const recipes = computed(() => remarks.value.flatMap((it) => recipeOf(it) ?? []));

export function recipeOf(remark: Remark): Recipe | null {
  const { instead, path: here } = remark;
  if (!instead?.files?.length || instead.how === null || !here.endsWith(".sql")) return null;
  const taken = [...paths.value];
  const isLast = taken.at(-1) === here;
  const next = () => taken[taken.push(nextMigration(taken)) - 1]!;
  const steps = instead.files.flatMap(({ place, sql, text, transaction }): Step[] => {
    if (place === "here") return [{ path: here, kind: "here", sql, transaction }];
    if (place === "after") return [{ path: next(), kind: "new", sql, text, transaction }];
    // Nothing fits between two numbers, so what runs before takes the name, and the file in sight gets the next.
    const moved: Step = { path: next(), kind: "moved", sql: "", transaction: true };
    return [{ path: here, kind: "new", sql, text, transaction }, moved];
  });
  const leaves = instead.replaces === "statement" && steps.every((it) => it.kind === "new");
  if (leaves) steps.unshift({ path: here, kind: "here", sql: "", transaction: true });
  const complete = instead.replaces !== "clause" && (isLast || steps.every((it) => it.kind !== "moved"));
  return { remark, how: instead.how, steps, complete };
}

/** Makes the files. One Ctrl-Z brings back what was in the old one. */
export function makeFiles({ remark, how, steps }: Recipe) {
  const statement = statementOf(remark, statements.peek());
  if (!statement) return;
  const moved = steps.find((it) => it.kind === "moved");
  batch(() => {
    for (const { kind, path, sql, text } of steps) {
      // A mark may have to be the first line.
      const all = text ?? `-- ${how}\n${sql}\n`;
      if (kind === "here") changeText([replacing(statement.start.offset, statement.end.offset, sql)]);
      else if (kind === "new" && moved) addBefore(path, all, moved.path);
      else if (kind === "new") addFile(path, all);
    }
    clearHash();
    keep();
  });
}

/** A statement's text is without its semicolon; where nothing takes its place, its line goes too. */
function replacing(start: number, end: number, sql: string) {
  const [semicolon = ""] = (sql ? /^\s*;/ : /^\s*;[ \t]*\n?/).exec(text.peek().slice(end)) ?? [];
  return { start, end: end + semicolon.length, text: sql };
}

export function stepInWords({ kind, sql, transaction }: Step): string {
  if (kind === "moved") return "the file as it is";
  if (kind === "here") return sql ? "in place of the statement" : "without the statement";
  return transaction ? "a new file" : "a new file that runs outside a transaction";
}

/** All files in one text, for a terminal. */
export const recipeAsSql = ({ steps }: Recipe) =>
  steps
    .map((it) => ({ ...it, sql: (it.text ?? it.sql).trimEnd() }))
    .map((it) => `-- ${fileName(it.path)}: ${stepInWords(it)}\n${it.sql && `${it.sql}\n`}`)
    .join("\n");

/** The same for a pull request. */
export const recipeAsMarkdown = ({ remark, how, steps }: Recipe) =>
  [
    `**${remark.title}**, line ${remark.start.line} of \`${remark.path}\`: ${remark.message}`,
    `Instead, ${how}:`,
    ...steps.map((it) => `\`${it.path}\`, ${stepInWords(it)}${it.sql && `:\n\n${fenced(it.sql, "sql")}`}`),
  ].join("\n\n") + "\n";
