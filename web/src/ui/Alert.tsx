/** The engine failed. The text is never lost. */
import type { Trouble } from "../engine/linter";
import { restartEngine, trouble } from "../state";

const explanations: Record<Trouble["kind"], string> = {
  unavailable: "The engine could not start, so nothing is checked.",
  crashed: "The engine stopped at this text and was started again. The next change is checked.",
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
      <p class="reason">{reason}</p>
      {kind === "unavailable" && (
        <p>
          <button type="button" onClick={restartEngine}>
            Try again
          </button>{" "}
          On the command line: <code>lockkeeper check migration.sql</code>
        </p>
      )}
    </div>
  );
}
