/** Fixes of findings, put together into one text, and what belongs into another file. */
import { batch, computed } from "@preact/signals";
import type { Edit, Fix, Instead } from "./contract";
import { changeText } from "./editor/editor";
import { addFile, nextMigration, text } from "./files";
import { clearHash } from "./hash";
import { statementOf, type Remark } from "./remarks";
import { keep, remarks, statements } from "./state";

export interface Fixable extends Remark {
  fix: Fix;
}

export const fixable = computed(() => remarks.value.filter((it): it is Fixable => it.fix !== null));

export interface Fixed {
  text: string;
  edits: Edit[];
  /** Fixes that touch the place of an earlier one: they can be made afterwards. */
  skipped: Fixable[];
}

/** Makes the fixes in the order of the text; of two that overlap, the first. */
export function fixed(text: string, chosen: readonly Fixable[]): Fixed {
  const edits: Edit[] = [];
  const skipped: Fixable[] = [];
  for (const it of chosen) {
    if (it.fix.edits.some((edit) => edits.some((other) => overlap(edit, other)))) skipped.push(it);
    else edits.push(...it.fix.edits);
  }
  edits.sort((a, b) => a.start - b.start);
  let out = "";
  let end = 0;
  for (const edit of edits) {
    out += text.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  return { text: out + text.slice(end), edits, skipped };
}

/** Two insertions at one place would come in an order that nobody has chosen. */
const overlap = (a: Edit, b: Edit) =>
  (a.start < b.end && b.start < a.end) || (a.start === b.start && (a.start === a.end || b.start === b.end));

/** Takes the statement of a remark out of its file; what is to be written instead becomes the file after it. */
export function moveToFile(remark: Remark, { how, sql }: Instead) {
  const statement = statementOf(remark, statements.peek());
  if (!statement) return;
  const [semicolon = ""] = /^\s*;[ \t]*\n?/.exec(text.peek().slice(statement.end.offset)) ?? [];
  const { start, end } = statement;
  batch(() => {
    changeText([{ start: start.offset, end: end.offset + semicolon.length, text: "" }]);
    addFile(nextMigration(), `-- ${how}\n${sql}\n`);
    clearHash();
    keep();
  });
}
