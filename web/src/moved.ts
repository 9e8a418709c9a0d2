/** Where things of a text stand in the next one. */
import type { Position, StatementEffects } from "./contract";

/**
 * The statements of `before` with the offsets that they have in `after`, when that is `before` with one place changed;
 * lines and columns stay.
 */
export function moved(statements: readonly StatementEffects[], before: string, after: string): StatementEffects[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before.charCodeAt(head) === after.charCodeAt(head)) head += 1;
  let tail = 0;
  while (
    tail < most - head &&
    before.charCodeAt(before.length - tail - 1) === after.charCodeAt(after.length - tail - 1)
  )
    tail += 1;
  const changedTo = before.length - tail;
  const by = after.length - before.length;
  const place = (it: Position): Position => (it.offset < changedTo ? it : { ...it, offset: it.offset + by });
  return statements.map((it) => ({ ...it, start: place(it.start), end: place(it.end) }));
}
