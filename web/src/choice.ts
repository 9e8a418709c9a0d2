/** Which fixes the reader wants, and the text with them. */
import { computed, signal } from "@preact/signals";
import { text } from "./files";
import { fixable, fixed, type Fixable } from "./fixes";
import { panel } from "./view";

export const keyOf = ({ rule, start, end }: Fixable) => `${rule} ${start.offset} ${end.offset}`;

/** What the reader decided otherwise: a safe fix is chosen to begin with, one that a person must agree to is not. */
const changedMind = signal<ReadonlySet<string>>(new Set());

export const isChosen = (it: Fixable) => (it.fix.safety === "safe") !== changedMind.value.has(keyOf(it));
export const chosen = computed(() => fixable.value.filter(isChosen));
export const proposal = computed(() => fixed(text.value, chosen.value));

export function choose(list: readonly Fixable[], wanted: boolean) {
  const set = new Set(changedMind.value);
  for (const it of list) {
    if ((it.fix.safety === "safe") === wanted) set.delete(keyOf(it));
    else set.add(keyOf(it));
  }
  changedMind.value = set;
}

/** Shows the fix of one finding alone. */
export function preview(remark: Fixable) {
  choose(fixable.value, false);
  choose([remark], true);
  panel.value = "fix";
}
