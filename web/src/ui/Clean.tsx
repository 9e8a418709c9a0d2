/** No findings is an answer too: it says what was looked at, and what was taken for granted. */
import type { Analysis } from "../contract";
import { shortName, strongestLock, waits } from "../locks/words";
import { runNow } from "../keys";
import { plural } from "../remarks";
import ruleCount from "virtual:rule-count";
import { serverVersion } from "../verify/state";
import { CheckIcon } from "./icons";

export function Clean({ analysis: { check, effects } }: { analysis: Analysis }) {
  const strongest = strongestLock(effects.statements);
  const assumed = new Set(effects.statements.flatMap((it) => it.assumed));
  return (
    <div class="clean">
      <CheckIcon />
      <h2>{strongest && strongest.blocks !== "schema changes" ? "Nothing to report" : "The gates stay open"}</h2>
      <p>
        {plural(check.summary.statements, "statement")} held against {plural(ruleCount, "rule")}, as PostgreSQL{" "}
        {check.postgres} would run them.
      </p>
      <p>
        {strongest ? (
          <>
            The strongest lock on an existing table is <b class="mode">{strongest.mode}</b> on{" "}
            <code>{shortName(strongest.relation)}</code>: {waits[strongest.blocks]}.
          </>
        ) : (
          "No existing table is locked: nobody waits."
        )}
      </p>
      <div class="actions">
        <button type="button" onClick={runNow}>
          Run it on PostgreSQL {serverVersion}
        </button>
      </div>
      {assumed.size > 0 && <p class="assumed">Assumed: {[...assumed].join("; ")}.</p>}
    </div>
  );
}
