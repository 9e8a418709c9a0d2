/** What there is to say about the link that brought the reader here. */
import { place } from "../hash";
import { result } from "../state";
import { linkSays, madeWith } from "../share/link";
import { countsInWords } from "../versions";

export function LinkNotice() {
  const says = linkSays.value;
  if (says?.kind === "opening") return <p class="starting">Opening the link…</p>;
  if (says?.kind === "failed") {
    return (
      <div class="alert" role="alert">
        <p>
          <strong>The link cannot be opened:</strong> {says.reason}.
        </p>
      </div>
    );
  }
  const check = result.value?.analysis.check;
  if (place.value.kind !== "link" || !madeWith.value || !check) return null;
  const { version, found } = madeWith.value;
  const here = check.tool.version;
  const finds = countsInWords(check.summary) || "nothing";
  if (version === here && (found === null || found === finds)) return null;
  return (
    <p class="note made-with">
      The link was made with Lockkeeper {version}
      {found === null
        ? `; this is ${here}, which may find something else.`
        : found === finds
          ? `; this is ${here}, which finds the same.`
          : `, which found ${found}; this is ${here}, which finds ${finds}.`}
    </p>
  );
}
