/** A link may ask to look at the findings of one rule: these alone are listed, and the first is in sight. */
import { effect } from "@preact/signals";
import { lookAt } from "../editor/editor";
import { place, wanted } from "../hash";
import { pending, remarks, result, type Result } from "../state";
import { onlyTitle } from "../view";

export function followWantedRule() {
  /** What was known when the link was followed: it speaks of another text. */
  let old: Result | null = null;
  let due = false;
  effect(() => {
    const { rule } = wanted.value;
    old = result.peek();
    due = rule !== null;
    onlyTitle.value = rule ?? "";
  });
  effect(() => {
    // An edit leaves the link behind.
    if (place.value.kind === "none") due = false;
    if (!due || pending.value || result.value === old) return;
    const first = remarks.value.find((it) => it.rule === onlyTitle.peek());
    if (!first) return;
    due = false;
    // When the editor has the text that the engine has read.
    queueMicrotask(() => lookAt({ from: first.start.offset, to: first.end.offset }));
  });
}
