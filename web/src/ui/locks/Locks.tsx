/** The panel that shows who waits when: the picture, what it assumes, and the same as a table. */
import { computed, signal } from "@preact/signals";
import type { Effects } from "../../contract";
import { plural } from "../../remarks";
import { text } from "../../files";
import { result } from "../../state";
import { rowsInWords } from "../../locks/scale";
import { strength } from "../../locks/modes";
import { speeds, timelineOf, type Scenario, type Timeline } from "../../locks/timeline";
import { shortName } from "../../locks/words";
import { Caption } from "./Caption";
import { LockTable } from "./LockTable";
import { Picture } from "./Picture";
import { Verdict } from "./Verdict";

/** The exponent of ten that the slider chooses. */
const magnitude = signal(6);
const split = signal(false);
type Busy = "nothing" | "report" | "writer";
const busy = signal<Busy>("nothing");
/** Seconds; null for none. Undefined while the reader has not chosen: then it is what the text sets. */
const chosenTimeout = signal<number | null | undefined>(undefined);

/** How long the other session goes on, in seconds. */
const busySeconds = 30;
const busyModes = { report: "ACCESS SHARE", writer: "ROW EXCLUSIVE" };

/** `SET lock_timeout = '2s'` in the text, in seconds. */
const writtenTimeout = computed(() => {
  const match = /\block_timeout\s*(?:=|\bto\b)\s*'?\s*(\d+)\s*(ms|s|min)?/i.exec(text.value);
  if (!match || Number(match[1]) === 0) return null;
  return Number(match[1]) * { ms: 0.001, s: 1, min: 60 }[(match[2] ?? "ms").toLowerCase() as "ms" | "s" | "min"];
});
const lockTimeout = computed(() => (chosenTimeout.value === undefined ? writtenTimeout.value : chosenTimeout.value));

/** The table that the other session uses: the one with the strongest lock that has to wait for it. */
function busyTable({ statements }: Effects): string | null {
  const locks = statements.filter((it) => !it.failure).flatMap((it) => it.locks.filter((lock) => !lock.new));
  const strongest = locks.reduce<(typeof locks)[number] | null>(
    (best, it) => (best && strength(best.mode) >= strength(it.mode) ? best : it),
    null,
  );
  return strongest?.relation ?? null;
}

function scenarioOf(effects: Effects): Scenario {
  const relation = busyTable(effects);
  const somebody = busy.value !== "nothing" && relation !== null;
  return {
    rows: 10 ** magnitude.value,
    split: split.value,
    busy: somebody ? { relation, mode: busyModes[busy.value as keyof typeof busyModes], seconds: busySeconds } : null,
    lockTimeout: lockTimeout.value,
  };
}

/** Who waits when, under what the reader assumes. */
export const pictured = (effects: Effects): Timeline => timelineOf(effects, scenarioOf(effects));

const timeline = computed((): Timeline | null => (result.value ? pictured(result.value.analysis.effects) : null));

/** More columns than this would be a picture that nobody can read. */
const drawn = 200;

export function Locks() {
  const shown = timeline.value;
  if (!shown) return null;
  if (shown.rows.length === 0) {
    return (
      <div class="clean">
        <h2>No gate is closed</h2>
        <p>No statement here locks a table that others may be using, so nobody waits.</p>
      </div>
    );
  }
  return (
    <div class="locks">
      <Verdict timeline={shown} />
      {shown.columns.length <= drawn ? (
        <>
          <Picture timeline={shown} />
          <Caption timeline={shown} />
        </>
      ) : (
        <p class="note">{plural(shown.columns.length, "statement")}: too many for a picture. The table has them all.</p>
      )}
      <Assumptions />
      <LockTable timeline={shown} />
    </div>
  );
}

function Assumptions() {
  const relation = busy.value === "nothing" || !result.value ? null : busyTable(result.value.analysis.effects);
  return (
    <fieldset class="assumptions">
      <legend>Assume</legend>
      <label class="range">
        <span>
          rows in each table <output>{rowsInWords(10 ** magnitude.value)}</output>
        </span>
        <input
          type="range"
          min="4"
          max="9"
          step="0.5"
          value={magnitude.value}
          aria-valuetext={rowsInWords(10 ** magnitude.value)}
          onInput={(event) => (magnitude.value = Number(event.currentTarget.value))}
        />
        <small>
          and a server that reads {rowsInWords(speeds.read)}, indexes {rowsInWords(speeds.index)} or rewrites{" "}
          {rowsInWords(speeds.rewrite)} rows a second; widths grow with the logarithm of the time
        </small>
      </label>
      <label>
        <span>already running</span>
        <select value={busy.value} onChange={(event) => (busy.value = event.currentTarget.value as Busy)}>
          <option value="nothing">nothing</option>
          <option value="report">a {busySeconds} s report (SELECT)</option>
          <option value="writer">a {busySeconds} s transaction that writes</option>
        </select>
      </label>
      {relation && (
        <label>
          <span>lock_timeout</span>
          <select
            value={lockTimeout.value ?? ""}
            onChange={(event) =>
              (chosenTimeout.value = event.currentTarget.value ? Number(event.currentTarget.value) : null)
            }
          >
            <option value="">none: wait for ever</option>
            {[...new Set([1, 2, 5, ...(writtenTimeout.value ? [writtenTimeout.value] : [])])]
              .sort((a, b) => a - b)
              .map((seconds) => (
                <option key={seconds} value={seconds}>
                  {seconds} s{seconds === writtenTimeout.value && ", as written"}
                </option>
              ))}
          </select>
        </label>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={split.value}
          onChange={(event) => (split.value = event.currentTarget.checked)}
        />
        <span>every statement commits by itself</span>
      </label>
      {relation && <small>The other session uses {shortName(relation)} from the start.</small>}
    </fieldset>
  );
}
