/** The picture as a table: for those who do not see it, and for those who want it exact. */
import { useSignal } from "@preact/signals";
import type { Lock } from "../../contract";
import { jumpTo } from "../../editor/editor";
import type { Column, Timeline } from "../../locks/timeline";
import { shortName, waits, workWords } from "../../locks/words";
import { pointedAt } from "../../view";

/** Rows shown at once. */
const page = 100;

export function LockTable({ timeline }: { timeline: Timeline }) {
  const limit = useSignal(page);
  const lines = timeline.columns.flatMap((column) =>
    column.statement.failure ? [] : column.statement.locks.filter((it) => !it.new).map((lock) => ({ column, lock })),
  );
  const hidden = lines.length - limit.value;
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label="Locks as a table">
      <table class="lock-table">
        <caption>Every lock on a table that others may be using</caption>
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Table</th>
            <th scope="col">Lock</th>
            <th scope="col">Who waits</th>
            <th scope="col">Held until</th>
            <th scope="col">Work meanwhile</th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, limit.value).map(({ column, lock }) => (
            <Line key={`${column.index} ${lock.relation}`} column={column} lock={lock} timeline={timeline} />
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <button type="button" class="more" onClick={() => (limit.value += page)}>
          Show {Math.min(hidden, page)} of {hidden} more
        </button>
      )}
    </div>
  );
}

function Line({ column, lock, timeline }: { column: Column; lock: Lock; timeline: Timeline }) {
  const { statement } = column;
  const range = { from: statement.start.offset, to: statement.end.offset };
  return (
    <tr data-skipped={column.skipped || undefined}>
      <td>
        <button
          type="button"
          class="go"
          onClick={() => jumpTo(range)}
          onFocus={() => (pointedAt.value = range)}
          onBlur={() => (pointedAt.value = null)}
          aria-label={`Line ${statement.start.line}, ${statement.kind ?? "statement"}`}
        >
          {statement.start.line}
        </button>
      </td>
      <th scope="row">{shortName(lock.relation)}</th>
      <td class="mode">{lock.mode}</td>
      <td data-blocks={lock.blocks}>{waits[lock.blocks]}</td>
      <td>{heldUntil(column, lock, timeline)}</td>
      <td>{workWords(statement).join(", ") || "none"}</td>
    </tr>
  );
}

function heldUntil(column: Column, lock: Lock, { rows, columns }: Timeline): string {
  if (column.skipped) return "never runs";
  if (column.gaveUp) return "gives up (55P03)";
  const bar = rows
    .find((it) => it.relation === lock.relation)
    ?.bars.findLast((it) => it.from <= column.index && column.index <= it.to);
  if (!bar || bar.to === column.index) return "the statement ends";
  return `line ${columns[bar.to]!.statement.start.line}`;
}
