/** The engine failed. The text is never lost. */
import type { Trouble } from "../engine/linter";
import { text } from "../files";
import { fenced } from "../markdown";
import { restartEngine, trouble } from "../state";
import { CopyButton } from "./Sql";

const explanations: Record<Trouble["kind"], string> = {
  unavailable: "The engine could not start, so nothing is checked.",
  crashed: "The engine stopped at this text and was started again. The next change is checked.",
  stopped: "The check was stopped. The next change is checked.",
  "timed out": "The engine took too long for this text and was started again. The next change is checked.",
};

export function Alert() {
  if (!trouble.value) return null;
  const { kind, reason } = trouble.value;
  return (
    <div class="alert" role="alert">
      <p>
        <strong>{explanations[kind]}</strong> Your text is kept.
      </p>
      {reason && <p class="reason">{reason}</p>}
      {kind === "unavailable" && (
        <p>
          <button type="button" onClick={restartEngine}>
            Try again
          </button>{" "}
          On the command line: <code>lockkeeper check migration.sql</code>
        </p>
      )}
      {(kind === "crashed" || kind === "timed out") && (
        <p class="actions">
          <CopyButton
            text={() => `${kind}: ${reason}\n\n${fenced(text.peek(), "sql")}\n`}
            label="Copy a report of it, with the text"
          />
        </p>
      )}
    </div>
  );
}
