/** Keys that work from anywhere on the page. */
import { signal } from "@preact/signals";
import { jumpTo } from "./editor/editor";
import type { Remark } from "./remarks";
import { blank, remarks, selection, type Range } from "./state";
import { share } from "./share/share";
import { panel, panels } from "./view";

/** The list of keys is open. */
export const keysShown = signal(false);

interface Key {
  /** As people read it. */
  name: string;
  does: string;
  is(event: KeyboardEvent): boolean;
  act(event: KeyboardEvent): void;
}

const ctrl = (event: KeyboardEvent) => (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
const alt = (event: KeyboardEvent) => event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
const isTyping = (event: KeyboardEvent) =>
  event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]") !== null;

export const keys: readonly Key[] = [
  {
    name: "F8, Shift-F8",
    does: "next finding, the one before",
    is: (it) => it.key === "F8" && !it.ctrlKey && !it.altKey && !it.metaKey,
    act: (it) => toNeighbour(it.shiftKey ? -1 : 1),
  },
  {
    name: "Ctrl-Enter",
    does: "run it on PostgreSQL",
    is: (it) => it.key === "Enter" && ctrl(it),
    act: () => runNow(),
  },
  { name: "Ctrl-S", does: "share", is: (it) => it.key === "s" && ctrl(it), act: () => void share() },
  {
    name: `Alt-1 … Alt-${panels.length}`,
    does: "the views",
    is: (it) => alt(it) && viewOf(it) !== undefined,
    act: (it) => (panel.value = viewOf(it)!),
  },
  {
    name: "?",
    does: "these keys",
    is: (it) => it.key === "?" && !isTyping(it),
    act: () => (keysShown.value = true),
  },
];

/** Keys of the editor, for the list. */
export const editorKeys: readonly Pick<Key, "name" | "does">[] = [
  { name: "Ctrl-.", does: "make the fix at the caret" },
  { name: "Ctrl-I", does: "what is known of the name at the caret" },
  { name: "Ctrl-Space", does: "names and keywords that fit" },
  { name: "Ctrl-], Ctrl-[", does: "indent more, less" },
  { name: "Ctrl-Z, Ctrl-Y", does: "undo, redo" },
  { name: "Tab", does: "leave the editor" },
];

/** By its place on the keyboard: with Alt some layouts write another character. */
const viewOf = (event: KeyboardEvent) => panels[Number(/^Digit(\d)$/.exec(event.code)?.[1]) - 1];

addEventListener(
  "keydown",
  (event) => {
    const key = keys.find((it) => it.is(event));
    if (!key) return;
    event.preventDefault();
    event.stopPropagation();
    key.act(event);
  },
  // Before the editor, which has a use of its own for some of them.
  { capture: true },
);

/** Shows what a real server does with the text. */
export function runNow() {
  panel.value = "verify";
  // What cannot be fetched for it cannot be shown either: the view says so.
  const fetched = () => import("./verify/run").catch(() => null);
  if (!blank.value) void fetched().then((it) => it?.verifyOrAsk());
}

const rangeOf = ({ start, end }: Remark): Range => ({ from: start.offset, to: end.offset });

function toNeighbour(direction: 1 | -1) {
  const target = neighbour(remarks.value.map(rangeOf), selection.value, direction);
  if (target) jumpTo(target);
}

/** The next range after the selection, or before it, round the end of the text. Several remarks on one range count once. */
function neighbour(ranges: Range[], { from, to }: Range, direction: 1 | -1): Range | undefined {
  const compare = (range: Range) => range.from - from || range.to - to;
  return direction === 1
    ? (ranges.find((it) => compare(it) > 0) ?? ranges[0])
    : (ranges.findLast((it) => compare(it) < 0) ?? ranges.at(-1));
}
