/** What one statement does to the tables, in one row. */
import type { StatementEffects } from "../contract";
import { shortName, waits, workWords } from "../locks/words";
import type { Verified } from "../verify/state";
import { Lanes } from "./icons";
import { labelWords, Mark } from "./verify/Mark";

/** Locks that fit into a row; the rest is counted. */
const shown = 4;

/** Nobody waits for work on a table that is new. */
export function lensIsEmpty({ locks, failure }: StatementEffects): boolean {
  return !failure && locks.every((it) => it.new);
}

interface Props {
  statement: StatementEffects;
  verified: Verified | undefined;
  /** Its turn among the statements that stand at the same place, from 1 on. */
  turn?: number | null;
}

export function Lens({ statement, verified, turn }: Props) {
  const { failure } = statement;
  const which = turn && (
    <span class="which">
      {turn}. {statement.kind ?? "not understood"}
    </span>
  );
  const locks = statement.locks.filter((it) => !it.new);
  if (failure) {
    return (
      <>
        {which}
        <b class="refused">{failure.caused_by === null ? "refused" : "fails with the one before"}</b>
        <span>
          {failure.sqlstate} {failure.message}
        </span>
        <Tick verified={verified} />
      </>
    );
  }
  return (
    <>
      {which}
      {locks.slice(0, shown).map((lock) => (
        <span class="lock" data-blocks={lock.blocks} key={lock.relation}>
          <Lanes blocks={lock.blocks} />
          <b>{shortName(lock.relation)}</b> <span class="mode">{lock.mode}</span> {waits[lock.blocks]}
        </span>
      ))}
      {locks.length > shown && <span>and {locks.length - shown} more</span>}
      {workWords(statement).map((words) => (
        <span class="work" key={words}>
          {words}
        </span>
      ))}
      <Tick verified={verified} />
    </>
  );
}

/** What the server in the page said of it. */
function Tick({ verified }: { verified: Verified | undefined }) {
  if (!verified) return null;
  const { label, reasons } = verified.judgement;
  return (
    <span class="tick" title={reasons.join("; ")}>
      <Mark label={label} /> {label === "assumed" ? "verified, assumed schema" : labelWords[label]}
    </span>
  );
}
