/** What a real PostgreSQL did with the migration, beside what was predicted. */
import { jumpTo } from "../../editor/editor";
import { plural } from "../../remarks";
import { cancel, verifyOrAsk, verifyText } from "../../verify/run";
import {
  asked,
  before,
  confirmed,
  current,
  downloadMegabytes,
  run,
  running,
  runsHere,
  serverVersion,
  type Run,
  type Verified,
} from "../../verify/state";
import { result } from "../../state";
import { issueOf } from "../../verify/issue";
import { CopyButton, Sql } from "../Sql";
import { labelWords, Mark } from "./Mark";
import { whatItDid } from "./words";

export function Verify() {
  const shown = run.value;
  return (
    <div class="verify">
      {shown ? <State run={shown} /> : <Intro />}
      {asked.value && !running.value && !shown && <Question />}
      <div class="actions">
        {running.value ? (
          <button type="button" onClick={cancel}>
            Cancel
          </button>
        ) : (
          !(asked.value && !shown) && (
            <button
              type="button"
              class={current.value ? "" : "primary"}
              disabled={!runsHere.value}
              onClick={verifyOrAsk}
            >
              {shown ? "Run again" : `Run on PostgreSQL ${serverVersion}`}
            </button>
          )
        )}
      </div>
      {!runsHere.value && <p class="note">Only migrations run here.</p>}
      {shown && shown.verified.length > 0 && <Results run={shown} />}
    </div>
  );
}

function Intro() {
  return (
    <>
      <h2>Run it on a real PostgreSQL</h2>
      <p>
        A whole PostgreSQL {serverVersion} starts in this page, runs the migration statement by statement, and shows
        which locks each one really took, what it rewrote and what it read. Tables that nothing here creates are made
        up. Nothing leaves the browser.
      </p>
      <p class="note">
        It fetches about {downloadMegabytes} MB once and needs some 300 MB of memory while it runs. It has one
        connection: who would wait is known from the manual's table of conflicts, not tried out.
      </p>
    </>
  );
}

function Question() {
  return (
    <div class="ask" role="alertdialog" aria-label="Before it starts">
      <p>
        This fetches about {downloadMegabytes} MB and needs some 300 MB of memory, which may be much for this device.
      </p>
      <div class="actions">
        <button type="button" class="primary" onClick={verifyText}>
          Fetch and run
        </button>
        <button type="button" onClick={() => (asked.value = false)}>
          Not now
        </button>
      </div>
    </div>
  );
}

function State({ run }: { run: Run }) {
  const count = run.statements.length;
  switch (run.phase) {
    case "starting":
    case "downloading":
      return <Progress label={`Fetching PostgreSQL ${serverVersion}`} value={run.progress} />;
    case "booting":
      return <Progress label="Starting PostgreSQL" />;
    case "preparing":
      return <Progress label="Preparing the schema" value={run.progress || undefined} />;
    case "running":
      return (
        <Progress
          label={`Statement ${Math.min(run.verified.length + 1, count)} of ${count}`}
          value={run.verified.length / Math.max(1, count)}
        />
      );
    case "done":
      return <Done run={run} />;
    case "stopped":
      return <p role="status">Stopped after {plural(run.verified.length, "statement")}.</p>;
    case "failed":
      return (
        <div class="alert" role="alert">
          <p class="mistake">
            <strong>{run.reason}</strong>
          </p>
          {run.verified.length === 0 && <p>Nothing was measured; what is predicted stands as it is.</p>}
        </div>
      );
  }
}

function Progress({ label, value }: { label: string; value?: number }) {
  return (
    <div class="progress">
      <p role="status">{label}…</p>
      <progress value={value} aria-label={label} />
    </div>
  );
}

