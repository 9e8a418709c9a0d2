/**
 * The timeline as a drawing. Each table has three lanes – reads, writes, schema changes – and a lane is closed from the
 * statement that takes the lock to the end of its transaction.
 */
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { jumpTo } from "../../editor/editor";
import { duration, places, type Place } from "../../locks/scale";
import type { Bar, Column, Row, Timeline } from "../../locks/timeline";
import { closedLanes, shortName } from "../../locks/words";
import { currentStatement } from "../../state";
import { pointedAt } from "../../view";

const lane = 8;
const gap = 3;
const rowHeight = 3 * lane + 2 * gap + 22;
const top = 44;
/** A column of this width has room for its time. */
const roomy = 46;
const lanes = ["reads", "writes", "DDL"];

const laneY = (row: number, at: number) => top + row * rowHeight + 11 + at * (lane + gap);

export function Picture({ timeline }: { timeline: Timeline }) {
  const { columns, rows } = timeline;
  const width = useSignal(0);
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => (width.value = Math.floor(entry!.contentRect.width)));
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);
  const at = places(columns, width.value);
  const right = at.at(-1)?.end ?? 0;
  const height = top + rows.length * rowHeight;
  return (
    <div class="picture">
      <div class="names" aria-hidden="true">
        <div class="corner">line</div>
        {rows.map((row) => (
          <div class="name" key={row.relation}>
            <b title={row.relation}>{shortName(row.relation)}</b>
            <ul>
              {lanes.map((it) => (
                <li key={it}>{it}</li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      <div class="scroller" ref={scroller}>
        {/* The table below says the same. */}
        <svg width={right} height={height} viewBox={`0 0 ${right} ${height}`} aria-hidden="true">
          <Patterns />
          <Axis timeline={timeline} at={at} />
          {rows.map((row, index) => (
            <RowView key={row.relation} row={row} index={index} columns={columns} at={at} right={right} />
          ))}
          {columns.map((column, index) => (
            <Target key={index} column={column} place={at[index]!} height={height} />
          ))}
        </svg>
      </div>
    </div>
  );
}

/** Hatching for work, dots for a queue. */
function Patterns() {
  return (
    <defs>
      <pattern id="work" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0v6" class="hatch" />
      </pattern>
      <pattern id="queue" width="6" height="6" patternUnits="userSpaceOnUse">
        <circle cx="3" cy="3" r="1.5" class="dots" />
      </pattern>
    </defs>
  );
}

/** The line of each statement, how long it works, and a bracket over those of one transaction. */
function Axis({ timeline: { columns, spans }, at }: { timeline: Timeline; at: Place[] }) {
  return (
    <g class="axis">
      {spans
        .filter((it) => it.explicit)
        .map(({ from, to }) => (
          <path key={from} class="bracket" d={`M${at[from]!.x + 3} 8V4H${at[to]!.end - 3}V8`} />
        ))}
      {columns.map(({ statement, gaveUp, skipped, work }, index) => {
        const { start, end } = at[index]!;
        const middle = (start + end) / 2;
        return (
          <g key={index}>
            <text x={middle} y="22" data-skipped={skipped || undefined}>
              {gaveUp ? "55P03" : statement.start.line}
            </text>
            {!skipped && work >= 0.1 && end - start >= roomy && (
              <text class="time" x={middle} y="37">
                {duration(work)}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

interface RowProps {
  row: Row;
  index: number;
  columns: Column[];
  at: Place[];
  right: number;
}

function RowView({ row, index, columns, at, right }: RowProps) {
  const busyEnd = row.busyUntil < 0 ? 0 : (at[row.busyUntil]?.start ?? 0);
  return (
    <g>
      <path class="divider" d={`M0 ${top + index * rowHeight + 0.5}H${right}`} />
      {lanes.map((_, lane) => (
        <Lane key={lane} y={laneY(index, lane)} right={right} />
      ))}
      {row.bars.map((bar) => (
        <BarView key={bar.from} bar={bar} row={row} index={index} columns={columns} at={at} />
      ))}
      {row.queues.map(({ column, blocks }) => (
        <g key={column} class="queue" data-blocks={blocks}>
          {closedLanes[blocks].map(
            (closed, lane) =>
              closed && (
                <Box key={lane} y={laneY(index, lane)} from={at[column]!.x} to={at[column]!.start} fill="url(#queue)" />
              ),
          )}
        </g>
      ))}
      {busyEnd > 0 && <path class="busy" d={`M0 ${laneY(index, 0) - 5}H${busyEnd}`} />}
    </g>
  );
}

const Lane = ({ y, right }: { y: number; right: number }) => <path class="lane" d={`M0 ${y + lane / 2}H${right}`} />;

function BarView({
  bar,
  row,
  index,
  columns,
  at,
}: {
  bar: Bar;
  row: Row;
  index: number;
  columns: Column[];
  at: Place[];
}) {
  // Taken when the wait is over, released when the last statement ends.
  const from = at[bar.from]!.start;
  const to = at[bar.to]!.end - 3;
  const work = row.work.filter((it) => bar.from <= it && it <= bar.to && columns[it]!.work > 0);
  return (
    <g class="bar" data-blocks={bar.blocks}>
      {closedLanes[bar.blocks].map(
        (closed, lane) =>
          closed && (
            <g key={lane}>
              <Box y={laneY(index, lane)} from={from + 2} to={to} />
              {work.map((it) => (
                <Box key={it} y={laneY(index, lane)} from={at[it]!.start + 2} to={at[it]!.end - 3} fill="url(#work)" />
              ))}
            </g>
          ),
      )}
    </g>
  );
}

const Box = ({ y, from, to, fill }: { y: number; from: number; to: number; fill?: string }) => (
  <rect x={from} y={y} width={Math.max(0, to - from)} height={lane} rx="2" fill={fill} />
);

/** Pointing at a column marks its statement in the text; a click goes there. */
function Target({ column, place, height }: { column: Column; place: Place; height: number }) {
  const { statement, index } = column;
  const range = { from: statement.start.offset, to: statement.end.offset };
  return (
    <rect
      class="target"
      data-current={index === currentStatement.value || undefined}
      x={place.x}
      y="0"
      width={place.end - place.x}
      height={height}
      onPointerEnter={() => (pointedAt.value = range)}
      onPointerLeave={() => (pointedAt.value = null)}
      onClick={() => jumpTo(range)}
    />
  );
}
