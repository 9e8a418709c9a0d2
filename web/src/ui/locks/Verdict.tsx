/** The picture in one or two sentences. */
import { duration } from "../../locks/scale";
import { closedTo, shortName } from "../../locks/words";
import type { Bar, Row, Timeline } from "../../locks/timeline";

const ranks = { "reads and writes": 2, writes: 1, "schema changes": 0 };

interface Closed {
  row: Row;
  bar: Bar;
  seconds: number;
}

export function Verdict({ timeline }: { timeline: Timeline }) {
  const worst = worstBar(timeline);
  const { columns } = timeline;
  const waiting = columns.find((it) => it.wait > 0);
  return (
    <div class="verdict">
      {worst && <Worst {...worst} timeline={timeline} />}
      {waiting && (
        <p>
          Line {waiting.statement.start.line} waits for the other session{" "}
          {waiting.gaveUp ? (
            <>
              and gives up after {duration(waiting.wait)} (55P03). Whoever queued behind it goes on; nothing has
              changed, and the migration can try again.
            </>
          ) : (
            <>
              for {duration(waiting.wait)}, and every request that conflicts with its own waits in the queue behind it.
            </>
          )}
        </p>
      )}
    </div>
  );
}

function Worst({ row, bar, seconds, timeline: { columns } }: Closed & { timeline: Timeline }) {
  const [first, last] = [columns[bar.from]!.statement, columns[bar.to]!.statement];
  return (
    <p>
      <code>{shortName(row.relation)}</code> is <b data-blocks={bar.blocks}>{closedTo[bar.blocks]}</b>{" "}
      {bar.from === bar.to ? (
        <>while line {first.start.line} runs</>
      ) : (
        <>
          from line {first.start.line} to the end of the transaction, line {last.start.line}
        </>
      )}
      {seconds >= 0.1 ? <>: {duration(seconds)} with these rows.</> : <>: an instant, however many rows there are.</>}
    </p>
  );
}

/** The strongest lock that is held longest. */
function worstBar({ rows, columns }: Timeline): Closed | null {
  const seconds = ({ from, to }: Bar) =>
    columns.slice(from, to + 1).reduce((sum, it, at) => sum + it.work + (at > 0 ? it.wait : 0), 0);
  const all = rows.flatMap((row) => row.bars.map((bar): Closed => ({ row, bar, seconds: seconds(bar) })));
  // A gate that is closed for an instant is no worse than a weaker one that is closed for minutes.
  const weight = ({ bar, seconds }: Closed) =>
    ranks[bar.blocks] * (seconds > 0.1 ? 10 : 1) + Math.min(seconds, 1e6) / 1e6;
  return all.reduce<Closed | null>((worst, it) => (worst && weight(worst) >= weight(it) ? worst : it), null);
}
