/** Who waits for the text as it stands, and who with the fixes: both as predicted, and as the Locks view assumes. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Effects } from "../../contract";
import type { Row, Timeline } from "../../locks/timeline";
import { effectsOn, postgres, result } from "../../state";
import { pictured } from "../locks/Locks";
import { Picture } from "../locks/Picture";
import { Verdict } from "../locks/Verdict";

/** With more columns or rows the two are not taken in at a glance. */
const columns = 60;
const rows = 6;

export function Gates({ fixed }: { fixed: string }) {
  const after = useSignal<Effects | null>(null);
  useEffect(() => {
    let stale = false;
    void effectsOn(postgres.peek(), fixed).then((it) => {
      if (it && !stale) after.value = it.own;
    });
    return () => {
      stale = true;
    };
  }, [fixed, result.value]);
  if (!after.value || !result.value) return null;
  const [old, fresh] = changed(pictured(result.value.analysis.effects), pictured(after.value));
  if (old.rows.length + fresh.rows.length === 0) return <p class="note">Who waits, and how long, stays the same.</p>;
  return (
    <div class="gates-pair">
      <Side title="As it stands" timeline={old} />
      <Side title="With the fixes" timeline={fresh} />
    </div>
  );
}

/** Both with the tables alone that are not closed as they were: what is closed, and for how long. */
function changed(...both: [Timeline, Timeline]): [Timeline, Timeline] {
  const closed = both.map(
    ({ rows, columns }) =>
      new Map(
        rows.map(({ relation, bars, work }) => [
          relation,
          JSON.stringify([
            bars.map(({ from, to, mode }) => [mode, columns.slice(from, to + 1).reduce((sum, it) => sum + it.work, 0)]),
            work.length,
          ]),
        ]),
      ),
  ) as [Map<string, string>, Map<string, string>];
  const differs = ({ relation }: Row) => closed[0].get(relation) !== closed[1].get(relation);
  return both.map((it) => ({ ...it, rows: it.rows.filter(differs) })) as [Timeline, Timeline];
}

function Side({ title, timeline }: { title: string; timeline: Timeline }) {
  const small = timeline.columns.length <= columns && timeline.rows.length <= rows;
  return (
    <figure>
      <figcaption>{title}</figcaption>
      {timeline.rows.length > 0 ? (
        <>
          <Verdict timeline={timeline} />
          {small && <Picture timeline={timeline} />}
        </>
      ) : (
        <p class="note">These tables stay open.</p>
      )}
    </figure>
  );
}
