/** The views and dialogs that come after the findings: fetched when there is time, or when one of them is asked for. */
import { signal } from "@preact/signals";
import { place } from "../hash";
import { keysShown } from "../keys";
import { made } from "../share/share";

type Views = typeof import("./views");

const views = signal<Views | null>(null);
const failed = signal(false);
let fetching: Promise<void> | undefined;

/** Fetches them, once; again where that failed. */
export function fetchViews() {
  failed.value = false;
  fetching ??= import("./views").then(
    (it) => void (views.value = it),
    () => {
      fetching = undefined;
      failed.value = true;
    },
  );
}

type ViewName = Exclude<keyof Views, `${string}Dialog`>;

export function Later({ name }: { name: ViewName }) {
  if (failed.value)
    return (
      <div class="alert" role="alert">
        <p>This view could not be fetched.</p>
        <p>
          <button type="button" onClick={fetchViews}>
            Try again
          </button>
        </p>
      </div>
    );
  if (!views.value) {
    fetchViews();
    return <p class="starting">Reading…</p>;
  }
  const View = views.value[name];
  return <View />;
}

export function Dialogs() {
  const wanted = place.value.kind === "rule" || made.value.kind !== "closed" || keysShown.value;
  if (!views.value) {
    if (wanted && !failed.value) fetchViews();
    return null;
  }
  const { KeysDialog, RuleDialog, ShareDialog } = views.value;
  return (
    <>
      <RuleDialog />
      <ShareDialog />
      <KeysDialog />
    </>
  );
}
