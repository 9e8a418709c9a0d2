/** What there is to say about the link that brought the reader here. */
import { place } from "../hash";
import { result } from "../state";
import { linkSays, madeWith } from "../share/link";

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
  const here = result.value?.analysis.check.tool.version;
  if (place.value.kind !== "link" || !madeWith.value || !here || madeWith.value === here) return null;
  return (
    <p class="note">
      The link was made with Lockkeeper {madeWith.value}; this is {here}, which may find something else.
    </p>
  );
}