function Done({ run }: { run: Run }) {
  const otherwise = run.verified.filter((it) => it.judgement.label === "otherwise").length;
  return (
    <div role="status">
      <h2>
        {run.what === "fix" ? "With the fixes: " : ""}
        {otherwise > 0
          ? `PostgreSQL says otherwise about ${plural(otherwise, "statement")}`
          : `${confirmed(run.verified)} of ${plural(run.verified.length, "statement")} confirmed`}
      </h2>
      <p class="note">
        PostgreSQL {run.version}, {(run.milliseconds / 1000).toFixed(1)} s
        {!current.value && run.what === "text" && " · the text has changed since"}
      </p>
      {otherwise > 0 && (
        <>
          <p class="note">Then the prediction is wrong, and its makers want to know.</p>
          <p class="actions">
            <CopyButton
              text={() => issueOf(run, result.value?.analysis.check.tool.version ?? "")}
              label="Copy a report of it, with these statements"
            />
          </p>
        </>
      )}
      {run.what === "fix" && before.value && <Weaker before={before.value} after={run} />}
    </div>
  );
}

/** The strongest lock on each table, before and after. */
function Weaker({ before, after }: { before: Run; after: Run }) {
  const [old, fresh] = [whatItDid(before.verified), whatItDid(after.verified)];
  const relations = [...new Set([...old.keys(), ...fresh.keys()])].filter((it) => old.get(it) !== fresh.get(it));
  if (relations.length === 0) return <p>No lock is weaker than before.</p>;
  return (
    <table>
      <caption>Measured, before and after</caption>
      <thead>
        <tr>
          <th scope="col">Table</th>
          <th scope="col">As it stands</th>
          <th scope="col">With the fixes</th>
        </tr>
      </thead>
      <tbody>
        {relations.map((it) => (
          <tr key={it}>
            <th scope="row">{it}</th>
            <td>{old.get(it) ?? "no lock"}</td>
            <td>{fresh.get(it) ?? "no lock"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Results({ run }: { run: Run }) {
  return (
    <>
      {run.historyTrouble && (
        <p class="note">
          The history did not run to its end: {run.historyTrouble.refusal.sqlstate} {run.historyTrouble.refusal.message}
        </p>
      )}
      <ol class="verdicts">
        {run.verified.map((it, index) => (
          <Result key={index} verified={it} jumps={run.what === "text"} />
        ))}
      </ol>
      {run.madeUp.length > 0 && (
        <details>
          <summary>The schema that was made up</summary>
          <Sql sql={run.madeUp.flatMap((it) => it.commands.map((command) => `${command};`)).join("\n")} copy />
        </details>
      )}
    </>
  );
}

function Result({ verified: { statement, seen, judgement }, jumps }: { verified: Verified; jumps: boolean }) {
  const range = { from: statement.start.offset, to: statement.end.offset };
  const locks = seen.locks.filter((it) => !it.new && it.mode !== "ACCESS SHARE" && !"iI".includes(it.kind));
  return (
    <li data-label={judgement.label}>
      <Mark label={judgement.label} />
      <div>
        <p>
          {jumps ? (
            <button type="button" class="go" onClick={() => jumpTo(range)}>
              line {statement.start.line}
            </button>
          ) : (
            <span class="line">line {statement.start.line}</span>
          )}{" "}
          <b>{statement.kind ?? "not understood"}</b> <span class="label-words">{labelWords[judgement.label]}</span>
        </p>
        <p class="measured">
          {seen.refusal ? (
            <>
              refused: {seen.refusal.sqlstate} {seen.refusal.message}
            </>
          ) : (
            [
              ...locks.map((it) => `${it.relation.replace(/^public\./, "")} ${it.mode}`),
              ...seen.rewrites.map((it) => `rewrote ${it.replace(/^public\./, "")}`),
              ...seen.indexBuilds.map((it) => `built ${it.replace(/^public\./, "")}`),
              ...seen.scans.map((it) => `read every row of ${it.replace(/^public\./, "")}`),
            ].join(" · ") || "no lock on an existing table"
          )}
        </p>
        {judgement.reasons
          .filter((it) => it !== `${seen.refusal?.sqlstate} ${seen.refusal?.message}`)
          .map((it) => (
            <p class="note" key={it}>
              {it}
            </p>
          ))}
      </div>
    </li>
  );
}
