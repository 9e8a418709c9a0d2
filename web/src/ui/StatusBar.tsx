/** What was found, in numbers; announced only when the numbers change. */
import { computed } from "@preact/signals";
import { embedded } from "../embed";
import { linkToThis } from "../share/link";
import { keysShown } from "../keys";
import { countWords, plural } from "../remarks";
import ruleCount from "virtual:rule-count";
import { confirmed, current, run } from "../verify/state";
import { blank, remarks, result, trouble } from "../state";

const verdict = computed(() => {
  if (blank.value) return "nothing to check";
  if (trouble.value) return "not checked";
  if (!result.value) return "reading";
  return countWords(remarks.value).join(", ") || "no findings";
});

/** From the frame on somebody's page to the page itself, with what is in the frame. */
function OpenWhole() {
  const open = async (event: MouseEvent) => {
    event.preventDefault();
    window.open(`./#${await linkToThis()}`, "_blank", "noopener");
  };
  return (
    <a class="privacy" href={`./${location.hash}`} target="_blank" rel="noopener" onClick={(event) => void open(event)}>
      Open in Lockkeeper
    </a>
  );
}

/** What the real server said of this text, as long as it is this text. */
function Confirmed() {
  if (!current.value || run.value?.phase !== "done") return null;
  const { verified, version } = run.value;
  return (
    <span>
      {confirmed(verified)} of {verified.length} verified on {version}
    </span>
  );
}

export function StatusBar() {
  const shown = blank.value ? null : result.value;
  return (
    <footer>
      <strong role="status">{verdict}</strong>
      {shown && (
        <>
          <span>{plural(shown.analysis.check.summary.statements, "statement")}</span>
          <span class="wide">{plural(ruleCount, "rule")}</span>
          <span class="wide">PostgreSQL {shown.analysis.check.postgres}</span>
          <Confirmed />
          {shown.milliseconds > 0 && <span>{shown.milliseconds.toFixed(shown.milliseconds < 10 ? 1 : 0)} ms</span>}
        </>
      )}
      {remarks.value.length > 0 && (
        <button type="button" class="wide" onClick={() => (keysShown.value = true)}>
          <kbd>F8</kbd> next finding, <kbd>?</kbd> more keys
        </button>
      )}
      {embedded ? <OpenWhole /> : <span class="privacy wide">runs in your browser; nothing is sent</span>}
    </footer>
  );
}
