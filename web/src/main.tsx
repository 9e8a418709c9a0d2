import { effect } from "@preact/signals";
import { render } from "preact";
import firstAnalysis from "virtual:first-analysis";
import { embedded } from "./embed";
import { examples } from "./examples";
import { defaultPostgres } from "./contract";
import { focusEditor, isEditorFocused, mountEditor } from "./editor/editor";
import { files, firstPath, replaceFiles, savedFiles, text, type File } from "./files";
import { place, type Place } from "./hash";
import "./keys";
import { workOffline } from "./offline/register";
import { followWantedRule } from "./share/focus";
import { openLink } from "./share/link";
import { conclude, config, connect, pending, postgres } from "./state";
import "./style/index.css";
import { App } from "./ui/App";
import { fetchViews } from "./ui/Later";

const migration = (text: string): File[] => [{ path: firstPath, text }];

/** The files that the address asks for; undefined when it asks for none. A link is read later, by the engine. */
function filesOf(wanted: Place): File[] | undefined {
  if (wanted.kind === "new" || wanted.kind === "link") return migration("");
  if (wanted.kind !== "example") return undefined;
  const example = examples.find((it) => it.id === wanted.id);
  return example && migration(example.sql);
}

const saved = embedded ? null : savedFiles();
const first = filesOf(place.value) ?? saved?.files ?? migration(examples[0].sql);
replaceFiles(first, saved?.active ?? firstPath);
connect();
// A new visitor already sees what the build has found in the first example, and need not see it go and come again.
if (files.value.length === 1 && text.value === examples[0].sql && postgres.value === defaultPostgres && !config.value)
  conclude(firstAnalysis);
// Before anybody can type: what the address asks for takes the place of all that is there.
effect(() => {
  const wanted = place.value;
  const asked = filesOf(wanted);
  if (wanted.kind === "link") void openLink(wanted.letters);
  else if (asked) replaceFiles(asked, firstPath);
});

/** Everything around the editor. To be drawn in its place it leaves the page for a moment, and so loses the focus. */
function draw() {
  const focused = isEditorFocused();
  render(<App />, document.body);
  if (focused) focusEditor();
  // Before, what is printed looks the same and does not answer: for tests, and for whoever measures.
  document.documentElement.dataset.drawn = "";
  // What is not in sight comes when the findings are there.
  effect(() => {
    if (!pending.value) fetchViews();
  });
  followWantedRule();
  workOffline();
}

// The editor first: the rest is printed in the page already, and can wait until one sees where to type.
const printed = document.getElementById("editor");
if (printed) {
  mountEditor(printed);
  afterFrame(draw);
} else draw();

/** Runs something when the next frame is drawn, and without frames, as in a tab that nobody sees, soon. */
function afterFrame(then: () => void) {
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    setTimeout(then);
  });
  const timer = setTimeout(() => {
    cancelAnimationFrame(frame);
    then();
  }, 100);
}
