/** F8 and Shift-F8 go through the remarks, from anywhere on the page. */
import { jumpTo } from "./editor/editor";
import type { Remark } from "./remarks";
import { remarks, selection, type Range } from "./state";

const rangeOf = ({ start, end }: Remark): Range => ({ from: start.offset, to: end.offset });

addEventListener("keydown", (event) => {
  if (event.key !== "F8" || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const target = neighbour(remarks.value.map(rangeOf), selection.value, event.shiftKey ? -1 : 1);
  if (target) jumpTo(target);
});

/** The next range after the selection, or before it, round the end of the text. Several remarks on one range count once. */
function neighbour(ranges: Range[], { from, to }: Range, direction: 1 | -1): Range | undefined {
  const compare = (range: Range) => range.from - from || range.to - to;
  return direction === 1
    ? (ranges.find((it) => compare(it) > 0) ?? ranges[0])
    : (ranges.findLast((it) => compare(it) < 0) ?? ranges.at(-1));
}
