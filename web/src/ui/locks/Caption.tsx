/** What the picture's marks mean, and what the statement at hand does. */
import { duration } from "../../locks/scale";
import type { Timeline } from "../../locks/timeline";
import { waits, shortName, workWords } from "../../locks/words";
import type { Blocks } from "../../contract";
import { currentStatement } from "../../state";
import { pointedAt } from "../../view";

const legend: Blocks[] = ["reads and writes", "writes", "schema changes"];

export function Caption({ timeline: { columns, rows } }: { timeline: Timeline }) {
  const pointed = pointedAt.value;
  const column =
    columns.find((it) => it.statement.start.offset === pointed?.from) ?? columns[currentStatement.value] ?? null;
  const queue = rows.some((it) => it.queues.length > 0);
  return (
    <>
      <ul class="legend">
        {legend.map((blocks) => (
          <li key={blocks} data-blocks={blocks}>
            <Swatch kind="bar" /> {waits[blocks]}
          </li>
        ))}
        <li>
          <Swatch kind="work" /> work that grows with the rows
        </li>
        {queue && (
          <li>
            <Swatch kind="queue" /> queue behind the waiting statement
          </li>
        )}
        {queue && (
          <li>
            <Swatch kind="busy" /> the other session
          </li>
        )}
      </ul>
      {column && (
        <p class="pointed">
          <span class="line">line {column.statement.start.line}</span>{" "}
          <b>{column.statement.kind ?? "not understood"}</b>
          {column.statement.failure ? (
            <> is refused: {column.statement.failure.sqlstate}</>
          ) : (
            <>
              {column.statement.locks
                .filter((it) => !it.new)
                .map((lock) => (
                  <span key={lock.relation}>
                    {" · "}
                    {shortName(lock.relation)} <span class="mode">{lock.mode}</span>
                  </span>
                ))}
              {workWords(column.statement).map((it) => ` · ${it}`)} · {duration(column.work)}
            </>
          )}
        </p>
      )}
    </>
  );
}

function Swatch({ kind }: { kind: "bar" | "work" | "queue" | "busy" }) {
  return (
    <svg class={`swatch ${kind}`} width="20" height="10" viewBox="0 0 20 10" aria-hidden="true">
      {kind === "busy" ? (
        <path class="busy" d="M0 5H20" />
      ) : (
        <>
          <rect class="shape" width="20" height="10" rx="2" />
          {kind !== "bar" && <rect width="20" height="10" rx="2" fill={`url(#${kind})`} />}
        </>
      )}
    </svg>
  );
}
