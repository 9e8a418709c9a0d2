/** Fixes of findings, put together into one text. */
import { computed } from "@preact/signals";
import type { Edit, Fix } from "./contract";
import type { Remark } from "./remarks";
import { remarks } from "./state";

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
